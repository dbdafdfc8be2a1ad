from odoo import fields, models
from odoo.exceptions import UserError


class CircuitTransaction(models.Model):
    """What the operator may do about the card behind a suspicious purchase, without seeing whose it is."""

    _inherit = "circuit.transaction"

    by_code = fields.Boolean(
        "One-time code",
        readonly=True,
        help="The holder showed a one-time code instead of typing the PIN. Notice §3 (R-004-71, R-004-74).",
    )

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
