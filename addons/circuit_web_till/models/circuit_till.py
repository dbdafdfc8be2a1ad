from datetime import UTC, datetime, time
from decimal import Decimal

from odoo import api, models
from odoo.tools.misc import format_date

from odoo.addons.stored_value.tools import to_decimal

SHOWN = 8


class CircuitTill(models.AbstractModel):
    """What the page of the web till shows; called with sudo by its controller, for one merchant."""

    _inherit = "circuit.till"

    @api.model
    def _web_standing(self, merchant_id):
        """Whether the shop may charge cards now, and what it is told where it may not (R-001-03, R-004-60).

        :param int merchant_id: the shop
        :return: dict of ready (in one circuit at least) and notices (sentences)
        """
        agreements = self.env["circuit.agreement"].search(
            [("merchant_id", "=", merchant_id), ("role_accept", "=", True)], order="id desc"
        )
        rank = ["active", "suspended", "draft", "ended"]
        notices, ready = [], False
        for circuit in agreements.circuit_id:
            agreement = agreements.filtered(lambda line, circuit=circuit: line.circuit_id == circuit)
            notice = self._web_obstacle(agreement.sorted(lambda line: rank.index(line.state))[:1])
            ready |= not notice
            notices += notice and [notice]
        if not agreements:
            notices.append(self.env._("The shop has no agreement: no card can be charged. Call the public body."))
        return {"ready": ready, "notices": notices}

    @api.model
    def _web_obstacle(self, agreement):
        """Why cards of an agreement's circuit are not accepted now.

        :return: str, empty when they are
        """
        circuit = agreement.circuit_id
        today = circuit._local_today()
        name = circuit.name
        if agreement.state == "suspended":
            return self.env._("%s: the agreement is suspended. Call the public body.", name)
        if agreement.state == "draft":
            return self.env._("%s: the agreement is not signed yet. Call the public body.", name)
        if agreement.state == "ended" or (agreement.date_to and agreement.date_to < today):
            return self.env._("%s: the agreement has ended. Call the public body.", name)
        if agreement.date_from > today:
            day = format_date(self.env, agreement.date_from)
            return self.env._("%(circuit)s: the agreement begins on %(day)s.", circuit=name, day=day)
        if circuit.state == "stopped":
            return self.env._("%s: the circuit is stopped, no card is accepted until further notice.", name)
        return ""

    @api.model
    def _web_day(self, terminal, zone):
        """The shop's operations of today, newest first, and the one this till may take back (R-004-95).

        :param Terminal terminal: the till
        :param zone: ZoneInfo that decides what today is
        :return: dict of operations and reversible (key or None)
        """
        midnight = datetime.combine(datetime.now(zone).date(), time.min, tzinfo=zone)
        transactions = self.env["circuit.transaction"].search(
            [
                ("merchant_id", "=", terminal.merchant_id),
                ("state", "=", "captured"),
                ("captured_at", ">=", midnight.astimezone(UTC).replace(tzinfo=None)),
            ],
            limit=SHOWN,
            order="id desc",
        )
        return {
            "operations": [
                {
                    "kind": transaction.kind,
                    "at": self._web_instant(transaction.captured_at),
                    "reference": transaction.reference,
                    "holder": transaction.holder_mask,
                    "purchase": f"{to_decimal(transaction.purchase_total):.2f}",
                    "amount": f"{to_decimal(transaction.amount):.2f}",
                }
                for transaction in transactions
            ],
            "reversible": self._web_reversible(terminal),
        }

    @api.model
    def _web_reversible(self, terminal):
        last = self._reversible(terminal)
        if not last:
            return None
        return {"key": last.key, "reference": last.reference, "amount": f"{to_decimal(last.amount):.2f}"}

    @api.model
    def _web_receipt(self, terminal, reply):
        """What the receipt of a payment or a reversal shows (R-004-81).

        :param Terminal terminal: the till
        :param dict reply: answer of the till contract, captured
        :return: dict
        """
        transaction = self._find(terminal, reply["key"])
        shop = transaction.merchant_id
        total, paid = to_decimal(transaction.purchase_total), to_decimal(transaction.amount)
        return {
            "shop": shop._shop_label(),
            "address": ", ".join(filter(None, (shop.street, shop.city))),
            "kind": transaction.kind,
            "at": self._web_instant(transaction.captured_at),
            "reference": transaction.reference,
            "holder": transaction.holder_mask,
            "instrument": reply["instrument"],
            "account": reply["account"],
            "purchase": f"{total:.2f}",
            "amount": f"{paid:.2f}",
            "collect": f"{self._web_collect(transaction):.2f}",
            "vat_treatment": reply.get("vat_treatment", ""),
            "balance": reply["balance"],
            "origin": transaction.origin_id.reference or "",
            "reason": transaction.reason or "",
        }

    @api.model
    def _web_collect(self, transaction):
        """What the citizen still owes the shop for a purchase: coupons and a card may have paid of it (H16).

        :param transaction: circuit.transaction, the last of them
        :return: Decimal, EUR
        """
        payments = transaction.search(
            [
                ("merchant_id", "=", transaction.merchant_id.id),
                ("order_ref", "=", transaction.order_ref),
                ("kind", "=", "payment"),
                ("state", "=", "captured"),
            ]
        )
        left = to_decimal(transaction.purchase_total)
        for payment in payments | transaction:
            back = payment.refund_ids.filtered(lambda refund: refund.state == "captured")
            left -= to_decimal(payment.amount) - sum(map(to_decimal, back.mapped("amount")), Decimal(0))
        return left

    @staticmethod
    def _web_instant(instant):
        return instant.replace(tzinfo=UTC).isoformat()
