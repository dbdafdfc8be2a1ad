from odoo import api, models


class CircuitTill(models.AbstractModel):
    _inherit = "circuit.till"

    @api.model
    def _instruments(self):
        """Add the Family Card to what a till accepts."""
        return super()._instruments() + ["family.card"]
