from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from odoo.addons.ecoupon.rules import coupon_code
from odoo.addons.stored_value.tools import read_committed


class EcouponCoupon(models.Model):
    """A citizen's own coupons (R-000-05). Called with the rights of the system: citizens read no model."""

    _inherit = "ecoupon.coupon"

    @api.model
    def _mine(self, partner):
        """All coupons of a citizen, wherever they come from, the one that ends first before the others (R-000-05).

        :param partner: res.partner
        :return: ecoupon.coupon
        """
        return self.search([("holder_id", "=", partner.id)], order="expires_at, id")

    @api.model
    def _claim(self, text, partner):
        """Put a coupon somebody was handed on paper into their list (R-000-05).

        :param str text: the code as typed
        :param partner: res.partner
        :return: ecoupon.coupon, empty when there is none of this code: the caller keeps the guess
        :raises UserError: too many codes tried, no code at all, somebody else's, used up, too many, or for entitled citizens only
        """
        code = coupon_code.normalise(text.strip().upper())
        if not code:
            raise UserError(self._unknown_code())
        self.env["ecoupon.code.try"]._must_wait()
        # of two who add one coupon at once the second one finds the holder; of two coupons of one campaign, the first
        read_committed(self.env)
        rows = self.env.execute_query(
            SQL("SELECT id FROM ecoupon_coupon WHERE digest = %s FOR NO KEY UPDATE", coupon_code.digest(code))
        )
        coupon = self.browse([row[0] for row in rows])
        if not coupon or coupon.cancelled_at:
            return self.browse()
        coupon.invalidate_recordset()
        if coupon.holder_id == partner:
            return coupon
        coupon._check_claim(partner)
        coupon.write({"holder_id": partner.id, "taken_at": coupon.taken_at or fields.Datetime.now()})
        return coupon

    def _unknown_code(self):
        """What whoever typed a wrong code is told."""
        return self.env._(
            "No coupon has this code. Check the 16 characters after EC; capitals and hyphens do not matter."
        )

    def _check_claim(self, partner):
        """:raises UserError: this citizen cannot have this coupon"""
        campaign, now = self.campaign_id, fields.Datetime.now()
        if self.holder_id:
            raise UserError(self.env._("This coupon is in somebody else's list already."))
        if self.state != "available" or self.expires_at <= now:
            raise UserError(self.env._("This coupon was used or has ended: there is nothing to keep."))
        if campaign._is_reserved() and not self.env["ecoupon.entitlement"]._holds(
            partner, campaign.circuit_id, campaign.circuit_id._local_day(), campaign.policy_ids
        ):
            raise UserError(self.env._("This coupon is for entitled citizens only. See the reserved area."))
        # two coupons of one campaign added at once: the second one counts the first
        self.env.cr.execute(SQL("SELECT 1 FROM ecoupon_campaign WHERE id = %s FOR NO KEY UPDATE", campaign.id))
        if campaign.per_person and len(campaign._held_by(partner)) >= campaign.per_person:
            raise UserError(self.env._("You have as many of these coupons as one person gets."))
