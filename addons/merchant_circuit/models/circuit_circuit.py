from odoo import _, api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError

from odoo.addons.base.models.res_partner import _tz_get


class CircuitCircuit(models.Model):
    _name = "circuit.circuit"
    _description = "Circuit"
    _inherit = ["own.fields", "mail.thread"]
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
    reversal_minutes = fields.Integer(
        "Minutes to reverse at the till",
        default=30,
        required=True,
        tracking=True,
        help="For so long a shop may reverse the last operation of its web till by itself, giving a reason; the credit"
        " goes back to the card with its dates. Later, and with 0, only the office reverses. The notice is silent"
        " about it; credit never becomes cash (Notice §4, R-004-57, R-004-84).",
    )
    stop_needs_two = fields.Boolean(
        "Stopping needs both sides",
        default=True,
        tracking=True,
        help="The circuit stops when a manager of the public body and a user of the operator agree. Off, or without"
        " an operator: one of them is enough. Notice 2.2 (R-004-60, A21).",
    )
    fraud_hours = fields.Integer(
        "Hours of the operator's suspension",
        default=72,
        required=True,
        tracking=True,
        help="The operator may suspend a merchant on suspicion of fraud for so long; then it ends by itself"
        " unless the public body confirms it (A21).",
    )
    stop_ids = fields.One2many("circuit.stop", "circuit_id", readonly=True)
    open_stop_id = fields.Many2one("circuit.stop", compute="_compute_open_stop")
    may_confirm_stop = fields.Boolean(compute="_compute_open_stop")
    agreement_ids = fields.One2many("circuit.agreement", "circuit_id")
    agreement_count = fields.Integer(compute="_compute_agreement_count")

    _hold_positive = models.Constraint(
        "CHECK (hold_minutes BETWEEN 1 AND 1440)", "An authorisation must last between one minute and one day."
    )
    _reversal_minutes = models.Constraint(
        "CHECK (reversal_minutes BETWEEN 0 AND 1440)", "Shops may reverse for one day at most; 0: never."
    )
    _fraud_hours = models.Constraint(
        "CHECK (fraud_hours BETWEEN 1 AND 720)", "The operator's suspension lasts between one hour and thirty days."
    )

    @api.constrains("promoter_id", "operator_id")
    def _check_operator(self):
        for circuit in self:
            if circuit.operator_id and circuit.operator_id == circuit.promoter_id:
                raise ValidationError(
                    _("The operator of a circuit must be somebody else than its promoter (R-000-01).")
                )
            circuit.operator_ids._check_operator()

    @api.depends("agreement_ids")
    def _compute_agreement_count(self):
        counts = dict(
            self.env["circuit.agreement"]._read_group(
                [("circuit_id", "in", self.ids), ("state", "=", "active")], ["circuit_id"], ["__count"]
            )
        )
        for circuit in self:
            circuit.agreement_count = counts.get(circuit, 0)

    @api.depends("stop_ids.state")
    @api.depends_context("uid")
    def _compute_open_stop(self):
        for circuit in self:
            stop = circuit.stop_ids.filtered(lambda stop: stop.state in ("proposed", "stopped"))[:1]
            circuit.open_stop_id = stop
            side = circuit._side_of(self.env.user)
            circuit.may_confirm_stop = stop.state == "proposed" and bool(side) and side != stop.side

    def _is_run_by(self, user):
        """Whether a user works for the operator of this circuit (R-004-103).

        :param user: res.users
        :return: bool
        """
        self.ensure_one()
        operators = user.sudo()._operator_partners()  # sudo: the user's own company
        return user.has_group("merchant_circuit.group_operator") and self.operator_id in operators

    def _side_of(self, user):
        """For whom a user may stop this circuit.

        :param user: res.users
        :return: promoter, operator or None
        """
        self.ensure_one()
        if user.has_group("merchant_circuit.group_manager"):
            return "promoter"
        return "operator" if self._is_run_by(user) else None

    def _propose_stop(self, reason):
        """Stop every charge and every credit of the circuit, at once where one side is enough, else as soon as the
        other side confirms (R-004-60, A21).

        :param str reason: why; kept
        :return: circuit.stop
        :raise AccessError: neither a manager of the public body nor the operator's user
        :raise UserError: stopped or proposed already
        """
        self.ensure_one()
        side = self._checked_side()
        if self.open_stop_id:
            raise UserError(_("This circuit is stopped, or its stop waits for a confirmation."))
        # sudo: written by the circuit's own actions only, after the checks above
        stop = (
            self.env["circuit.stop"]
            .sudo()
            .create(
                {
                    "circuit_id": self.id,
                    "state": "proposed",
                    "side": side,
                    "reason": reason,
                    "proposed_by": self.env.uid,
                    "proposed_at": fields.Datetime.now(),
                }
            )
        )
        if self.stop_needs_two and self.operator_id:
            self._note(_("A stop of the circuit was proposed: %s", reason))
        else:
            self._stop(stop)
        return stop

    def action_confirm_stop(self):
        """Button: the other side agrees, the circuit stops at once (R-004-60).

        :raise AccessError: the user is not of the other side
        :raise UserError: nobody proposed it
        """
        self.ensure_one()
        side = self._checked_side()
        stop = self.open_stop_id.sudo()  # sudo: written by the circuit's own actions only
        if stop.state != "proposed":
            raise UserError(_("There is no stop to confirm."))
        if side == stop.side or stop.proposed_by == self.env.user:
            raise AccessError(_("The other side has to confirm: a manager of the public body or the operator."))
        stop.confirmed_by = self.env.user
        self._stop(stop)

    def action_withdraw_stop(self):
        """Button: a proposed stop is given up by either side.

        :raise AccessError: the user is of neither side
        :raise UserError: nobody proposed it
        """
        self.ensure_one()
        self._checked_side()
        if self.open_stop_id.state != "proposed":
            raise UserError(_("There is no stop to withdraw."))
        self._end_stop("withdrawn", False)
        self._note(_("The proposed stop of the circuit was withdrawn."))

    def _lift_stop(self, reason):
        """Let the circuit accept charges and credits again; only the public body may.

        :param str reason: why; kept
        :raise AccessError: not a manager of the public body
        :raise UserError: the circuit runs
        """
        self.ensure_one()
        if self._checked_side() != "promoter":
            raise AccessError(_("Only a manager of the public body can start the circuit again."))
        if self.state != "stopped":
            raise UserError(_("This circuit is running."))
        self._end_stop("lifted", reason)
        self.sudo().state = "running"  # sudo: see write()
        self._note(_("The circuit runs again: %s", reason))

    def _checked_side(self):
        """The side the user acts for.

        :raise AccessError: neither
        """
        self.check_access("read")
        side = self._side_of(self.env.user)
        if not side:
            raise AccessError(_("Only a manager of the public body or the operator can stop this circuit."))
        return side

    def _stop(self, stop):
        stop.write({"state": "stopped", "stopped_at": fields.Datetime.now()})
        self.sudo().state = "stopped"  # sudo: see write()
        self._note(_("The circuit was stopped: %s", stop.reason))

    def _end_stop(self, state, reason):
        # sudo: written by the circuit's own actions only; their callers checked the user
        self.open_stop_id.sudo().write(
            {"state": state, "ended_by": self.env.uid, "ended_at": fields.Datetime.now(), "end_reason": reason}
        )

    def _note(self, body):
        """Keep an event in the circuit's history, whoever caused it."""
        self.sudo().message_post(body=body)  # sudo: the operator may not write on the circuit

    def action_agreements(self):
        """Button: the circuit's agreements."""
        return {
            **self.env["ir.actions.act_window"]._for_xml_id("merchant_circuit.action_agreement"),
            "domain": [("circuit_id", "in", self.ids)],
        }

    def _own_fields(self):
        return super()._own_fields() | {"state"}

    def _own_refusal(self):
        return self.env._("A circuit is stopped and started with its buttons.")

    def write(self, vals):
        """Tills keep the circuit's switches in memory: make them look again."""
        result = super().write(vals)
        if vals.keys() & {"state", "hold_minutes", "company_id", "tz"}:
            self.env.registry.clear_cache()
        return result
