from odoo import fields, models
from odoo.tools import SQL


class EcouponEngagement(models.Model):
    """What citizens do with the circuit: registered, opened, taken, spent, and how many people were active, by period,
    category and place (R-000-35). People are counted by a number that names nobody."""

    _name = "ecoupon.engagement"
    _description = "Engagement of citizens"
    _auto = False
    _log_access = False
    _order = "day desc, id desc"
    _rec_name = "day"

    day = fields.Date(readonly=True)
    kind = fields.Selection(
        [
            ("registered", "Registered"),
            ("opened", "Page opened"),
            ("taken", "Coupon taken"),
            ("spent", "Coupon spent"),
        ],
        readonly=True,
    )
    company_id = fields.Many2one("res.company", readonly=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    circuit_id = fields.Many2one("circuit.circuit", readonly=True)
    campaign_id = fields.Many2one("ecoupon.campaign", readonly=True)
    issuer_id = fields.Many2one("res.partner", readonly=True)
    area = fields.Selection([("public", "Public"), ("reserved", "Reserved area")], readonly=True)
    category_id = fields.Many2one(
        "circuit.category",
        "Macro-category",
        readonly=True,
        help="Of the shop where it was spent; of the issuer before that.",
    )
    place_id = fields.Many2one(
        "circuit.place", readonly=True, help="Where the coupon was handed out or spent; empty on the web."
    )
    state_id = fields.Many2one("res.country.state", "Province", readonly=True)
    registered = fields.Integer(readonly=True, aggregator="sum", help="Citizens who made a login on this day.")
    opened = fields.Integer("Pages opened", readonly=True, aggregator="sum")
    taken = fields.Integer("Coupons taken", readonly=True, aggregator="sum")
    spent = fields.Integer("Coupons spent", readonly=True, aggregator="sum", help="Less those taken back in full.")
    discount = fields.Monetary("Discount granted", readonly=True, aggregator="sum")
    person_key = fields.Char(
        "Active citizens",
        readonly=True,
        aggregator="count_distinct",
        help="Different people who took or spent a coupon; each is counted once, however the figures are grouped.",
    )

    @property
    def _table_query(self):
        """The figures, from what the circuit writes anyway."""
        # the number of a person differs from database to database and leads back to nobody
        person = SQL("md5((SELECT value FROM ir_config_parameter WHERE key = 'database.uuid') || ':' || c.holder_id)")
        issuer = SQL("JOIN circuit_agreement a ON a.id = m.issuer_agreement_id")
        local = SQL("AT TIME ZONE 'UTC' AT TIME ZONE k.tz")
        return SQL(
            """
            SELECT 4 * c.id::bigint AS id, (c.taken_at %(local)s)::date AS day, 'taken' AS kind, c.company_id,
                   c.circuit_id, c.campaign_id, c.issuer_id, m.area, a.category_id, c.place_id, p.state_id,
                   0 AS registered, 0 AS opened, 1 AS taken, 0 AS spent, 0::numeric AS discount, %(person)s AS person_key
              FROM ecoupon_coupon c JOIN ecoupon_campaign m ON m.id = c.campaign_id %(issuer)s
              JOIN circuit_circuit k ON k.id = c.circuit_id LEFT JOIN circuit_place p ON p.id = c.place_id
             WHERE c.taken_at IS NOT NULL AND c.cancelled_at IS NULL
            UNION ALL
            SELECT 4 * r.id::bigint + 1, r.day, 'spent', r.company_id, r.circuit_id, r.campaign_id, r.issuer_id, r.area,
                   r.category_id, r.place_id, p.state_id, 0, 0, 0,
                   CASE WHEN r.kind = 'payment' THEN 1
                        WHEN NOT EXISTS (
                            SELECT 1 FROM ecoupon_redemption s WHERE s.id > r.id AND s.origin_id = r.origin_id)
                         AND (SELECT sum(s.discount) FROM ecoupon_redemption s
                               WHERE r.origin_id IN (s.id, s.origin_id)) <= 0 THEN -1
                        ELSE 0 END,
                   r.discount, CASE WHEN r.kind = 'payment' THEN %(person)s END
              FROM ecoupon_redemption r JOIN ecoupon_coupon c ON c.id = r.coupon_id
              LEFT JOIN circuit_place p ON p.id = r.place_id
            UNION ALL
            SELECT 4 * v.id::bigint + 2, v.day, 'opened', v.company_id, m.circuit_id, v.campaign_id, m.issuer_id, m.area,
                   a.category_id, NULL, NULL, 0, v.count, 0, 0, 0, NULL
              FROM ecoupon_view v JOIN ecoupon_campaign m ON m.id = v.campaign_id %(issuer)s
            UNION ALL
            SELECT 4 * u.id::bigint + 3, (u.create_date AT TIME ZONE 'UTC' AT TIME ZONE k.tz)::date, 'registered',
                   u.company_id, NULL, NULL, NULL, NULL, NULL, NULL, NULL, 1, 0, 0, 0, 0, NULL
              FROM res_users u
              JOIN (SELECT company_id, min(tz) AS tz FROM circuit_circuit WHERE EXISTS (
                        SELECT 1 FROM ecoupon_campaign n WHERE n.circuit_id = circuit_circuit.id)
                     GROUP BY company_id) k ON k.company_id = u.company_id
             WHERE u.share AND u.active AND u.merchant_id IS NULL
               AND EXISTS (
                   SELECT 1 FROM res_groups_users_rel g JOIN ir_model_data d ON d.res_id = g.gid
                    WHERE g.uid = u.id AND d.module = 'base' AND d.name = 'group_portal' AND d.model = 'res.groups')
            """,
            local=local,
            person=person,
            issuer=issuer,
        )
