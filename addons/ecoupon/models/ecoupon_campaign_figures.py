from odoo import fields, models
from odoo.tools import SQL


class EcouponCampaign(models.Model):
    """How a campaign goes, told by its coupons and redemptions."""

    _inherit = "ecoupon.campaign"

    coupon_count = fields.Integer("Coupons", compute="_compute_figures")
    taken_count = fields.Integer("Coupons taken", compute="_compute_figures")
    spent_count = fields.Integer("Coupons spent", compute="_compute_figures")
    discount_total = fields.Monetary("Discounts granted", compute="_compute_figures")
    left_count = fields.Integer("Left", compute="_compute_figures", help="-1: no limit.")

    def _compute_figures(self):
        """By their rows; no stored field changes with them."""
        # sudo: numbers only; the operator may not read who holds a coupon
        coupons = self.env["ecoupon.coupon"].sudo()
        made = dict(
            coupons._read_group(
                [("campaign_id", "in", self.ids), ("cancelled_at", "=", False)], ["campaign_id"], ["__count"]
            )
        )
        taken = dict(
            coupons._read_group(
                [("campaign_id", "in", self.ids), ("cancelled_at", "=", False), ("taken_at", "!=", False)],
                ["campaign_id"],
                ["__count"],
            )
        )
        self.env["ecoupon.redemption"].flush_model()
        spent = {
            campaign: (count, discount)
            for campaign, count, discount in self.env.execute_query(
                SQL(
                    """
                    SELECT campaign_id, count(*) FILTER (WHERE left_of_it > 0), sum(left_of_it)
                      FROM (SELECT campaign_id, coalesce(origin_id, id) AS use, sum(discount) AS left_of_it
                              FROM ecoupon_redemption WHERE campaign_id = ANY(%s) GROUP BY 1, 2) AS uses
                     GROUP BY 1
                    """,
                    self.ids,
                )
            )
        }
        for campaign in self:
            campaign.spent_count, campaign.discount_total = spent.get(campaign._origin.id, (0, 0))
            campaign.coupon_count = made.get(campaign._origin, 0)
            campaign.taken_count = taken.get(campaign._origin, 0)
            left = max(campaign.quantity - campaign.coupon_count, 0)
            campaign.left_count = left if campaign.quantity else -1
