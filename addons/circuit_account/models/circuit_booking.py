from odoo import fields, models


class CircuitBooking(models.Model):
    """Which journal entry booked a credit, an expiry or a take-back of the stored-value ledger. Rows are written by the
    booking alone, in bulk; the ledger's own entries are never touched (R-004-92)."""

    _name = "circuit.booking"
    _description = "Booked ledger entry"
    _order = "id desc"
    _rec_name = "entry_id"
    _log_access = False  # who and when stand on the journal entry

    entry_id = fields.Many2one("stored.value.entry", "Ledger entry", required=True, readonly=True, ondelete="restrict")
    funder_id = fields.Many2one("circuit.funder", required=True, readonly=True, index=True, ondelete="restrict")
    move_id = fields.Many2one(
        "account.move", "Journal entry", required=True, readonly=True, index=True, ondelete="restrict"
    )
    company_id = fields.Many2one("res.company", required=True, readonly=True, index=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    account_id = fields.Many2one(related="entry_id.account_id", string="Account")
    kind = fields.Selection(related="entry_id.kind")
    occurred_at = fields.Datetime(related="entry_id.occurred_at", string="Date")
    amount = fields.Monetary(related="entry_id.amount")
    date = fields.Date(related="move_id.date", string="Booked on")

    _entry_unique = models.Constraint("UNIQUE (entry_id)", "A ledger entry is booked once.")
