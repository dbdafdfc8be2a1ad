from odoo import fields, models


class BarcodeRule(models.Model):
    _inherit = "barcode.rule"

    type = fields.Selection(
        selection_add=[("fiscal_code", "Fiscal code"), ("circuit_card", "Circuit card")],
        ondelete={"fiscal_code": "set default", "circuit_card": "set default"},
    )
