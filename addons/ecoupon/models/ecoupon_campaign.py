from odoo import fields, models


class EcouponCampaign(models.Model):
    """A discount that an issuer pays for: what it is worth, on which goods, where, for whom, how many, until when."""

    _name = "ecoupon.campaign"
    _description = "Coupon campaign"
    _inherit = ["own.fields", "mail.thread", "mail.activity.mixin"]
    _order = "featured desc, valid_from desc, id desc"

    name = fields.Char(required=True, tracking=True, translate=True)
    description = fields.Text(translate=True)
    image = fields.Image(max_width=1024, max_height=1024)
    circuit_id = fields.Many2one("circuit.circuit", required=True, index=True, ondelete="restrict", tracking=True)
    company_id = fields.Many2one(related="circuit_id.company_id", store=True, index=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    issuer_agreement_id = fields.Many2one(
        "circuit.agreement", "Issuer's agreement", required=True, index=True, ondelete="restrict", tracking=True
    )
    issuer_id = fields.Many2one(related="issuer_agreement_id.merchant_id", store=True, index=True, string="Issuer")
    sponsor_id = fields.Many2one(
        "res.partner", ondelete="restrict", tracking=True, help="Pays a share of the discount (B04), e.g. the Region."
    )
    sponsor_share = fields.Float("Sponsor's share (%)", digits=(5, 2), tracking=True)
    state = fields.Selection(
        [
            ("draft", "Draft"),
            ("proposed", "To be approved"),
            ("published", "Published"),
            ("refused", "Refused"),
            ("stopped", "Stopped"),
            ("ended", "Ended"),
        ],
        default="draft",
        required=True,
        readonly=True,
        copy=False,
        tracking=True,
        index=True,
    )
    state_reason = fields.Char("Why refused or stopped", readonly=True, copy=False, tracking=True)
    decided_by_id = fields.Many2one("res.users", "Decided by", readonly=True, copy=False)
    decided_at = fields.Datetime(readonly=True, copy=False)

    # worth
    kind = fields.Selection(
        [("fixed", "Fixed amount"), ("percent", "Percentage")], required=True, default="fixed", tracking=True
    )
    amount = fields.Monetary(tracking=True, help="Taken off at most this much; what the goods cost less is lost.")
    percent = fields.Float("Percentage", digits=(5, 2), tracking=True, help="Of the eligible lines, VAT included.")
    max_discount = fields.Monetary("Maximum discount", tracking=True, help="0: no limit.")
    min_purchase = fields.Monetary("Minimum purchase", tracking=True, help="Eligible goods of at least this much.")
    goods_ids = fields.Many2many(
        "circuit.activity", "ecoupon_campaign_activity_rel", help="Empty: all goods of the shop."
    )
    alone = fields.Boolean("Never with another coupon", tracking=True)

    # where
    accept = fields.Selection(
        [("issuer", "At the issuer only"), ("listed", "At the shops listed"), ("all", "At every shop of the circuit")],
        "Spent",
        required=True,
        default="issuer",
        tracking=True,
    )
    accept_merchant_ids = fields.Many2many("res.partner", "ecoupon_campaign_accept_rel", string="Shops listed")
    accept_category_ids = fields.Many2many(
        "circuit.category", "ecoupon_campaign_category_rel", string="Macro-categories listed"
    )
    place_ids = fields.Many2many(
        "circuit.place",
        "ecoupon_campaign_place_rel",
        string="Places",
        help="Where the goods are bought or the service is used; one of them at least must be in the territory or a web"
        " shop (R-000-29, R-000-30).",
    )
    prize_reference = fields.Char(
        "Prize regulation",
        tracking=True,
        help="Number of the prize promotion, when coupons are earned at one member and spent at another (DPR 430/2001).",
    )

    # how one gets it
    obtain = fields.Selection(
        [
            ("taken", "Taken on the web"),
            ("earned", "Handed out by members"),
            ("printed", "Printed codes"),
            ("exchanged", "Bought with the wallet"),
        ],
        "How one gets it",
        required=True,
        default="taken",
        tracking=True,
    )
    distributor_ids = fields.Many2many("circuit.agreement", "ecoupon_campaign_distributor_rel", string="Handed out by")
    wallet_price = fields.Monetary("Price in the wallet", tracking=True)
    area = fields.Selection(
        [("public", "Public"), ("reserved", "Reserved area")], required=True, default="public", tracking=True
    )
    policy_ids = fields.Many2many(
        "ecoupon.policy", "ecoupon_campaign_policy_rel", string="For whom", help="Empty: every entitled citizen."
    )
    quantity = fields.Integer("Coupons in all", tracking=True, help="Coupons at most; 0: no limit.")
    per_person = fields.Integer(
        "Coupons a person", default=1, tracking=True, help="Coupons a person at most; 0: no limit."
    )
    uses = fields.Integer("Uses a coupon", default=1, required=True, tracking=True)

    # when
    publish_from = fields.Datetime(tracking=True, help="Shown and handed out from here; empty: at once.")
    publish_to = fields.Datetime(tracking=True, help="No longer handed out from here; empty: until it ends.")
    valid_from = fields.Datetime(required=True, tracking=True, default=fields.Datetime.now)
    valid_to = fields.Datetime(required=True, tracking=True, help="Not accepted from this instant on.")
    valid_days = fields.Integer("Days from taking it", tracking=True, help="0: as long as the campaign.")
    featured = fields.Boolean(help="Shown first in the catalogue (R-000-34).")
    coupon_ids = fields.One2many("ecoupon.coupon", "campaign_id")

    _kind = models.Constraint(
        "CHECK ((kind = 'fixed' AND coalesce(amount, 0) > 0)"
        " OR (kind = 'percent' AND coalesce(percent, 0) > 0 AND percent <= 100))",
        "A fixed coupon needs an amount above zero, a percentage is above 0 and at most 100.",
    )
    _amounts = models.Constraint(
        "CHECK (max_discount >= 0 AND min_purchase >= 0 AND wallet_price >= 0)", "Amounts are not negative."
    )
    _counts = models.Constraint(
        "CHECK (quantity >= 0 AND per_person >= 0 AND uses BETWEEN 1 AND 1000 AND valid_days >= 0)",
        "Quantities are not negative, and a coupon is used between 1 and 1000 times.",
    )
    _dates = models.Constraint("CHECK (valid_to > valid_from)", "The campaign ends before it begins.")
    _publish_dates = models.Constraint(
        "CHECK (publish_to IS NULL OR publish_from IS NULL OR publish_to > publish_from)",
        "The publication ends before it begins.",
    )
    _sponsor = models.Constraint(
        "CHECK (coalesce(sponsor_share, 0) BETWEEN 0 AND 100"
        " AND (coalesce(sponsor_share, 0) = 0 OR sponsor_id IS NOT NULL))",
        "The sponsor's share is a percentage between 0 and 100, and needs a sponsor.",
    )

    def _own_fields(self):
        return super()._own_fields() | {"state", "state_reason", "decided_by_id", "decided_at"}
