from odoo import api, models


class CircuitTill(models.AbstractModel):
    _inherit = "circuit.till"

    @api.model
    def _instruments(self):
        """Add coupons and wallets to what a till accepts; first, for their forms are no other instrument's."""
        return ["ecoupon.coupon", "ecoupon.wallet", *super()._instruments()]

    @api.model
    def _reducing(self):
        """Coupons come off a purchase before the card's rules look at it (H16)."""
        return [*super()._reducing(), "ecoupon.coupon"]
