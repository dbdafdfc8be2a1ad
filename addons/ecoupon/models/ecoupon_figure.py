from odoo import fields, models
from odoo.tools import SQL


class EcouponFigure(models.Model):
    """What happened with coupons, day by day: made, taken, spent, expired; what it cost whom (R-000-26, R-000-35,
    R-000-36). Rows are counted from coupons and redemptions whenever somebody looks."""

    _name = "ecoupon.figure"
    _description = "Figures of coupons"
    _auto = False
    _order = "day desc, campaign_id"
    _rec_name = "campaign_id"

    day = fields.Date(readonly=True)
    circuit_id = fields.Many2one("circuit.circuit", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    currency_id = fields.Many2one("res.currency", readonly=True)
    campaign_id = fields.Many2one("ecoupon.campaign", readonly=True)
    issuer_id = fields.Many2one("res.partner", readonly=True)
    member_id = fields.Many2one(
        "res.partner", "At", readonly=True, help="Who handed it out, or where it was spent; empty: on the web."
    )
    place_id = fields.Many2one("circuit.place", readonly=True)
    city = fields.Char(readonly=True)
    category_id = fields.Many2one(
        "circuit.category",
        "Macro-category",
        readonly=True,
        help="Of the shop where it was spent; of the issuer before that.",
    )
    area = fields.Selection([("public", "Public"), ("reserved", "Reserved area")], readonly=True)
    policy_ids = fields.Many2many(
        "ecoupon.policy", string="Policies", compute="_compute_policy_ids", search="_search_policy_ids"
    )
    issued = fields.Integer("Made", readonly=True)
    taken = fields.Integer(readonly=True)
    spent = fields.Integer(readonly=True, help="Without those that were reversed.")
    expired = fields.Integer(readonly=True, help="Taken and never spent.")
    discount = fields.Monetary("Discounts granted", readonly=True)
    owed = fields.Monetary("Owed to shops", readonly=True)
    commission = fields.Monetary(readonly=True)
    purchase = fields.Monetary("Purchases", readonly=True)

    def _compute_policy_ids(self):
        for figure in self:
            figure.policy_ids = figure.campaign_id.policy_ids | figure.circuit_id.policy_ids

    def _search_policy_ids(self, operator, value):
        """Figures of campaigns, or of whole circuits, that support a policy (R-000-36)."""
        if operator not in ("in", "="):
            return NotImplemented
        return ["|", ("campaign_id.policy_ids", operator, value), ("circuit_id.policy_ids", operator, value)]

    @property
    def _table_query(self):
        # no window and no materialised part: who asks for one member, or some days, must not count the whole circuit
        return SQL(
            """
            WITH coupon AS NOT MATERIALIZED (
                SELECT c.*, m.area, k.tz, o.currency_id, e.city, a.category_id, EXISTS (
                       SELECT 1 FROM ecoupon_redemption r WHERE r.coupon_id = c.id
                        GROUP BY coalesce(r.origin_id, r.id) HAVING sum(r.discount) > 0) AS used
                  FROM ecoupon_coupon c
                  JOIN ecoupon_campaign m ON m.id = c.campaign_id
                  JOIN circuit_agreement a ON a.id = m.issuer_agreement_id
                  JOIN circuit_circuit k ON k.id = c.circuit_id
                  JOIN res_company o ON o.id = c.company_id
                  LEFT JOIN circuit_place e ON e.id = c.place_id
                 WHERE c.cancelled_at IS NULL
            ), rows AS (
                SELECT id::bigint * 4 AS key, (issued_at AT TIME ZONE 'UTC' AT TIME ZONE tz)::date AS day,
                       circuit_id, company_id, currency_id, campaign_id, issuer_id, distributor_id AS member_id,
                       place_id, city, category_id, area, 'handed' AS side, 1 AS issued, 0 AS taken, 0 AS spent,
                       0 AS expired, 0 AS discount, 0 AS owed, 0 AS commission, 0 AS purchase FROM coupon
                UNION ALL
                SELECT id::bigint * 4 + 1, (taken_at AT TIME ZONE 'UTC' AT TIME ZONE tz)::date, circuit_id,
                       company_id, currency_id, campaign_id, issuer_id, distributor_id, place_id, city, category_id, area,
                       'handed', 0, 1, 0, 0, 0, 0, 0, 0
                  FROM coupon WHERE taken_at IS NOT NULL
                UNION ALL
                SELECT id::bigint * 4 + 2, (expires_at AT TIME ZONE 'UTC' AT TIME ZONE tz)::date, circuit_id,
                       company_id, currency_id, campaign_id, issuer_id, distributor_id, place_id, city, category_id, area,
                       'handed', 0, 0, 0, 1, 0, 0, 0, 0
                  FROM coupon WHERE taken_at IS NOT NULL AND NOT used AND expires_at <= now() AT TIME ZONE 'UTC'
                UNION ALL
                SELECT r.id::bigint * 4 + 3, r.day, r.circuit_id, r.company_id, r.currency_id, r.campaign_id,
                       r.issuer_id, r.acceptor_id, r.place_id, e.city, r.category_id, r.area, 'accepted', 0, 0,
                       CASE WHEN r.kind = 'payment' THEN 1
                            WHEN (SELECT sum(x.discount) FROM ecoupon_redemption x WHERE x.id <= r.id
                                     AND (x.id = r.origin_id OR x.origin_id = r.origin_id)) = 0 THEN -1 ELSE 0 END, 0,
                       r.discount, r.owed, r.commission, r.purchase
                  FROM ecoupon_redemption r LEFT JOIN circuit_place e ON e.id = r.place_id
            )
            SELECT min(key) AS id, day, circuit_id, company_id, currency_id, campaign_id, issuer_id,
                   member_id, place_id, city, category_id, area, side, sum(issued) AS issued, sum(taken) AS taken,
                   sum(spent) AS spent, sum(expired) AS expired, sum(discount) AS discount, sum(owed) AS owed,
                   sum(commission) AS commission, sum(purchase) AS purchase
              FROM rows
             GROUP BY day, circuit_id, company_id, currency_id, campaign_id, issuer_id, member_id, place_id, city,
                      category_id, area, side
            """
        )
