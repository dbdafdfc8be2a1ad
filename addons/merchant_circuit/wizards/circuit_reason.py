from odoo import _, fields, models
from odoo.exceptions import UserError


class CircuitReason(models.TransientModel):
    """Asks why before something is stopped, suspended or lifted; the reason is kept with it."""

    _name = "circuit.reason"
    _description = "Say why"

    step = fields.Selection(
        [
            ("stop", "Stop the circuit"),
            ("start", "Start the circuit again"),
            ("non_compliance", "Suspend: benefits not applied"),
            ("fraud", "Suspend: suspicion of fraud"),
            ("lift", "Lift the suspension"),
            ("review", "Past charges may be paid"),
        ],
        required=True,
        readonly=True,
    )
    circuit_id = fields.Many2one("circuit.circuit", readonly=True)
    agreement_id = fields.Many2one("circuit.agreement", readonly=True)
    suspension_id = fields.Many2one("circuit.suspension", readonly=True)
    needs_two = fields.Boolean(compute="_compute_needs_two")
    reason = fields.Text(required=True)

    def _compute_needs_two(self):
        for wizard in self:
            circuit = wizard.circuit_id
            wizard.needs_two = wizard.step == "stop" and circuit.stop_needs_two and bool(circuit.operator_id)

    def action_apply(self):
        """Button: do it; the records check who may.

        :raise UserError: the reason is blank
        """
        self.ensure_one()
        reason = self.reason.strip()
        if not reason:
            raise UserError(_("Say why: it is kept, and somebody may ask."))
        self._steps(reason)[self.step]()
        return {"type": "ir.actions.act_window_close"}

    def _steps(self, reason):
        """What each step does; addons add theirs.

        :param str reason: why
        :return: dict of step to a function without arguments
        """
        return {
            "stop": lambda: self.circuit_id._propose_stop(reason),
            "start": lambda: self.circuit_id._lift_stop(reason),
            "non_compliance": lambda: self.agreement_id._suspend("non_compliance", reason),
            "fraud": lambda: self.agreement_id._suspend("fraud", reason),
            "lift": lambda: self.suspension_id._lift(reason),
            "review": lambda: self.suspension_id._review(reason),
        }
