from odoo import api, fields, models


class EcouponCampaign(models.Model):
    """Tells in time that shops cannot be paid for a campaign's coupons yet (R-000-20, R-000-24)."""

    _inherit = "ecoupon.campaign"

    books_missing = fields.Char(
        "Missing in the books",
        compute="_compute_books_missing",
        help="What the clearing's books lack; empty for coupons of the issuer alone.",
    )

    @api.depends("accept", "circuit_id")
    def _compute_books_missing(self):
        for campaign in self:
            # sudo: whoever sees the campaign may know that the office has something to enter, not what was entered
            funder = campaign.sudo().circuit_id.clearing_funder_id
            if not funder or campaign.accept == "issuer":
                campaign.books_missing = False
            else:
                campaign.books_missing = funder._missing_books() or funder._missing_invoicing()
