from odoo import fields, models
from odoo.exceptions import UserError

from odoo.addons.stored_value.tools import read_committed


class FamilyCardCredit(models.TransientModel):
    """Credits one period on single cards, with the code of the credit run (R-004-49)."""

    _name = "family.card.credit"
    _description = "Credit single cards"
    _inherit = ["family.card.chosen"]

    period_id = fields.Many2one("family.card.period", required=True, domain="[('program_id', '=', program_id)]")
    reason = fields.Char(
        help="Why this card is credited outside a run. Needed where two persons are needed for a run; kept with the card."
    )

    def action_credit(self):
        """Button: credit the period and say what was done.

        :raises UserError: cards of several programmes, a programme that does not run, nothing to credit, or what
            :meth:`_check_alone` asks for
        """
        self.ensure_one()
        self.card_ids.check_access("write")
        if self.card_ids.program_id != self.period_id.program_id:
            raise UserError(self.env._("Choose a period of the cards' programme."))
        self.env["family.card"]._check_creditable(self.program_id)
        read_committed(self.env)
        now = fields.Datetime.now()
        self._check_alone(now)
        outcomes = self.card_ids._credit_period(self.period_id, now)
        self._raise_if_nothing(outcomes)
        if self.reason:
            for card in self.card_ids:
                card.message_post(
                    body=self.env._("%(period)s: %(reason)s", period=self.period_id.name, reason=self.reason)
                )
        return {"type": "ir.actions.act_window_close"}

    def _check_alone(self, at):
        """Where a run needs two persons, one person credits one card and says why.

        :raises UserError: several cards, or no reason
        """
        if not self.program_id._current_terms(at).four_eyes:
            return
        if len(self.card_ids) > 1:
            raise UserError(self.env._("Credit several cards with a run: another person confirms it."))
        if not (self.reason or "").strip():
            raise UserError(self.env._("Say why this card is credited outside a run."))

    def _raise_if_nothing(self, outcomes):
        if any(outcome.state == "credited" for outcome in outcomes):
            return
        reasons = dict(self.env["family.card.credit.run.line"]._fields["reason"]._description_selection(self.env))
        texts = {
            f"{reasons[outcome.reason]}: {outcome.detail}" if outcome.detail else reasons[outcome.reason]
            for outcome in outcomes
            if outcome.reason
        }
        raise UserError(", ".join(sorted(texts)) or self.env._("This period was credited before."))
