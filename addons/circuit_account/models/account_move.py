from odoo import models
from odoo.exceptions import UserError


class AccountMove(models.Model):
    _inherit = "account.move"

    def button_draft(self):
        """Entries of the circuit stay posted: what they booked would count as booked all the same.

        :raise UserError: an entry books something of the circuit
        """
        self._check_books_nothing()
        return super().button_draft()

    def button_cancel(self):
        """As :meth:`button_draft`.

        :raise UserError: an entry books something of the circuit
        """
        self._check_books_nothing()
        return super().button_cancel()

    def _check_books_nothing(self):
        """Refuse entries that book payments at shops, credits or expiries.

        :raise UserError: naming the entry
        """
        # sudo: accountants need no right on the circuit's records
        for model in ("circuit.transaction", "circuit.booking"):
            found = self.env[model].sudo().search([("move_id", "in", self.ids)], limit=1)
            if found:
                raise UserError(
                    self.env._(
                        "%s books payments or credits of the circuit and stays as it is. Correct it with an entry of its"
                        " own: the reconciliation report shows the difference until then.",
                        found.move_id.name,
                    )
                )
