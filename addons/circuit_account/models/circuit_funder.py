from odoo import fields, models


class CircuitFunder(models.Model):
    """Where the money of a funder stands in the general ledger (design 4.3, R-004-96)."""

    _inherit = "circuit.funder"

    liability_account_id = fields.Many2one(
        "account.account",
        "Credit of the citizens",
        check_company=True,
        help="What the public body owes to the holders of credit: a credit raises it, a payment at a shop lowers it.",
    )
    contribution_account_id = fields.Many2one(
        "account.account",
        "Contributions",
        check_company=True,
        help="What the credits cost the public body; credit that expires comes back here.",
    )
    merchant_account_id = fields.Many2one(
        "account.account",
        "Owed to shops, not yet billed",
        check_company=True,
        domain="[('reconcile', '=', True)]",
        help="What shops were paid with, until the bill of their monthly statement takes its place.",
    )
    journal_id = fields.Many2one(
        "account.journal",
        "Journal",
        check_company=True,
        domain="[('type', '=', 'general')]",
        help="Credits, payments at the shops and expiries are booked here.",
    )
