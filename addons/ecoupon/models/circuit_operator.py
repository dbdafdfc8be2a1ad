from odoo import api, models
from odoo.exceptions import ValidationError


class CircuitOperator(models.Model):
    """A circuit with coupons in people's hands always has an operator (R-000-01)."""

    _inherit = "circuit.operator"

    @api.constrains("operator_id", "circuit_id")
    def _check_coupons(self):
        """:raise ValidationError: nobody would run a circuit of published campaigns"""
        for line in self.filtered(lambda line: not line.operator_id):
            # sudo: whether there are any, for whoever names operators
            if line.sudo().circuit_id.campaign_ids.filtered(lambda campaign: campaign.state == "published"):
                raise ValidationError(
                    self.env._("%s has published campaigns: name who runs it from that day on.", line.circuit_id.name)
                )
