from odoo import fields, models
from odoo.tools import SQL


class EcouponCouponFigure(models.Model):
    """Coupons by what became of them, for pivots and graphs: a state that nothing stores cannot be grouped by. No
    names: holders are not in it (R-000-35)."""

    _name = "ecoupon.coupon.figure"
    _description = "Coupons in figures"
    _auto = False
    _order = "issued_at desc"
    _rec_name = "campaign_id"

    campaign_id = fields.Many2one("ecoupon.campaign", readonly=True)
    circuit_id = fields.Many2one("circuit.circuit", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    issuer_id = fields.Many2one("res.partner", readonly=True)
    distributor_id = fields.Many2one("res.partner", "Handed out by", readonly=True)
    place_id = fields.Many2one("circuit.place", "Handed out at", readonly=True)
    area = fields.Selection([("public", "Public"), ("reserved", "Reserved area")], readonly=True)
    state = fields.Selection(
        [
            ("available", "Available"),
            ("held", "At a till"),
            ("spent", "Spent"),
            ("expired", "Expired"),
            ("cancelled", "Cancelled"),
        ],
        readonly=True,
    )
    issued_at = fields.Datetime(readonly=True)
    taken_at = fields.Datetime(readonly=True)
    used_count = fields.Integer("Times used", readonly=True)

    @property
    def _table_query(self):
        return SQL(
            """SELECT c.id, c.campaign_id, c.circuit_id, c.company_id, c.issuer_id, c.distributor_id, c.place_id,
                      k.area, q.state, c.issued_at, c.taken_at, q.used AS used_count
                 FROM ecoupon_coupon c JOIN ecoupon_campaign k ON k.id = c.campaign_id JOIN (%s) q ON q.id = c.id""",
            self.env["ecoupon.coupon"]._state_query,
        )
