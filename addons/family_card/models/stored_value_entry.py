from odoo import fields, models


class StoredValueEntry(models.Model):
    _inherit = "stored.value.entry"

    account_code = fields.Char("Account code", related="account_id.scheme_line_id.code")
