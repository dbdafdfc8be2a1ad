from decimal import Decimal

from odoo import models
from odoo.tools import SQL

from .circuit_funder import CLEARING


class MerchantStatement(models.Model):
    """One document a month for the coupons of all issuers, with what each of them owes (R-000-21). In the digest an
    issuer is its id below zero."""

    _inherit = "merchant.statement"

    def _funds(self):
        """As before; statements of the clearing by the issuers of the coupons, and what was carried in from where it
        came then."""
        funds = super()._funds()
        clearing = self.filtered(lambda statement: statement.funder_id.kind == CLEARING)
        for statement in clearing:
            funds.pop(statement.id, None)
        rows = self.env.execute_query(
            SQL(
                """
                SELECT statement_id, key, sum(amount)::text
                  FROM (SELECT l.statement_id, -r.issuer_id AS key, l.amount
                          FROM merchant_statement_line l
                          JOIN ecoupon_redemption r ON r.transaction_id = l.transaction_id
                         WHERE l.statement_id = ANY(%(ids)s)
                        UNION ALL
                        SELECT s.id, %(key)s, merchant_statement_source.amount
                          FROM merchant_statement s
                          JOIN LATERAL (SELECT b.id, b.total FROM merchant_statement b
                                         WHERE b.merchant_id = s.merchant_id AND b.funder_id = s.funder_id
                                           AND b.month < s.month ORDER BY b.month DESC LIMIT 1) AS before
                            ON before.total < 0
                          JOIN merchant_statement_source ON merchant_statement_source.statement_id = before.id
                         WHERE s.id = ANY(%(ids)s)) AS v
                 GROUP BY 1, 2 HAVING sum(amount) <> 0 ORDER BY 1, 2
                """,
                ids=clearing.ids,
                key=self._source_key(),
            )
        )
        for statement, key, amount in rows:
            funds.setdefault(statement, []).append((key, Decimal(amount)))
        return funds

    def _source_key(self):
        return SQL("coalesce(fund_id, -merchant_statement_source.issuer_id, 0)")

    def _write_sources(self, sources):
        """As before; those below zero are issuers."""
        super()._write_sources([source for source in sources if (source[1] or 0) >= 0])
        issuers = [source for source in sources if (source[1] or 0) < 0]
        if not issuers:
            return
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO merchant_statement_source (statement_id, company_id, issuer_id, amount,
                                                       create_uid, create_date, write_uid, write_date)
                SELECT s.id, s.company_id, -v.issuer, v.amount, %s, now() AT TIME ZONE 'UTC', %s,
                       now() AT TIME ZONE 'UTC'
                  FROM unnest(%s::int[], %s::int[], %s::numeric[]) WITH ORDINALITY AS v(statement, issuer, amount, n)
                  JOIN merchant_statement s ON s.id = v.statement
                 ORDER BY v.n
                """,
                self.env.uid,
                self.env.uid,
                *[list(column) for column in zip(*issuers, strict=True)],
            )
        )

    def _verify_ledger(self):
        """Coupons have no account: what the shop is owed stands in their redemption."""
        return SQL(
            "SELECT CASE WHEN t.account_id IS NULL"
            " THEN (SELECT r.owed FROM ecoupon_redemption r WHERE r.transaction_id = t.id)"
            " ELSE (%s) END AS amount",
            super()._verify_ledger(),
        )
