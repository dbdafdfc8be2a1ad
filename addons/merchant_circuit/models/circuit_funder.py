from odoo import fields, models


class CircuitFunder(models.Model):
    """Who pays for what an instrument pays at the shops: a programme of the public body, or whoever issues coupons.
    Books, statements and invoices go by funder and never ask which instrument it was (R-000-20, R-001-18)."""

    _name = "circuit.funder"
    _description = "Funder"
    _inherit = ["own.fields"]
    _order = "name, id"

    name = fields.Char(required=True)
    kind = fields.Selection([("program", "Programme of the public body")], required=True, default="program")
    circuit_id = fields.Many2one("circuit.circuit", required=True, index=True, ondelete="restrict")
    company_id = fields.Many2one(related="circuit_id.company_id", store=True, index=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    partner_id = fields.Many2one(
        "res.partner", "Pays in the end", ondelete="restrict", help="Empty: the promoter of the circuit."
    )
    active = fields.Boolean(default=True)

    def _own_fields(self):
        return super()._own_fields() | {"kind", "circuit_id", "partner_id"}

    def _own_refusal(self):
        return self.env._("A funder comes with its programme.")
