"""The till's four questions over JSON-RPC. Who asks is read from the login and the open session; the
client never names merchant, company or activity."""

from decimal import Decimal

from werkzeug.exceptions import NotFound

from odoo import _, http
from odoo.http import request

from odoo.addons.merchant_circuit.rules.refusals import Code, Refusal
from odoo.addons.merchant_circuit.rules.till import MAX_LINES, Terminal, parse_key, parse_money

MAX_KEYS = 20


class CircuitTill(http.Controller):
    @http.route("/pos_circuit/<int:config_id>/authorize", type="jsonrpc", auth="user")
    def authorize(
        self,
        config_id,
        key=None,
        identifier=None,
        secret="",
        documents=None,
        lines=None,
        requested=None,
        order_ref=None,
        **unknown,
    ):
        """Hold the card's share of a purchase (R-004-72 … R-004-83, R-001-12, R-001-15).

        :param str key: UUID of the payment line; the same key never debits twice
        :param str identifier: fiscal code or card number; ``secret``: the PIN, where one is asked for
        :param dict documents: ``{"health_card": true, "identity": true}``, what the cashier has seen
        :param list lines: dicts of product_id and amount ("18.00", taxes included)
        :param str requested: amount wished for, or None for as much as the rules allow
        :param str order_ref: UUID of the order
        :return: dict, see ``circuit.till``; a refusal is an answer
        """
        terminal = self._terminal(config_id)
        if isinstance(terminal, dict):
            return terminal
        try:
            rows = self._by_activity(lines)
        except (KeyError, TypeError, ValueError):
            return self._refused(Code.BAD_AMOUNT)
        # sudo: the terminal was checked under the user's own rights
        return (
            request.env["circuit.till"]
            .sudo()
            ._authorize(
                terminal,
                {
                    "key": key,
                    "identifier": identifier,
                    "secret": secret,
                    "documents": documents,
                    "lines": rows,
                    "requested": requested,
                    "order_ref": order_ref,
                },
            )
        )

    @http.route("/pos_circuit/<int:config_id>/status", type="jsonrpc", auth="user")
    def status(self, config_id, key=None, **unknown):
        """What became of a key (reply lost, tab closed).

        :return: dict, ``{"status": "unknown"}`` included
        """
        terminal = self._terminal(config_id)
        if isinstance(terminal, dict):
            return terminal
        if not isinstance(key, str):
            return self._refused(Code.BAD_REQUEST)
        return request.env["circuit.till"].sudo()._status(terminal, key)  # sudo: as in authorize

    @http.route("/pos_circuit/<int:config_id>/void", type="jsonrpc", auth="user")
    def void(self, config_id, keys=None, **unknown):
        """Give up holds; unknown keys are remembered so that a late request is refused.

        :return: dict of key to reply
        """
        terminal = self._terminal(config_id)
        if isinstance(terminal, dict):
            return terminal
        if not isinstance(keys, list) or len(keys) > MAX_KEYS or not all(isinstance(key, str) for key in keys):
            return self._refused(Code.BAD_REQUEST)
        return request.env["circuit.till"].sudo()._void(terminal, keys)  # sudo: as in authorize

    @http.route("/pos_circuit/<int:config_id>/holds", type="jsonrpc", auth="user")
    def holds(self, config_id, **unknown):
        """Card payments this till holds and nobody confirmed, for a browser that lost its orders.

        :return: dict of holds: list of key, kind, reference, amount, holder (masked), order_ref and at (UTC)
        """
        terminal = self._terminal(config_id)
        if isinstance(terminal, dict):
            return terminal
        # sudo: as in authorize; the till's own transactions only
        return {"holds": request.env["circuit.transaction"].sudo()._pos_open_holds(terminal)}

    @http.route("/pos_circuit/<int:config_id>/refund", type="jsonrpc", auth="user")
    def refund(self, config_id, key=None, origin_key=None, amount=None, returned=None, order_ref=None, **unknown):
        """Prepare the return of money to the instrument; it goes back when the order is stored.

        :param str amount: what to give back; None = as much as must go back for goods worth ``returned``
        :param str returned: value of the goods returned by this order, taxes included
        :return: dict; ``{"status": "nothing"}`` when nothing has to go back
        """
        terminal = self._terminal(config_id)
        if isinstance(terminal, dict):
            return terminal
        try:
            if amount is None:
                amount = self._proposed_refund(terminal, origin_key, parse_money(returned))
        except ValueError:
            return self._refused(Code.BAD_AMOUNT)
        if amount is None:
            return {"status": "nothing", "key": key}
        return (
            request.env["circuit.till"]
            .sudo()  # sudo: as in authorize
            ._refund(terminal, {"key": key, "origin_key": origin_key, "amount": amount, "order_ref": order_ref})
        )

    @staticmethod
    def _proposed_refund(terminal, origin_key, returned):
        """Amount that must go back, as text; None when none is due. An unknown origin gets the whole
        value: the till service refuses it by itself."""
        try:
            origin_key = parse_key(origin_key)
        except ValueError:
            return f"{returned:.2f}"
        # sudo: limited to the terminal's own merchant
        origin = (
            request.env["circuit.transaction"]
            .sudo()
            .search([("key", "=", origin_key), ("merchant_id", "=", terminal.merchant_id)], limit=1)
        )
        if not origin:
            return f"{returned:.2f}"
        due = origin._pos_refund_due(returned)
        return f"{due:.2f}" if due > 0 else None

    @staticmethod
    def _terminal(config_id):
        """The till that asks, seen with the user's own rights.

        :return: Terminal, or a refusal (dict) when its session is not open
        :raise NotFound: no such till for this user; 404 says nothing about other merchants' tills
        """
        configs = request.env["pos.config"]
        owner = configs._circuit_till_of(config_id)
        if not owner:
            raise NotFound()
        session_id = configs._circuit_open_session(config_id)
        if session_id:
            place_id = configs._circuit_place(config_id)
            return Terminal(*owner, "pos", f"pos.config,{config_id}", f"pos.session,{session_id}", place_id)
        return {
            "status": "refused",
            "code": Code.BAD_REQUEST.value,
            "message": _("Open the session of this till first."),
        }

    @staticmethod
    def _refused(code):
        sentence = request.env["circuit.till"].sudo()._sentence(Refusal(code))  # sudo: texts only
        return {"status": "refused", "code": code.value, "message": sentence}

    @staticmethod
    def _by_activity(lines):
        """The purchase, summed by activity of the products.

        :raise ValueError, TypeError, KeyError: malformed lines, unknown product
        """
        if not isinstance(lines, list) or not 0 < len(lines) <= MAX_LINES:
            raise ValueError("lines")
        totals = {}
        products = request.env["product.product"]
        for line in lines:
            if type(line["product_id"]) is not int or not 0 < line["product_id"] < 2**31:
                raise ValueError("product")
            activity = products._circuit_activity(line["product_id"])
            totals[activity] = totals.get(activity, Decimal()) + parse_money(line["amount"])
        return [{"activity_id": activity, "amount": f"{amount:.2f}"} for activity, amount in totals.items() if amount]
