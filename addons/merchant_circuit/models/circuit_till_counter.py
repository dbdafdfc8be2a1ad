from datetime import timedelta
from decimal import Decimal

from odoo import api, fields, models

from odoo.addons.stored_value.tools import kept_transaction, read_committed

from ..rules.refusals import Code, Refusal
from ..rules.till import parse_key, parse_lines, parse_reference


class CircuitTill(models.AbstractModel):
    """Calls of counters that sell in one step, without an order that is stored later."""

    _inherit = "circuit.till"

    @api.model
    def _pay(self, terminal, request):
        """Authorise and capture a purchase in one database transaction (R-004-82): afterwards the card was
        debited for good or not at all. The same key with the same content gets the same answer.

        :param Terminal terminal: who asks, established by the server
        :param dict request: as for ``_authorize``
        :return: dict, captured or refused
        """
        with kept_transaction(self.env) as env:
            reply = self.with_env(env)._authorize(terminal, request)
            if reply["status"] == "authorized":
                env["circuit.transaction"]._capture(
                    terminal,
                    reply["key"],
                    request["order_ref"],
                    Decimal(reply["amount"]),
                    parse_lines(request["lines"]),
                )
                reply = {**reply, "status": "captured"}
        return reply

    @api.model
    def _reverse_last(self, terminal, request):
        """Take back the last payment of this till as long as the circuit lets the shop do so by itself; what
        is left of it goes back to the card with its dates (R-004-57, R-004-84).

        :param Terminal terminal: who asks, established by the server
        :param dict request: key, origin_key and reason (text, kept with the refund)
        :return: dict, captured (a refund) or refused
        """
        try:
            key, origin_key = parse_key(request.get("key")), parse_key(request.get("origin_key"))
            reason = parse_reference(request.get("reason")).strip()
        except (ValueError, AttributeError):
            return self._refused(Refusal(Code.BAD_REQUEST))
        if not reason:
            return self._refused(Refusal(Code.BAD_REQUEST))
        read_committed(self.env)
        origin = self._find(terminal, origin_key)
        if not origin:
            return self._refused(Refusal(Code.NO_ORIGIN))
        # a repeated question gets its old answer, however late it comes
        if not self._find(terminal, key) and origin != self._reversible(terminal):
            return self._refused(Refusal(Code.TOO_LATE))
        order_ref = origin.order_ref or ""
        reply = self._refund(
            terminal,
            {
                "key": key,
                "origin_key": origin_key,
                "amount": f"{origin.amount:.2f}",
                "order_ref": order_ref,
                "reason": reason,
            },
        )
        if reply["status"] != "authorized":
            return reply
        self.env["circuit.transaction"]._capture(terminal, key, order_ref, Decimal(reply["amount"]))
        return self._status(terminal, key)

    @api.model
    def _reversible(self, terminal):
        """The payment that this till may take back by itself now: its last one that was not taken back.

        :param Terminal terminal: the till
        :return: circuit.transaction, empty where there is none or its time is over
        """
        last = self.env["circuit.transaction"].search(
            [
                ("merchant_id", "=", terminal.merchant_id),
                ("terminal", "=", terminal.ref),
                ("kind", "=", "payment"),
                ("state", "=", "captured"),
                ("refund_ids", "not any", [("state", "in", ("authorized", "captured"))]),
            ],
            order="id desc",
            limit=1,
        )
        minutes = last.agreement_id.circuit_id.reversal_minutes
        return (
            last if last and last.captured_at >= fields.Datetime.now() - timedelta(minutes=minutes) else last.browse()
        )
