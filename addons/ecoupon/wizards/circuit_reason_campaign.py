from odoo import fields, models


class CircuitReason(models.TransientModel):
    """Asks why a campaign is refused or stopped, or coupons are cancelled."""

    _inherit = "circuit.reason"

    step = fields.Selection(
        selection_add=[
            ("refuse_campaign", "Refuse the campaign"),
            ("stop_campaign", "Stop the campaign"),
            ("cancel_coupons", "Cancel coupons that were not used"),
            ("cancel_batch", "Cancel the codes of a batch that were not used"),
        ],
        ondelete={
            "refuse_campaign": "cascade",
            "stop_campaign": "cascade",
            "cancel_coupons": "cascade",
            "cancel_batch": "cascade",
        },
    )
    campaign_id = fields.Many2one("ecoupon.campaign", readonly=True)
    coupon_ids = fields.Many2many("ecoupon.coupon", "circuit_reason_coupon_rel", readonly=True)
    coupon_batch_id = fields.Many2one("ecoupon.batch", "Batch", readonly=True)

    def _steps(self, reason):
        return super()._steps(reason) | {
            "refuse_campaign": lambda: self.campaign_id._refuse(reason),
            "stop_campaign": lambda: self.campaign_id._stop(reason),
            "cancel_batch": lambda: self.coupon_batch_id._cancel(reason),
            "cancel_coupons": lambda: self.coupon_ids.action_cancelled(reason),
        }
