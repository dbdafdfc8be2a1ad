from odoo import fields, models


class EcouponCoupon(models.Model):
    """One coupon: a code nobody can guess. The database keeps a random number and a digest; the code itself is made
    of the number and the server's secret whenever its holder looks at it. How often it was used is counted from the
    transactions, so that whatever ends a transaction gives the use back."""

    _name = "ecoupon.coupon"
    _description = "Coupon"
    _order = "id desc"

    campaign_id = fields.Many2one("ecoupon.campaign", required=True, readonly=True, index=True, ondelete="restrict")
    circuit_id = fields.Many2one(related="campaign_id.circuit_id", store=True, index=True)
    issuer_id = fields.Many2one(related="campaign_id.issuer_id", store=True, index=True)
    company_id = fields.Many2one("res.company", required=True, readonly=True, index=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    nonce = fields.Char(required=True, readonly=True, groups="base.group_system")
    digest = fields.Char(required=True, readonly=True, groups="base.group_system")
    holder_id = fields.Many2one("res.partner", readonly=True, index="btree_not_null", ondelete="restrict")
    distributor_id = fields.Many2one(
        "res.partner", "Handed out by", readonly=True, index="btree_not_null", ondelete="restrict"
    )
    place_id = fields.Many2one("circuit.place", "Handed out at", readonly=True, ondelete="restrict")
    batch_ref = fields.Char("Batch", readonly=True, index="btree_not_null")
    request_key = fields.Char(readonly=True, index="btree_not_null", groups="base.group_system")
    issued_at = fields.Datetime(required=True, readonly=True)
    taken_at = fields.Datetime(readonly=True, help="When somebody got it; empty for codes only printed.")
    valid_from = fields.Datetime(required=True, readonly=True)
    expires_at = fields.Datetime(required=True, readonly=True)
    uses = fields.Integer("Uses allowed", required=True, readonly=True)
    cancelled_at = fields.Datetime(readonly=True)

    _digest_unique = models.Constraint("UNIQUE (digest)", "Two coupons cannot have the same code.")
    _uses = models.Constraint("CHECK (uses > 0)", "A coupon can be used once at least.")
    _holder_idx = models.Index("(campaign_id, holder_id)")
