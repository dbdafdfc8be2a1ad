import base64

from odoo import api, fields, models
from odoo.exceptions import UserError


class FamilyCardPrint(models.AbstractModel):
    """What the printed card and the letter show. There is never a PIN on paper (R-004-72)."""

    _name = "report.family_card.report_card"
    _description = "Printed card"

    @api.model
    def _get_report_values(self, docids, data=None):
        """Cards to print, with their people and codes (R-004-14, R-004-16, R-004-105).

        :param list docids: family.card ids
        :raises UserError: a card was not issued yet
        """
        cards = self.env["family.card"].browse(docids)
        if any(not card.number for card in cards):
            raise UserError(self.env._("Issue the card first: it has no number to print yet."))
        today = fields.Date.context_today(self)
        return {
            "doc_ids": docids,
            "doc_model": "family.card",
            "docs": cards,
            "today": today,
            "qr_codes": {card.id: self._qr_code(card.number) for card in cards},
            "members": {card.id: card.household_id._members_on(today) for card in cards},
        }

    @api.model
    def _qr_code(self, text):
        """QR code of a text as the source of an image: nothing has to be fetched when it is printed.

        :param str text: the number of the card, which the tills read (R-004-71)
        """
        image = self.env["ir.actions.report"].barcode("QR", text, width=300, height=300, quiet=0)
        return f"data:image/png;base64,{base64.b64encode(image).decode()}"


class FamilyCardLetterPrint(models.AbstractModel):
    """The letter needs the same as the card."""

    _name = "report.family_card.report_letter"
    _inherit = "report.family_card.report_card"
    _description = "Printed letter"
