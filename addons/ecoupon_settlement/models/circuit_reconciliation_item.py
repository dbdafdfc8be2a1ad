from odoo import api, models
from odoo.tools import SQL

from odoo.addons.circuit_account.models.circuit_reconciliation_item import ABOVE, MOVED

# apart from every id of a funder: these items are of coupons
COUPONS = 4096 * ABOVE


class CircuitReconciliationItem(models.Model):
    """The clearing of coupons: what issuers owe and was not invoiced yet, beside the books (R-000-20, R-000-21). Coupons
    have no account in the stored-value ledger: their redemptions are what the books must say."""

    _inherit = "circuit.reconciliation.item"

    @api.model
    def _debts(self):
        """Add what coupons make their issuers owe."""
        return SQL(
            """
            %(debts)s
             UNION ALL
            SELECT %(coupons)s::bigint + 8 * x.id::bigint + 4, 'credit', x.funder_id, x.company_id, NULL::varchar,
                   x.day, x.amount, NULL::integer, x.id, x.move_id, x.booked_on,
                   CASE WHEN x.booked_on = x.day THEN 'same'
                        WHEN x.booked_on IS NOT NULL THEN 'other_day' ELSE 'payment' END
              FROM (
                    SELECT x.id, x.funder_id, x.company_id, -r.owed AS amount,
                           (x.captured_at AT TIME ZONE 'UTC' AT TIME ZONE c.tz)::date AS day, x.move_id,
                           m.date AS booked_on
                      FROM circuit_transaction x
                      JOIN ecoupon_redemption r ON r.transaction_id = x.id
                      JOIN circuit_funder f ON f.id = x.funder_id
                      JOIN circuit_circuit c ON c.id = f.circuit_id
                      LEFT JOIN account_move m ON m.id = x.move_id AND m.state = 'posted'
                     WHERE x.state = 'captured' AND x.account_id IS NULL
                   ) x
            """,
            debts=super()._debts(),
            coupons=COUPONS,
        )

    @api.model
    def _transactions(self):
        """Add captured coupons whose redemption is missing or says another amount."""
        return SQL(
            """
            %(transactions)s
             UNION ALL
            SELECT %(coupons)s::bigint + 8 * x.id::bigint + 2, 'credit', x.funder_id, x.company_id, NULL::varchar,
                   (x.captured_at AT TIME ZONE 'UTC' AT TIME ZONE c.tz)::date, 'unexplained', 0,
                   %(moved)s + coalesce(r.owed, 0), -%(moved)s - coalesce(r.owed, 0), NULL::integer, x.id, x.move_id
              FROM circuit_transaction x
              JOIN circuit_funder f ON f.id = x.funder_id
              JOIN circuit_circuit c ON c.id = f.circuit_id
              LEFT JOIN ecoupon_redemption r ON r.transaction_id = x.id
             WHERE x.state = 'captured' AND x.account_id IS NULL AND %(moved)s + coalesce(r.owed, 0) <> 0
            """,
            transactions=super()._transactions(),
            coupons=COUPONS,
            moved=MOVED,
        )

    @api.model
    def _of_credit(self):
        """Add what entries and invoices of coupons must have on the account of the issuers."""
        return SQL(
            """
            %(before)s
             UNION ALL
            SELECT x.move_id, x.funder_id, sum(%(moved)s) FROM circuit_transaction x
             WHERE x.move_id IS NOT NULL AND x.state = 'captured' AND x.account_id IS NULL
             GROUP BY x.move_id, x.funder_id
             UNION ALL
            %(invoiced)s
            """,
            before=super()._of_credit(),
            moved=MOVED,
            invoiced=self._invoiced(),
        )

    @api.model
    def _invoiced(self):
        """What invoices took over of what issuers owe.

        :return: SQL of move_id, funder_id, amount (EUR)
        """
        return SQL(
            """
            SELECT i.move_id, c.clearing_funder_id AS funder_id, sum(i.amount) AS amount
              FROM ecoupon_invoice_item i JOIN circuit_circuit c ON c.id = i.circuit_id
             WHERE i.part <> 'commission' AND i.move_id IS NOT NULL
             GROUP BY 1, 2
            """
        )

    @api.model
    def _rest(self):
        """Add the invoices."""
        return SQL(
            """
            %(rest)s
             UNION ALL
            SELECT 8 * b.move_id::bigint + 7 + b.funder_id * %(above)s::bigint, 'credit', b.funder_id, m.company_id,
                   NULL::varchar, m.date, 'same', b.amount, b.amount, 0, NULL::integer, NULL::integer, b.move_id
              FROM (%(invoiced)s) b JOIN account_move m ON m.id = b.move_id AND m.state = 'posted'
            """,
            rest=super()._rest(),
            above=ABOVE,
            invoiced=self._invoiced(),
        )
