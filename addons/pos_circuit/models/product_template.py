from odoo import api, fields, models


class ProductTemplate(models.Model):
    _inherit = "product.template"

    circuit_activity_id = fields.Many2one(
        "circuit.activity",
        help="What is sold: decides whether a circuit card may pay it. Empty: the merchant's main activity.",
    )
    circuit_open_price = fields.Boolean(
        string="Ask the Amount at the Till",
        help="The till opens a keypad for the amount as soon as the product is chosen.",
    )

    @api.model
    def _load_pos_data_fields(self, config):
        return [*super()._load_pos_data_fields(config), "circuit_open_price"]

    def write(self, vals):
        result = super().write(vals)
        if "circuit_activity_id" in vals:
            self.env.registry.clear_cache()
        return result
