from odoo import fields, models


class ResPartner(models.Model):
    _inherit = "res.partner"

    sign_phone = fields.Char(
        "Telephone that signs",
        help="Codes that sign the merchant's statements go to this number, which only the office enters; empty: to the"
        " contact's own number (R-004-97).",
    )
