from odoo import api, fields, models
from odoo.exceptions import UserError


class FamilyCardClarification(models.Model):
    """A question of the office about an application, and the citizen's answer."""

    _name = "family.card.clarification"
    _description = "Clarification"
    _order = "asked_at desc, id desc"
    _rec_name = "question"

    application_id = fields.Many2one("family.card.application", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="application_id.company_id", store=True, index=True)
    question = fields.Text(required=True, readonly=True)
    asked_at = fields.Datetime(required=True, readonly=True, default=fields.Datetime.now)
    asked_by = fields.Many2one("res.users", required=True, readonly=True, default=lambda self: self.env.user)
    due_on = fields.Date("Answer by", readonly=True)
    answer = fields.Text(readonly=True)
    answered_at = fields.Datetime(readonly=True)
    answered_by = fields.Many2one("res.users", readonly=True, help="Who wrote the answer down.")
    late = fields.Boolean(compute="_compute_late", help="No answer although the day has passed.")

    @api.depends("due_on", "answered_at")
    def _compute_late(self):
        today = fields.Date.context_today(self)
        for clarification in self:
            clarification.late = bool(
                clarification.due_on and not clarification.answered_at and clarification.due_on < today
            )

    def _answer(self, text, attachments=()):
        """Write the answer down; with the last one the application is back at the office.

        :param str text: the answer
        :param attachments: (name, bytes) of documents
        :raises UserError: empty, or answered already
        """
        self.ensure_one()
        text = (text or "").strip()
        if not text and not attachments:
            raise UserError(self.env._("Write an answer, or attach the document that was asked for."))
        if self.answered_at or self.application_id.state != "clarification":
            raise UserError(self.env._("This question was answered already, or is no longer open."))
        for name, content in attachments:
            self.application_id._attach(name, content)
        # sudo: a clarification is written by its actions only, see the access rights
        self.sudo().write({"answer": text, "answered_at": fields.Datetime.now(), "answered_by": self.env.uid})
        self.application_id._clarified(self)
