from odoo import _, api, fields, models
from odoo.exceptions import ValidationError

from odoo.addons.base.models.res_partner import _tz_get


class CircuitCircuit(models.Model):
    _name = "circuit.circuit"
    _description = "Circuit"
    _inherit = ["mail.thread"]
    _order = "name"

    name = fields.Char(required=True, tracking=True)
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company, string="Public body"
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    promoter_id = fields.Many2one(
        "res.partner",
        required=True,
        default=lambda self: self.env.company.partner_id,
        help="The public body that pays (R-004-103).",
    )
    operator_id = fields.Many2one(
        "res.partner", tracking=True, help="Who runs the circuit for the promoter (R-000-01, R-004-103)."
    )
    state = fields.Selection(
        [("running", "Running"), ("stopped", "Stopped")],
        default="running",
        required=True,
        readonly=True,
        copy=False,
        tracking=True,
        help="Stopped: no till accepts any instrument of this circuit (Notice 2.2, R-004-60).",
    )
    tz = fields.Selection(
        _tz_get,
        string="Time zone",
        required=True,
        default="Europe/Rome",
        help="Decides where one day ends and the next begins, whatever the zone of who looks.",
    )
    hold_minutes = fields.Integer(
        default=30,
        required=True,
        help="An authorisation that no till confirms within this time gives the credit back.",
    )
    agreement_ids = fields.One2many("circuit.agreement", "circuit_id")
    agreement_count = fields.Integer(compute="_compute_agreement_count")

    _hold_positive = models.Constraint(
        "CHECK (hold_minutes BETWEEN 1 AND 1440)", "An authorisation must last between one minute and one day."
    )

    @api.constrains("promoter_id", "operator_id")
    def _check_operator(self):
        for circuit in self:
            if circuit.operator_id and circuit.operator_id == circuit.promoter_id:
                raise ValidationError(
                    _("The operator of a circuit must be somebody else than its promoter (R-000-01).")
                )

    @api.depends("agreement_ids")
    def _compute_agreement_count(self):
        counts = dict(
            self.env["circuit.agreement"]._read_group(
                [("circuit_id", "in", self.ids), ("state", "=", "active")], ["circuit_id"], ["__count"]
            )
        )
        for circuit in self:
            circuit.agreement_count = counts.get(circuit, 0)

    def action_stop(self):
        """Button: stop every charge of the circuit at once (R-004-60); logged in the chatter."""
        self.write({"state": "stopped"})

    def action_start(self):
        """Button: let the circuit accept charges again."""
        self.write({"state": "running"})

    def action_agreements(self):
        """Button: the circuit's agreements."""
        return {
            **self.env["ir.actions.act_window"]._for_xml_id("merchant_circuit.action_agreement"),
            "domain": [("circuit_id", "in", self.ids)],
        }

    def write(self, vals):
        """Tills keep the circuit's switches in memory: make them look again."""
        result = super().write(vals)
        if vals.keys() & {"state", "hold_minutes", "company_id", "tz"}:
            self.env.registry.clear_cache()
        return result
