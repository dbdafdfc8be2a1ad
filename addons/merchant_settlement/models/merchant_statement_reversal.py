from odoo import models
from odoo.exceptions import UserError
from odoo.tools import SQL

from .merchant_statement_approval import APPROVER


class MerchantStatement(models.Model):
    """Payments reversed while their statement waits to be paid: taken off that very statement (R-004-84)."""

    _inherit = "merchant.statement"

    def _in_window(self):
        """Whether what the office reverses today is taken off this statement: the days before it may be paid are not
        over, the money is not on its way, and no later statement builds on it.

        :return: bool
        """
        self.ensure_one()
        if self.state in ("paying", "paid", "carried") or self._today() >= self.pay_from:
            return False
        return not self.search_count(
            [
                ("merchant_id", "=", self.merchant_id.id),
                ("funder_id", "=", self.funder_id.id),
                ("month", ">", self.month),
            ],
            limit=1,
        )

    def _take_reversals(self, reason):
        """Make this statement again with the reversals of its own payments; signature, check and bill do not count any
        more, and it is sent anew.

        :param str reason: why, as the merchant reads it
        :raise AccessError: no approver
        :raise UserError: its window is over
        """
        self.ensure_one()
        self._claim(APPROVER)
        own = self.sudo()  # sudo: written by this step only, after the check of the group
        if not own._in_window():
            raise UserError(
                self.env._(
                    "%s cannot change any more: the reversal is taken off the next statement.",
                    self._state_words()["statement"],
                )
            )
        if self.state in ("signed", "checked", "approved"):
            self.action_return(reason)
        own.env.flush_all()
        own._add_reversals()
        own.source_ids.unlink()
        own._settle(own.terms_id, own.run_id._law(own.terms_id))
        own._refresh_exceptions()
        own.message_post(body=self.env._("Made again with what was reversed: %s", reason))

    def _add_reversals(self):
        """Write a negative line for every refund of a payment of this statement that is in no statement yet."""
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO merchant_statement_line (statement_id, company_id, sequence, kind, transaction_id,
                    reference, captured_at, holder_mask, category_id, amount, origin_reference, origin_month, hash)
                SELECT statement_id, company_id, sequence, 'correction', transaction_id, reference, captured_at,
                       holder_mask, category_id, amount, origin_reference, origin_month,
                       merchant_statement_line_hash(name, sequence, 'correction', transaction_id, reference,
                                                    captured_at, holder_mask, category_id, amount, origin_reference,
                                                    origin_month)
                  FROM (SELECT s.id AS statement_id, s.name, s.company_id, r.id AS transaction_id, r.reference,
                               r.captured_at, r.holder_mask, r.category_id, -r.amount AS amount,
                               l.reference AS origin_reference, s.month AS origin_month,
                               ((SELECT max(sequence) FROM merchant_statement_line m WHERE m.statement_id = s.id)
                                + row_number() OVER (ORDER BY r.captured_at, r.id))::integer AS sequence
                          FROM merchant_statement s
                          JOIN merchant_statement_line l ON l.statement_id = s.id AND l.kind = 'payment'
                          JOIN circuit_transaction r ON r.origin_id = l.transaction_id AND r.kind = 'refund'
                           AND r.state = 'captured'
                         WHERE s.id = %s
                           AND NOT EXISTS (SELECT 1 FROM merchant_statement_line x WHERE x.transaction_id = r.id)) AS v
                """,
                self.id,
            )
        )
        self.invalidate_recordset(["line_ids"])
