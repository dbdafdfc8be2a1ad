from odoo import fields, models


class EcouponJoinTerms(models.Model):
    """The published terms of joining a circuit, the same for every applicant, from a day on (R-000-37)."""

    _name = "ecoupon.join.terms"
    _description = "Terms of joining"
    _order = "circuit_id, date_from desc"
    _rec_name = "date_from"

    circuit_id = fields.Many2one("circuit.circuit", required=True, index=True, ondelete="restrict")
    company_id = fields.Many2one(related="circuit_id.company_id", store=True, index=True)
    date_from = fields.Date(required=True, default=fields.Date.context_today)
    text = fields.Html(required=True, translate=True, sanitize=True)

    _one_a_day = models.Constraint("UNIQUE (circuit_id, date_from)", "Terms begin on this day already.")
