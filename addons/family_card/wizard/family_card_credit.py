from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.stored_value.tools import read_committed


class FamilyCardCredit(models.TransientModel):
    """Credits one period on single cards, with the code of the credit run (R-004-49)."""

    _name = "family.card.credit"
    _description = "Credit single cards"

    card_ids = fields.Many2many("family.card", required=True, default=lambda self: self._default_cards())
    program_id = fields.Many2one("family.card.program", compute="_compute_program_id")
    period_id = fields.Many2one("family.card.period", required=True, domain="[('program_id', '=', program_id)]")

    @api.model
    def _default_cards(self):
        if self.env.context.get("active_model") == "family.card":
            return self.env["family.card"].browse(self.env.context.get("active_ids", []))
        return self.env["family.card"]

    @api.depends("card_ids")
    def _compute_program_id(self):
        for wizard in self:
            wizard.program_id = wizard.card_ids.program_id[:1]

    def action_credit(self):
        """Button: credit the period and say what was done.

        :raises UserError: cards of several programmes, a programme that does not run, or nothing to credit
        """
        self.ensure_one()
        self.card_ids.check_access("write")
        if self.card_ids.program_id != self.period_id.program_id or self.program_id.state != "open":
            raise UserError(self.env._("Only a running programme can be credited."))
        read_committed(self.env)
        outcomes = self.card_ids._credit_period(self.period_id, fields.Datetime.now())
        self._raise_if_nothing(outcomes)
        return {"type": "ir.actions.act_window_close"}

    def _raise_if_nothing(self, outcomes):
        if any(outcome.state == "credited" for outcome in outcomes):
            return
        reasons = dict(self.env["family.card.credit.run.line"]._fields["reason"]._description_selection(self.env))
        texts = {reasons[outcome.reason] for outcome in outcomes if outcome.reason}
        raise UserError(", ".join(sorted(texts)) or self.env._("This period was credited before."))
