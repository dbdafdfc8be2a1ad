from odoo import fields, models
from odoo.tools import SQL


class EcouponPosition(models.Model):
    """Who owes whom, month by month, as it is now: for each member what others owe it, what it owes them, and the
    commission it owes the operator (R-000-20, R-000-21, R-000-24, R-000-26)."""

    _name = "ecoupon.position"
    _description = "Position between members"
    _auto = False
    _order = "month desc, member_id, counterpart_id"
    _rec_name = "member_id"

    circuit_id = fields.Many2one("circuit.circuit", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    currency_id = fields.Many2one("res.currency", readonly=True)
    month = fields.Date(readonly=True)
    member_id = fields.Many2one("res.partner", readonly=True)
    counterpart_id = fields.Many2one(
        "res.partner", "Other member", readonly=True, help="For a commission: the operator of the circuit."
    )
    count = fields.Integer("Coupons spent", readonly=True, help="Without those that were reversed.")
    owed = fields.Monetary(
        "Is owed", readonly=True, help="Coupons of the other side that this one accepted, or the sponsor's share."
    )
    owing = fields.Monetary(
        "Owes", readonly=True, help="Coupons of this one that the other side accepted, or what it sponsors."
    )
    commission = fields.Monetary("Owes as commission", readonly=True)
    net = fields.Monetary("Balance", readonly=True, help="Is owed, less what it owes and the commission.")

    @property
    def _table_query(self):
        # no window and no materialised part: who asks for one member must not sum the whole circuit
        return SQL(
            """
            WITH moved AS NOT MATERIALIZED (
                SELECT min(r.id)::bigint * 5 AS key, r.circuit_id, r.company_id, r.currency_id,
                       date_trunc('month', r.day)::date AS month,
                       r.issuer_id, r.acceptor_id, c.operator_id, r.sponsor_id,
                       sum(CASE r.kind WHEN 'payment' THEN 1 ELSE 0 END
                           - CASE WHEN r.kind = 'refund' AND u.rest = 0 THEN 1 ELSE 0 END) AS count,
                       sum(r.owed) AS owed, sum(r.commission) AS commission,
                       sum(r.sponsor_amount) AS sponsored
                  FROM ecoupon_redemption r
                  JOIN circuit_circuit c ON c.id = r.circuit_id
                 CROSS JOIN LATERAL (
                       SELECT sum(x.discount) AS rest FROM ecoupon_redemption x
                        WHERE r.kind = 'refund' AND x.id <= r.id
                          AND (x.id = r.origin_id OR x.origin_id = r.origin_id)) u
                 GROUP BY 2, 3, 4, 5, 6, 7, 8, 9
            ), sides AS (
                SELECT key, circuit_id, company_id, currency_id, month, acceptor_id AS member_id,
                       issuer_id AS counterpart_id, count, owed, 0 AS owing, 0 AS commission FROM moved
                UNION ALL
                SELECT key + 1, circuit_id, company_id, currency_id, month, issuer_id, acceptor_id, count, 0, owed, 0
                  FROM moved WHERE issuer_id <> acceptor_id
                UNION ALL
                SELECT key + 2, circuit_id, company_id, currency_id, month, issuer_id, operator_id, 0, 0, 0, commission
                  FROM moved WHERE commission <> 0
                UNION ALL
                SELECT key + 3, circuit_id, company_id, currency_id, month, issuer_id, sponsor_id, 0, sponsored, 0, 0
                  FROM moved WHERE sponsored <> 0
                UNION ALL
                SELECT key + 4, circuit_id, company_id, currency_id, month, sponsor_id, issuer_id, 0, 0, sponsored, 0
                  FROM moved WHERE sponsored <> 0
            )
            SELECT min(key) AS id, circuit_id, company_id, currency_id, month, member_id, counterpart_id,
                   sum(count) AS count, sum(owed) AS owed, sum(owing) AS owing, sum(commission) AS commission,
                   sum(owed - owing - commission) AS net
              FROM sides GROUP BY circuit_id, company_id, currency_id, month, member_id, counterpart_id
            """
        )
