from odoo import fields, models
from odoo.tools import SQL


class EcouponCoupon(models.Model):
    """Coupons that were bought with a wallet and are taken back: the citizen's money is there again (R-000-16)."""

    _inherit = "ecoupon.coupon"

    def _take_back(self, reason):
        """Cancel, and give back what the coupons cost."""
        cancelled = super()._take_back(reason)
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                "SELECT ecoupon_wallet_unbuy(%s::integer[], %s, %s, %s)",
                cancelled.ids,
                fields.Datetime.now(),
                self.env._("Given back: %s", ", ".join(set(cancelled.campaign_id.mapped("name")))),
                self.env.uid,
            )
        )
        self.env["stored.value.account"]._forget()
        return cancelled
