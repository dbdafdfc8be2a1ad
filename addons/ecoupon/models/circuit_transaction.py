from odoo import models


class CircuitTransaction(models.Model):
    """Uses of coupons are counted under the coupon's lock: this index finds them."""

    _inherit = "circuit.transaction"

    _coupon_idx = models.Index("(instrument_id) WHERE instrument_model = 'ecoupon.coupon'")
