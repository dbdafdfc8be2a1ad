from odoo import fields, models
from odoo.exceptions import UserError


class FamilyCardFraud(models.TransientModel):
    """Stops the cards behind suspicious purchases; the operator does so for some hours, without learning whose they
    are (requirements.md 2.3, R-004-103)."""

    _name = "family.card.fraud"
    _description = "Suspect abuse of a card"

    transaction_ids = fields.Many2many(
        "circuit.transaction", required=True, default=lambda self: self.env.context.get("active_ids")
    )
    note = fields.Char("What happened", required=True)

    def action_block(self):
        """Button: block the cards for suspected abuse.

        :return: notification, until when
        :raises UserError: not a family card's purchase, or its card is blocked for this already
        """
        self.ensure_one()
        made = self.transaction_ids._family_cards()._block("fraud", self.note)
        if not made:
            raise UserError(self.env._("Blocked for this already."))
        until = made[0].until
        message = (
            self.env._("The card is blocked until %s (UTC), longer if the municipality confirms it.", until)
            if until
            else self.env._("The card is blocked until somebody lifts the block.")
        )
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": message,
                "next": {"type": "ir.actions.act_window_close"},
            },
        }
