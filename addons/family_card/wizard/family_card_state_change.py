from odoo import api, fields, models
from odoo.exceptions import UserError

from ..models.family_card import REASONS
from ..rules import blocks


class FamilyCardStateChange(models.TransientModel):
    """Asks why before a card is blocked, unblocked or closed (requirements.md 2.3)."""

    _name = "family.card.state.change"
    _description = "Block, reactivate or close cards"
    _inherit = ["family.card.chosen"]

    target = fields.Selection(
        [("suspended", "Block"), ("active", "Reactivate"), ("closed", "Close")], required=True, default="suspended"
    )
    reason = fields.Selection(REASONS)
    effect = fields.Selection(
        [
            ("charges", "Tills refuse the card; credit keeps coming"),
            ("credits", "No new credit; what is left can be spent until it expires"),
            ("both", "Tills refuse the card and no new credit comes"),
        ],
        compute="_compute_effect",
    )
    note = fields.Text(help="Kept in the history of the card.")

    @api.depends("reason", "target", "card_ids")
    def _compute_effect(self):
        for wizard in self:
            card = wizard.card_ids[:1]
            terms = card.program_id._terms_at(fields.Date.context_today(wizard)) if card else None
            usable = not terms or terms.residual_after_loss == "usable"
            blocking = wizard.target == "suspended" and wizard.reason
            wizard.effect = blocks.stops(wizard.reason, usable) if blocking else False

    def action_apply(self):
        """Button: change the state and keep the reason in the chatter.

        :raises UserError: no reason where one is needed, or the cards are blocked for it already
        """
        self.ensure_one()
        if self.target != "active" and not self.reason:
            raise UserError(self.env._("Say why: the household may ask."))
        if self.target == "suspended":
            if not self.card_ids._block(self.reason, self.note or ""):
                raise UserError(self.env._("Blocked for this already."))
        elif self.target == "active":
            self.card_ids._unblock(note=self.note or "")
        else:
            self.card_ids._change_state("closed", self.reason)
        if self.note:
            for card in self.card_ids:
                card.message_post(body=self.note)
        return {"type": "ir.actions.act_window_close"}
