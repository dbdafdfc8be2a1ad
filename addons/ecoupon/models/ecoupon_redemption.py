from odoo import fields, models


class EcouponRedemption(models.Model):
    """What one captured use of a coupon, or its reversal, means between the members: written once, in the sale's own
    database transaction (R-000-20 … R-000-26). Reversals are negative."""

    _name = "ecoupon.redemption"
    _description = "Coupon redemption"
    _order = "id desc"
    _rec_name = "transaction_id"

    transaction_id = fields.Many2one("circuit.transaction", required=True, readonly=True, ondelete="restrict")
    origin_id = fields.Many2one("ecoupon.redemption", "Reverses", readonly=True, index="btree_not_null")
    kind = fields.Selection([("payment", "Spent"), ("refund", "Reversed")], required=True, readonly=True)
    at = fields.Datetime(required=True, readonly=True, index=True)
    day = fields.Date(required=True, readonly=True, help="Local day of the circuit.")
    circuit_id = fields.Many2one("circuit.circuit", required=True, readonly=True, index=True, ondelete="restrict")
    company_id = fields.Many2one("res.company", required=True, readonly=True, index=True)
    currency_id = fields.Many2one("res.currency", required=True, readonly=True)
    campaign_id = fields.Many2one("ecoupon.campaign", required=True, readonly=True, index=True, ondelete="restrict")
    coupon_id = fields.Many2one("ecoupon.coupon", required=True, readonly=True, index=True, ondelete="restrict")
    issuer_id = fields.Many2one("res.partner", required=True, readonly=True, index=True, ondelete="restrict")
    acceptor_id = fields.Many2one("res.partner", required=True, readonly=True, index=True, ondelete="restrict")
    distributor_id = fields.Many2one("res.partner", readonly=True, index="btree_not_null", ondelete="restrict")
    sponsor_id = fields.Many2one("res.partner", readonly=True, index="btree_not_null", ondelete="restrict")
    place_id = fields.Many2one("circuit.place", readonly=True, ondelete="restrict")
    category_id = fields.Many2one("circuit.category", "Macro-category", readonly=True, ondelete="restrict")
    area = fields.Selection([("public", "Public"), ("reserved", "Reserved area")], required=True, readonly=True)
    purchase = fields.Monetary(readonly=True)
    discount = fields.Monetary(readonly=True, help="Granted to the citizen.")
    owed = fields.Monetary("Owed to the shop", readonly=True, help="0 when the issuer accepts its own coupon.")
    sponsor_amount = fields.Monetary("Of which the sponsor's", readonly=True)
    commission = fields.Monetary(readonly=True)
    commission_terms_id = fields.Many2one("ecoupon.commission", readonly=True, ondelete="restrict")

    _transaction_unique = models.Constraint("UNIQUE (transaction_id)", "A transaction is cleared once.")
    _month_idx = models.Index("(issuer_id, day)")
    _acceptor_idx = models.Index("(acceptor_id, day)")
