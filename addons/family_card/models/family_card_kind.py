from odoo import models

from ..rules import fiscal_code
from .family_card_instrument import _NUMBER


class FamilyCard(models.Model):
    """Which kind of identifier a till has before it, by the form of the text."""

    _inherit = "family.card"

    def _circuit_kind(self, identifier):
        """See ``circuit.instrument``; no card is looked up.

        :param str identifier: upper case, without spaces around it
        :return: ``fiscal_code``, ``card_number``, ``one_time_code`` or None
        """
        if identifier.startswith("CC1."):
            return "one_time_code"
        if _NUMBER.fullmatch(identifier):
            return "card_number"
        code = fiscal_code.normalise(identifier)
        return "fiscal_code" if fiscal_code.is_valid(code, provisional=True) else None
