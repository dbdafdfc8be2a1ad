from odoo import api, fields, models
from odoo.exceptions import UserError

from ..models.family_card import REASONS


class FamilyCardStateChange(models.TransientModel):
    """Asks why before a card is suspended, reactivated or closed (requirements.md 2.3)."""

    _name = "family.card.state.change"
    _description = "Suspend, reactivate or close cards"

    card_ids = fields.Many2many("family.card", required=True, default=lambda self: self._default_cards())
    target = fields.Selection(
        [("suspended", "Suspend"), ("active", "Reactivate"), ("closed", "Close")], required=True, default="suspended"
    )
    reason = fields.Selection(REASONS)
    note = fields.Text(help="Kept in the history of the card.")

    @api.model
    def _default_cards(self):
        if self.env.context.get("active_model") == "family.card":
            return self.env["family.card"].browse(self.env.context.get("active_ids", []))
        return self.env["family.card"]

    def action_apply(self):
        """Button: change the state and keep the reason in the chatter.

        :raises UserError: no reason where one is needed
        """
        self.ensure_one()
        if self.target != "active" and not self.reason:
            raise UserError(self.env._("Say why: the household may ask."))
        self.card_ids._change_state(self.target, self.reason if self.target != "active" else False)
        if self.note:
            for card in self.card_ids:
                card.message_post(body=self.note)
        return {"type": "ir.actions.act_window_close"}
