from odoo import models
from odoo.exceptions import UserError


class EcouponCampaign(models.Model):
    """Nothing is published in a circuit that nobody runs, and no coupon leaves a campaign whose issuer has no valid
    commitment (R-000-01, R-000-02, R-000-03)."""

    _inherit = "ecoupon.campaign"

    def _issuer_problems(self):
        """Who runs the circuit, before who issues."""
        operator = self.circuit_id._operator_at(self.circuit_id._local_today())
        if not operator:
            yield self.env._("The circuit has no operator today. Name one in the circuit, under Operators.")
        elif not operator.commercial_partner_id.is_company:
            yield self.env._("%s is a person: the operator of a circuit of coupons is a company.", operator.name)
        yield from super()._issuer_problems()

    def _make(self, count, holder=None, place=None, distributor=None, batch_ref=None):
        """Make coupons, as long as the issuer may issue; those in people's hands stay good.

        :raise UserError: it may not now
        """
        # sudo: the issuer's agreement, for whoever takes a coupon
        if not self.sudo().issuer_agreement_id._acts("issue"):
            raise UserError(self.env._("No coupons of “%s” are handed out at the moment.", self.name))
        return super()._make(count, holder, place, distributor, batch_ref)
