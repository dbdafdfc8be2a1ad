from odoo import fields, models


class EcouponJoinRequest(models.Model):
    """A company's request to join, on the terms in force that day; a refusal says why (R-000-37)."""

    _name = "ecoupon.join.request"
    _description = "Request to join"
    _inherit = ["own.fields", "mail.thread", "mail.activity.mixin"]
    _order = "id desc"

    name = fields.Char("Company", required=True, tracking=True)
    circuit_id = fields.Many2one("circuit.circuit", required=True, index=True, ondelete="restrict")
    company_id = fields.Many2one(related="circuit_id.company_id", store=True, index=True)
    terms_id = fields.Many2one("ecoupon.join.terms", "Terms accepted", required=True, ondelete="restrict")
    vat = fields.Char("VAT number", required=True)
    country_id = fields.Many2one("res.country", required=True)
    street = fields.Char()
    zip = fields.Char()
    city = fields.Char()
    email = fields.Char(required=True)
    phone = fields.Char()
    contact = fields.Char("Who signs", required=True)
    role_distribute = fields.Boolean("Distributes")
    role_accept = fields.Boolean("Accepts", default=True)
    role_issue = fields.Boolean("Issues")
    activity_id = fields.Many2one("circuit.activity", "Main activity", ondelete="restrict")
    state = fields.Selection(
        [("received", "Received"), ("accepted", "Accepted"), ("refused", "Refused")],
        default="received",
        required=True,
        readonly=True,
        copy=False,
        tracking=True,
    )
    refusal = fields.Text("Reason of the refusal", readonly=True, copy=False, tracking=True)
    agreement_id = fields.Many2one("circuit.agreement", readonly=True, copy=False, ondelete="restrict")

    def _own_fields(self):
        return super()._own_fields() | {"state", "refusal", "agreement_id"}
