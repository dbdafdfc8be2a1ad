from odoo import fields, models
from odoo.tools import SQL


class EcouponPromotionReport(models.Model):
    """From the newsletter to the till: mails, clicks, coupons the same person took, and what was spent of them
    (R-000-34). A row is one event; no citizen is named."""

    _name = "ecoupon.promotion.report"
    _description = "Results of promotion"
    _auto = False
    _order = "day desc, id desc"
    _rec_name = "newsletter_id"

    newsletter_id = fields.Many2one("ecoupon.newsletter", readonly=True)
    circuit_id = fields.Many2one("circuit.circuit", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    currency_id = fields.Many2one("res.currency", readonly=True)
    campaign_id = fields.Many2one("ecoupon.campaign", readonly=True, help="Empty for mails: they name several.")
    issuer_id = fields.Many2one("res.partner", readonly=True)
    day = fields.Date(readonly=True)
    sent = fields.Integer("Mails", readonly=True)
    opened = fields.Integer(readonly=True)
    clicked = fields.Integer("Clicks", readonly=True, help="Persons, each once for a campaign of a newsletter.")
    taken = fields.Integer("Coupons taken", readonly=True)
    spent = fields.Integer("Coupons spent", readonly=True)
    discount = fields.Monetary(readonly=True)

    @property
    def _table_query(self):
        return SQL(
            """
            WITH letter AS (
                SELECT n.id, n.mailing_id, n.circuit_id, n.company_id, n.attribution_days, c.tz, m.currency_id
                FROM ecoupon_newsletter n
                JOIN circuit_circuit c ON c.id = n.circuit_id
                JOIN res_company m ON m.id = n.company_id
            ), click AS (
                SELECT DISTINCT ON (t.id, k.id) l.id AS letter_id, t.res_id AS consent_id, k.id AS campaign_id,
                    h.create_date AS at
                FROM link_tracker_click h
                JOIN link_tracker r ON r.id = h.link_id
                JOIN mailing_trace t ON t.id = h.mailing_trace_id
                JOIN letter l ON l.mailing_id = t.mass_mailing_id
                JOIN ecoupon_campaign k ON k.id = substring(r.url FROM '/coupons/([0-9]{1,9})(?![0-9])')::integer
                WHERE t.model = 'ecoupon.consent' AND t.is_test_trace IS NOT TRUE
                ORDER BY t.id, k.id, h.create_date
            ), taken AS (
                SELECT DISTINCT ON (c.id) c.id AS coupon_id, c.campaign_id, h.letter_id, c.taken_at AS at
                FROM click h
                JOIN letter l ON l.id = h.letter_id
                JOIN ecoupon_consent s ON s.id = h.consent_id
                JOIN ecoupon_coupon c ON c.holder_id = s.partner_id AND c.campaign_id = h.campaign_id
                    AND c.cancelled_at IS NULL
                    AND c.taken_at BETWEEN date_trunc('second', h.at) AND h.at + l.attribution_days * interval '1 day'
                ORDER BY c.id, h.at DESC
            ), event AS (
                SELECT l.id AS letter_id, NULL::integer AS campaign_id, t.sent_datetime AS at,
                    1 AS sent, (t.open_datetime IS NOT NULL)::integer AS opened, 0 AS clicked, 0 AS taken, 0 AS spent,
                    0::numeric AS discount
                FROM mailing_trace t JOIN letter l ON l.mailing_id = t.mass_mailing_id
                WHERE t.sent_datetime IS NOT NULL AND t.is_test_trace IS NOT TRUE
                UNION ALL
                SELECT letter_id, campaign_id, at, 0, 0, 1, 0, 0, 0 FROM click
                UNION ALL
                SELECT letter_id, campaign_id, at, 0, 0, 0, 1, 0, 0 FROM taken
                UNION ALL
                SELECT w.letter_id, w.campaign_id, r.at, 0, 0, 0, 0,
                    CASE WHEN r.kind = 'payment' THEN 1
                        WHEN (SELECT sum(s.discount) FROM ecoupon_redemption s
                               WHERE s.id <= r.id AND r.origin_id IN (s.id, s.origin_id)) = 0 THEN -1
                        ELSE 0 END, r.discount
                FROM taken w JOIN ecoupon_redemption r ON r.coupon_id = w.coupon_id
            )
            SELECT row_number() OVER (ORDER BY e.at, e.letter_id, e.campaign_id)::integer AS id, e.letter_id AS newsletter_id,
                l.circuit_id, l.company_id, l.currency_id, e.campaign_id, k.issuer_id,
                (e.at AT TIME ZONE 'UTC' AT TIME ZONE l.tz)::date AS day,
                e.sent, e.opened, e.clicked, e.taken, e.spent, e.discount
            FROM event e
            JOIN letter l ON l.id = e.letter_id
            LEFT JOIN ecoupon_campaign k ON k.id = e.campaign_id
            """
        )
