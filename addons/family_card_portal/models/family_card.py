from odoo import models
from odoo.tools import SQL


class FamilyCard(models.Model):
    """What a citizen's area shows of a card, beside its balance."""

    _inherit = "family.card"

    def _area_coming(self, at):
        """Credit that was given and cannot be spent yet, by account (R-004-33).

        :param datetime at: naive UTC
        :return: list of dict label, amount (str), available_from, expires_at (naive UTC or None)
        """
        self.ensure_one()
        self.env.flush_all()
        return self.env.execute_query_dict(
            SQL(
                """
                SELECT s.code AS label, l.remaining::text AS amount, l.available_from, l.expires_at
                  FROM stored_value_lot l
                  JOIN stored_value_account a ON a.id = l.account_id
                  JOIN family_card_scheme_line s ON s.id = a.scheme_line_id
                 WHERE a.card_id = %s AND l.remaining > 0 AND l.available_from > %s
                 ORDER BY l.available_from, s.sequence, l.id
                """,
                self.id,
                at,
            )
        )

    def _area_movement_count(self):
        """How many movements :meth:`_area_movements` can show."""
        self.ensure_one()
        self.env.flush_all()
        [(count,)] = self.env.execute_query(
            SQL(
                """
                SELECT count(DISTINCT (e.operation, e.kind, e.account_id))
                  FROM stored_value_entry e JOIN stored_value_account a ON a.id = e.account_id
                 WHERE a.card_id = %s
                """,
                self.id,
            )
        )
        return count

    def _area_movements(self, limit, offset=0):
        """Movements of the card, the newest first; what one operation took from several lots is one of them.

        :param int limit: how many
        :param int offset: how many to leave out
        :return: list of dict kind, label (account), amount and balance (str), at (naive UTC), memo, reference, merchant_id,
            by_code
        """
        self.ensure_one()
        self.env.flush_all()
        return self.env.execute_query_dict(
            SQL(
                """
                SELECT e.kind, s.code AS label, sum(e.amount)::text AS amount, min(e.occurred_at) AS at,
                       (array_agg(e.balance_after ORDER BY e.sequence DESC))[1]::text AS balance,
                       max(e.memo) AS memo, max(t.reference) AS reference, max(t.merchant_id) AS merchant_id,
                       bool_or(t.by_code) AS by_code
                  FROM stored_value_entry e
                  JOIN stored_value_account a ON a.id = e.account_id
                  JOIN family_card_scheme_line s ON s.id = a.scheme_line_id
                  LEFT JOIN circuit_transaction t ON t.key = e.operation
                 WHERE a.card_id = %s
                 GROUP BY e.operation, e.kind, e.account_id, s.code
                 ORDER BY max(e.occurred_at) DESC, max(e.id) DESC LIMIT %s OFFSET %s
                """,
                self.id,
                limit,
                offset,
            )
        )
