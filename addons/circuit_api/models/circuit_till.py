from decimal import Decimal

from odoo import api, models
from odoo.exceptions import UserError

from odoo.addons.merchant_circuit.rules.refusals import Code, Refusal
from odoo.addons.stored_value.tools import read_committed, to_decimal

#: Why a capture or a void finds nothing to do; beside the refusal codes of the till contract.
CAPTURED = "CAPTURED"
MISMATCH = "MISMATCH"


class CircuitTill(models.AbstractModel):
    """The parts of the till contract that Odoo's own tills do inside a sale."""

    _inherit = "circuit.till"

    @api.model
    def _confirm(self, terminal, key, order_ref, amount):
        """Capture an authorised payment for a program outside: what it sold is what was authorised, for it has no
        order here. Calling it again changes nothing (R-004-76).

        :param Terminal terminal: who asks
        :param str key: key of the authorisation
        :param str order_ref: order it was authorised for
        :param str amount: the authorised amount, EUR
        :return: dict: the till's answer with status captured; else ``{"code": …}``: NO_ORIGIN unknown here, KEY_USED
            voided or expired, MISMATCH another order or amount
        """
        read_committed(self.env)
        transaction = self._own_payment(terminal, key)
        if not transaction:
            return {"code": str(Code.NO_ORIGIN)}
        amount = Decimal(amount)
        if transaction.order_ref != order_ref or to_decimal(transaction.amount) != amount:
            # a key that was voided before it was ever seen has neither
            return {"code": str(Code.KEY_USED) if transaction.state in ("voided", "expired") else MISMATCH}
        try:
            self.env["circuit.transaction"]._capture(
                terminal, transaction.key, order_ref, amount, digest=transaction.lines_digest
            )
        except UserError:
            # voided or expired, before or meanwhile: the rest was compared above
            return {"code": str(Code.KEY_USED)}
        return self._status(terminal, key)

    @api.model
    def _give_back(self, terminal, request):
        """Refund a captured payment and send the money back to the card at once, in one database transaction
        (R-004-84).

        :param dict request: as for ``_refund``
        :return: dict: the till's answer with status captured, or a refusal
        """
        reply = self._refund(terminal, request)
        if reply["status"] != "authorized":
            return reply
        self.env["circuit.transaction"]._capture(
            terminal, reply["key"], request.get("order_ref") or "", Decimal(reply["amount"])
        )
        return self._status(terminal, reply["key"])

    @api.model
    def _own_payment(self, terminal, key, kind="payment"):
        """A merchant's own transaction.

        :param str kind: payment or refund
        :return: circuit.transaction, empty when there is none
        """
        return self._find(terminal, key).filtered(lambda transaction: transaction.kind == kind)

    @api.model
    def _annul(self, terminal, key):
        """Give one hold back, see ``_void``.

        :return: dict: status voided or expired, or ``{"code": …}``: CAPTURED, KEY_CONFLICT
        """
        [reply] = self._void(terminal, [key]).values()
        if reply["status"] == "captured":
            return {"code": CAPTURED}
        return reply if reply["status"] != "refused" else {"code": reply["code"]}

    @api.model
    def _refusal_reply(self, code):
        """A refusal as the till answers it, for a code the routes found out themselves.

        :param Code code: the code
        """
        return self._refused(Refusal(code))
