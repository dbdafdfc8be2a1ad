from odoo import fields, models


class CircuitCircuit(models.Model):
    """What a circuit of coupons decides once for all campaigns."""

    _inherit = "circuit.circuit"

    territory_state_ids = fields.Many2many(
        "res.country.state",
        "circuit_territory_state_rel",
        string="Territory",
        help="Provinces of the Region. What a coupon of a shop buys must be bought or usable in one of them; web shops"
        " have no territory. Guidelines, R-000-29, R-000-30, B06.",
    )
    coupon_stacking = fields.Selection(
        [
            ("best", "Only one coupon counts"),
            ("sum", "Each on the full price"),
            ("sequence", "Each on what the one before left"),
        ],
        "Coupons on one purchase",
        required=True,
        default="best",
        help="What happens when two coupons are shown for one purchase. Guidelines, R-000-12, B03.",
    )
    reserved_level = fields.Selection(
        [
            ("password", "Password"),
            ("second_factor", "Password and second factor, or passkey"),
            ("oidc", "SPID level 2 or CIE"),
        ],
        "Login of the reserved area",
        required=True,
        default="second_factor",
        help="Weakest login that opens the extra discounts and the wallet. Guidelines, R-000-19, B07.",
    )
    wallet_unit = fields.Selection(
        [("eur", "EUR"), ("points", "Points")],
        "Unit of the wallet",
        required=True,
        default="eur",
        help="Points are shown with their value; the ledger keeps EUR. Guidelines, R-000-16, B05.",
    )
    point_value = fields.Float(
        "Value of a point",
        digits=(8, 4),
        default=0.01,
        help="EUR of one point, where the wallet is in points. Guidelines, B05.",
    )
    policy_ids = fields.Many2many(
        "ecoupon.policy",
        "circuit_policy_rel",
        string="Policies it supports",
        help="Reports filter on them (R-000-36).",
    )
    commission_ids = fields.One2many("ecoupon.commission", "circuit_id")
    campaign_ids = fields.One2many("ecoupon.campaign", "circuit_id")

    _point_value = models.Constraint("CHECK (point_value > 0)", "A point is worth more than nothing.")
