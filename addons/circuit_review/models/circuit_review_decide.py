from odoo import _, fields, models
from odoo.exceptions import AccessError, UserError


class CircuitReviewCase(models.Model):
    """What a person does with a case."""

    _inherit = "circuit.review.case"

    def _check_officer(self):
        """Only the public body decides.

        :raise AccessError: the user is not of its staff
        """
        self.check_access("write")
        if not self.env.user.has_group("merchant_circuit.group_officer"):
            raise AccessError(_("Only the public body decides about suspicious patterns."))

    def action_take_up(self):
        """Button: somebody looks at it.

        :raise UserError: it is decided
        """
        self._check_officer()
        if self.filtered(lambda case: case.state not in ("new", "review")):
            raise UserError(_("This case is decided. Reopen it first."))
        # sudo: the state is written by the buttons only, after the check
        self.sudo().write({"state": "review", "user_id": self.env.uid})

    def action_clear(self):
        """Button: there is an innocent explanation; the same facts are not listed again.

        :raise UserError: the outcome is not written down, or it is decided
        """
        self._decide("cleared")

    def action_confirm(self):
        """Button: it is what it looks like.

        :raise UserError: the outcome is not written down, or it is decided
        """
        self._decide("confirmed")

    def _decide(self, state):
        self._check_officer()
        for case in self:
            if case.state not in ("new", "review"):
                raise UserError(_("This case is decided. Reopen it first."))
            if not (case.note or "").strip():
                raise UserError(_("Write down the outcome first: it is kept, and somebody may ask."))
        # sudo: see action_take_up
        self.sudo().write({"state": state, "decided_by": self.env.uid, "decided_at": fields.Datetime.now()})
        self.activity_feedback(["mail.mail_activity_data_todo"])

    def action_reopen(self):
        """Button: the decision was wrong.

        :raise UserError: it is open, or another case about the same is
        """
        self._check_officer()
        for case in self:
            if case.state in ("new", "review"):
                raise UserError(_("This case is open."))
            if self.search_count(
                [
                    ("circuit_id", "=", case.circuit_id.id),
                    ("subject", "=", case.subject),
                    ("state", "in", ("new", "review")),
                ],
                limit=1,
            ):
                raise UserError(_("There is an open case of this already."))
            # sudo: see action_take_up
            case.sudo().write({"state": "review", "user_id": self.env.uid, "decided_by": False, "decided_at": False})

    def action_suspend(self):
        """Button: suspend the shop, or propose it, with the case's reason; the wizard asks before.

        :raise UserError: the shop has no agreement in force
        """
        self.ensure_one()
        self.check_access("read")
        if not self.agreement_id:
            raise UserError(_("This shop has no agreement in force."))
        return {
            **self.env["ir.actions.act_window"]._for_xml_id("merchant_circuit.action_reason"),
            "context": {
                "default_step": "fraud",
                "default_agreement_id": self.agreement_id.id,
                "default_reason": self.reason,
            },
        }

    def action_block(self):
        """Button: block the card, or the household's cards, on suspicion; the instrument says who may.

        :raise UserError: the case is not about a card that can be blocked
        """
        self.ensure_one()
        self._check_officer()
        if not self.can_block:
            raise UserError(_("This case is not about a card that can be blocked."))
        for model, ids in self._instruments().items():
            self.env[model].browse(ids)._circuit_block(_("Case %(id)s: %(reason)s", id=self.id, reason=self.reason))
        self.message_post(body=_("The card was blocked."))

    def action_instrument(self):
        """Button: open the card."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": self.instrument_model,
            "res_id": self.instrument_id,
            "view_mode": "form",
        }

    def action_transactions(self):
        """Button: the payments of this case."""
        self.ensure_one()
        return {
            **self.env["ir.actions.act_window"]._for_xml_id("merchant_circuit.action_transaction"),
            "domain": [("id", "in", self.transaction_ids.ids)],
        }

    def action_refusals(self):
        """Button: the refusals of this case."""
        self.ensure_one()
        return {
            **self.env["ir.actions.act_window"]._for_xml_id("merchant_circuit.action_refusal"),
            "domain": [("id", "in", self.refusal_ids.ids)],
        }
