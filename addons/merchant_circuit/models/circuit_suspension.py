from datetime import timedelta

from odoo import _, api, fields, models
from odoo.exceptions import AccessError, UserError


class CircuitSuspension(models.Model):
    """Why a merchant may not charge, who decided it and until when (requirements 2.3). Written by its own
    actions and those of the agreement only."""

    _name = "circuit.suspension"
    _description = "Suspension of a merchant"
    _inherit = ["mail.thread"]
    _order = "id desc"
    _rec_name = "agreement_id"

    agreement_id = fields.Many2one("circuit.agreement", required=True, readonly=True, index=True, ondelete="restrict")
    circuit_id = fields.Many2one(related="agreement_id.circuit_id", store=True, index=True)
    merchant_id = fields.Many2one(related="agreement_id.merchant_id", store=True, index=True)
    company_id = fields.Many2one(related="circuit_id.company_id", store=True, index=True)
    ground = fields.Selection(
        [("non_compliance", "Benefits not applied"), ("fraud", "Suspicion of fraud")], required=True, readonly=True
    )
    reason = fields.Text(required=True, readonly=True)
    state = fields.Selection(
        [
            ("proposed", "Proposed"),
            ("active", "In force"),
            ("lapsed", "Ended by itself"),
            ("lifted", "Lifted"),
            ("refused", "Not taken up"),
        ],
        required=True,
        readonly=True,
        index=True,
        tracking=True,
    )
    set_by = fields.Many2one("res.users", required=True, readonly=True)
    set_at = fields.Datetime(required=True, readonly=True)
    by_operator = fields.Boolean("Asked by the operator", readonly=True)
    until = fields.Datetime(
        "Ends at",
        readonly=True,
        tracking=True,
        help="The operator's suspension ends by itself then, unless the public body confirms it; empty: until lifted.",
    )
    confirmed_by = fields.Many2one("res.users", readonly=True)
    confirmed_at = fields.Datetime(readonly=True)
    ended_by = fields.Many2one("res.users", string="Lifted by", readonly=True)
    ended_at = fields.Datetime(string="Ended at", readonly=True)
    end_reason = fields.Text(string="Why it ended", readonly=True)
    reviewed_by = fields.Many2one("res.users", readonly=True)
    reviewed_at = fields.Datetime(
        readonly=True,
        tracking=True,
        help="The public body looked at the charges made before: they may be paid. Lifting the suspension says so too.",
    )
    review_note = fields.Text(string="Outcome of the review", readonly=True)

    _one_active = models.UniqueIndex("(agreement_id) WHERE state = 'active'", "This merchant is suspended already.")

    @api.model
    def _open(self, agreement, ground, reason):
        """Suspend a merchant, or propose it. The public body suspends until it lifts the suspension; the operator
        suspends for a suspicion of fraud for a limited time, and proposes everything else.

        :param agreement: circuit.agreement in force
        :param str ground: non_compliance or fraud
        :param str reason: why, as the merchant will be told
        :return: circuit.suspension
        :raise AccessError: neither the public body's staff nor the circuit's operator
        :raise UserError: not in force, or the operator's time is used up
        """
        agreement.check_access("read")
        promoter = self.env.su or self.env.user.has_group("merchant_circuit.group_officer")
        if not promoter and not agreement.circuit_id._is_run_by(self.env.user):
            raise AccessError(_("Only the public body or the operator of the circuit can suspend a merchant."))
        if agreement.state != "active":
            raise UserError(_("Only a merchant with an agreement in force can be suspended."))
        now = fields.Datetime.now()
        if not promoter and ground == "fraud":
            self._check_not_again(agreement)
        # sudo: written by its own actions only, after the checks above
        suspension = self.sudo().create(
            {
                "agreement_id": agreement.id,
                "ground": ground,
                "reason": reason,
                "state": "active" if promoter or ground == "fraud" else "proposed",
                "set_by": self.env.uid,
                "set_at": now,
                "by_operator": not promoter,
                "until": False if promoter else now + timedelta(hours=agreement.circuit_id.fraud_hours),
                **({"confirmed_by": self.env.uid, "confirmed_at": now} if promoter else {}),
            }
        )
        if suspension.state == "active":
            suspension._apply()
        else:
            suspension.until = False
        return suspension

    def _check_not_again(self, agreement):
        """The operator's limited time cannot be put together from many (A21).

        :raise UserError: a former suspension by the operator was never confirmed
        """
        former = self.sudo().search_count(  # sudo: only whether there is one
            [("agreement_id", "=", agreement.id), ("by_operator", "=", True), ("state", "=", "lapsed")], limit=1
        )
        if former:
            raise UserError(
                _("A former suspension of this merchant ended without being confirmed. Ask the public body to decide.")
            )

    def _apply(self):
        """Close the merchant's till and tell its history why."""
        for suspension in self:
            suspension.agreement_id.state = "suspended"
            suspension.agreement_id.message_post(
                body=_(
                    "Suspended (%(ground)s): %(reason)s",
                    ground=dict(self._fields["ground"]._description_selection(self.env))[suspension.ground],
                    reason=suspension.reason,
                )
            )

    def _check_promoter(self):
        """Only the public body decides for good (requirements 2.3).

        :raise AccessError: the user is not of its staff
        """
        self.check_access("read")
        if not self.env.su and not self.env.user.has_group("merchant_circuit.group_officer"):
            raise AccessError(_("Only the public body can confirm or lift the suspension of a merchant."))

    def action_confirm(self):
        """Button: the public body takes up the operator's proposal, or confirms its suspension without an end.

        :raise AccessError: not the public body's staff
        :raise UserError: nothing to confirm
        """
        self._check_promoter()
        for suspension in self.sudo():  # sudo: written by its own actions only, after the check
            if suspension.state not in ("proposed", "active") or suspension.confirmed_by:
                raise UserError(_("There is nothing to confirm."))
            if suspension.state == "proposed" and suspension.agreement_id.state != "active":
                raise UserError(_("Only a merchant with an agreement in force can be suspended."))
            proposed = suspension.state == "proposed"
            suspension.write(
                {
                    "state": "active",
                    "until": False,
                    "confirmed_by": self.env.uid,
                    "confirmed_at": fields.Datetime.now(),
                }
            )
            if proposed:
                suspension._apply()

    def _lift(self, reason):
        """The merchant charges again, or the operator's proposal is not taken up.

        :param str reason: why
        :raise AccessError: not the public body's staff
        :raise UserError: neither proposed nor in force
        """
        self._check_promoter()
        for suspension in self.sudo():  # sudo: as in action_confirm
            if suspension.state not in ("proposed", "active"):
                raise UserError(_("This suspension is not in force any more."))
            suspension._end("lifted" if suspension.state == "active" else "refused", reason)
            if suspension.state == "lifted" and not suspension.reviewed_at:
                suspension._reviewed(reason)

    def _end(self, state, reason):
        """End suspensions; the till opens again where the agreement is still there."""
        for suspension in self:
            active = suspension.state == "active"
            suspension.write(
                {
                    "state": state,
                    "ended_by": self.env.uid,
                    "ended_at": fields.Datetime.now(),
                    "end_reason": reason,
                }
            )
            if active and suspension.agreement_id.state == "suspended":
                suspension.agreement_id.state = "active"

    def _review(self, note):
        """The charges made before the suspension were looked at and may be paid.

        :param str note: outcome
        :raise AccessError: not the public body's staff
        """
        self._check_promoter()
        self.sudo()._reviewed(note)  # sudo: as in action_confirm

    def _reviewed(self, note):
        self.write({"reviewed_by": self.env.uid, "reviewed_at": fields.Datetime.now(), "review_note": note})

    @api.model
    def _cron_lapse(self):
        """Scheduled: end the operator's suspensions that nobody confirmed in time.

        :return: circuit.suspension that ended
        """
        due = self.search([("state", "=", "active"), ("until", "<=", fields.Datetime.now())])
        due._end("lapsed", _("Not confirmed in time."))
        return due
