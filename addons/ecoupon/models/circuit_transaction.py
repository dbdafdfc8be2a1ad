from odoo import api, models


class CircuitTransaction(models.Model):
    """Uses of coupons are counted under the coupon's lock: this index finds them."""

    _inherit = "circuit.transaction"

    _coupon_idx = models.Index("(instrument_id) WHERE instrument_model = 'ecoupon.coupon'")

    @api.model
    def _forget(self):
        """What became of a coupon is told by its transactions."""
        self.env["ecoupon.coupon"].invalidate_model(["state", "used_count"], flush=False)
        return super()._forget()
