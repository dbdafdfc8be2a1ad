from odoo import fields, models

from .circuit_reconciliation_item import KINDS


class CircuitReconciliationLine(models.Model):
    """Both ledgers on one day, of one kind of account, as of the last check. Written in SQL, a check at a time."""

    _name = "circuit.reconciliation.line"
    _description = "Day of the reconciliation"
    _order = "day desc, account_code, id"
    _rec_name = "day"
    _log_access = False

    reconciliation_id = fields.Many2one(
        "circuit.reconciliation", required=True, readonly=True, index=True, ondelete="cascade"
    )
    funder_id = fields.Many2one("circuit.funder", required=True, readonly=True, index=True, ondelete="cascade")
    kind = fields.Selection(KINDS, "What", required=True, readonly=True)
    company_id = fields.Many2one("res.company", required=True, readonly=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    account_code = fields.Char(
        "Account",
        readonly=True,
        help="Macro-category of the credit, or of the shop; empty: the journal entry does not say.",
    )
    day = fields.Date(required=True, readonly=True, help="Local day of the entry, and date of the journal entry.")
    ledger = fields.Monetary(
        "In the circuit",
        readonly=True,
        help="Entries of the stored-value ledger; or payments at the shops, less what was billed of them.",
    )
    books = fields.Monetary(
        "In the books", readonly=True, help="Posted journal items on the account of the general ledger."
    )
    difference = fields.Monetary(
        readonly=True,
    )
    other_day = fields.Monetary(
        "Booked on another day", readonly=True, help="Here of one day, in the books of another: zero over all days."
    )
    holds = fields.Monetary(
        "Held at tills",
        readonly=True,
        help="Taken from the account, not yet confirmed by the shop; and what came back of it, perhaps days later.",
    )
    payments = fields.Monetary("Payments not booked", readonly=True, help="Confirmed payments and returns.")
    credits = fields.Monetary("Credits not booked", readonly=True, help="Credits, and credits taken back.")
    expiries = fields.Monetary("Expiries not booked", readonly=True)
    manual = fields.Monetary(
        "Entries made by hand",
        readonly=True,
        help="Journal entries on the account that book nothing of the stored-value ledger; less when they add credit.",
    )
    unexplained = fields.Monetary(readonly=True, help="What none of the other columns says: must be 0.00.")
    unexplained_count = fields.Integer(
        "Unexplained items", readonly=True, help="Those that cancel each other out included."
    )

    def action_items(self):
        """Click on a day: what makes its difference.

        :return: window action
        """
        self.ensure_one()
        return self.reconciliation_id._items_action(
            [("day", "=", self.day), ("account_code", "=", self.account_code or False)]
        )
