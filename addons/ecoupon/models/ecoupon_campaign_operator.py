from odoo import models


class EcouponCampaign(models.Model):
    """Nothing is published in a circuit that nobody runs (R-000-01)."""

    _inherit = "ecoupon.campaign"

    def _issuer_problems(self):
        """Who runs the circuit, before who issues."""
        operator = self.circuit_id._operator_at(self.circuit_id._local_today())
        if not operator:
            yield self.env._("The circuit has no operator today. Name one in the circuit, under Operators.")
        elif not operator.commercial_partner_id.is_company:
            yield self.env._("%s is a person: the operator of a circuit of coupons is a company.", operator.name)
        yield from super()._issuer_problems()
