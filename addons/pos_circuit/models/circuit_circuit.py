from odoo import fields, models


class CircuitCircuit(models.Model):
    _inherit = "circuit.circuit"

    liability_account_id = fields.Many2one(
        "account.account",
        string="Card Liability Account",
        check_company=True,
        help="What the public body owes to the holders of credit. The closing of a merchant's session"
        " debits it and credits the merchant's payable account.",
    )
