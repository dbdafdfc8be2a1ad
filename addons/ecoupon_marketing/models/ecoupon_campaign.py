from odoo import fields, models
from odoo.exceptions import AccessError, UserError


class EcouponCampaign(models.Model):
    """The Region and the office put campaigns first in the public catalogue (R-000-34)."""

    _inherit = "ecoupon.campaign"

    featured = fields.Boolean(tracking=True)

    def action_feature(self):
        """Button: the campaign is shown first in the public catalogue (R-000-34).

        :raise AccessError: neither the Region's people nor the office
        :raise UserError: it is not published, or reserved
        """
        self._check_promoter()
        for campaign in self:
            if campaign.state != "published" or campaign._is_reserved():
                raise UserError(self.env._("%s: only a published public campaign is shown first.", campaign.name))
        self.sudo().featured = True  # sudo: the Region writes nothing else of a campaign

    def action_unfeature(self):
        """Button: the campaign is shown among the others.

        :raise AccessError: neither the Region's people nor the office
        """
        self._check_promoter()
        self.sudo().featured = False  # sudo: as above

    def _check_promoter(self):
        """:raise AccessError: neither the Region's people nor the office"""
        self.check_access("read")
        user = self.env.user
        if not (user.has_group("ecoupon.group_region") or user.has_group("merchant_circuit.group_officer")):
            raise AccessError(self.env._("Only the Region and the office that runs the circuit promote campaigns."))
