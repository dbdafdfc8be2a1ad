from odoo import models
from odoo.exceptions import UserError


class CircuitTransaction(models.Model):
    """What the operator may do about the card behind a suspicious purchase, without seeing whose it is."""

    _inherit = "circuit.transaction"

    def _family_cards(self):
        """Family cards that made these purchases.

        :return: family.card, without rights of its own on it
        :raises UserError: none of them was made with a family card
        """
        self.check_access("read")
        ids = self.filtered(lambda purchase: purchase.instrument_model == "family.card").mapped("instrument_id")
        if not ids:
            raise UserError(self.env._("These purchases were not made with a family card."))
        return self.env["family.card"].browse(set(ids))
