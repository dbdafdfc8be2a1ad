from odoo import fields, models


class CircuitFunder(models.Model):
    _inherit = "circuit.funder"

    kind = fields.Selection(selection_add=[("clearing", "Clearing of coupons")], ondelete={"clearing": "cascade"})
