import base64
from datetime import timedelta

from odoo import api, fields, models


class FamilyCardApplicationStep(models.TransientModel):
    """Asks for the words of a step: a question to the citizen, an answer given at the desk, a refusal."""

    _name = "family.card.application.step"
    _description = "Question, answer or refusal of an application"

    application_id = fields.Many2one("family.card.application", required=True, readonly=True)
    step = fields.Selection(
        [("ask", "Ask the citizen"), ("answer", "Record the answer"), ("refuse", "Refuse")],
        required=True,
        readonly=True,
        default="ask",
    )
    text = fields.Text(help="The citizen reads it on the portal.")
    due_on = fields.Date("Answer by", default=lambda self: fields.Date.context_today(self) + timedelta(days=15))
    clarification_id = fields.Many2one(
        "family.card.clarification",
        "Question",
        compute="_compute_clarification_id",
        store=True,
        readonly=False,
        domain="[('application_id', '=', application_id), ('answered_at', '=', False)]",
    )
    document = fields.Binary(attachment=False)
    document_name = fields.Char()

    @api.depends("application_id")
    def _compute_clarification_id(self):
        for step in self:
            waiting = step.application_id.clarification_ids.filtered(lambda asked: not asked.answered_at)
            step.clarification_id = waiting[-1:]

    def action_apply(self):
        """Button: do the step (R-004-12, R-004-13).

        :raises UserError: no text where one is needed
        """
        self.ensure_one()
        application = self.application_id
        application.check_access("write")
        if self.step == "ask":
            application._ask((self.text or "").strip(), self.due_on)
        elif self.step == "refuse":
            application._refuse(self.text)
        else:
            content = base64.b64decode(self.document or b"")
            documents = [(self.document_name or "document", content)] if content else []
            self.clarification_id._answer(self.text, documents)
        return {"type": "ir.actions.act_window_close"}
