import json
from datetime import UTC
from decimal import Decimal
from zoneinfo import ZoneInfo

from odoo import api, fields, models, tools
from odoo.tools import SQL

from odoo.addons.stored_value.tools import kept_transaction, read_committed

from ..rules.refusals import Code, Refusal, details
from ..rules.till import (
    Merchant,
    Paid,
    fingerprint,
    lines_digest,
    parse_key,
    parse_money,
    parse_reference,
    parse_request,
    unproven,
)


class CircuitTill(models.AbstractModel):
    """The contract POS, web till and API share (design.md 4.2). Its methods are private: a
    controller that knows which merchant the caller works for calls them with sudo."""

    _name = "circuit.till"
    _description = "Till contract"

    @api.model
    def _instruments(self):
        """Models that can pay, in the order in which an identifier is offered to them.

        :return: list of model names inheriting ``circuit.instrument``
        """
        return []

    # ------------------------------------------------------------------ calls

    @api.model
    def _authorize(self, terminal, request):
        """Debit an instrument for a purchase and hold the amount until capture or void.

        The same key with the same content gets the same answer and never a second debit.

        :param Terminal terminal: who asks, established by the server
        :param dict request: key, identifier, secret, documents, lines, requested, order_ref (rules/till.py)
        :return: dict, authorised or refused; a refusal is noted (R-004-71, R-004-75 … R-004-83)
        """
        purchase = parse_request(request)
        with kept_transaction(self.env) as env:
            return self.with_env(env)._decide(terminal, purchase)

    @api.model
    def _decide(self, terminal, purchase):
        """Grant or refuse a purchase in the database transaction of the caller, which is READ COMMITTED.

        :param Terminal terminal: who asks
        :param purchase: Purchase as parsed, or a Refusal
        :return: dict as of ``_authorize``
        """
        refusal = self._throttled(terminal, purchase)
        if refusal or isinstance(purchase, Refusal):
            return self._refuse(terminal, refusal or purchase)
        at = fields.Datetime.now()
        purchase = self._with_others(terminal, purchase, at)
        instrument, handle = self._identify(purchase.identifier, at, terminal.merchant_id)
        if isinstance(handle, Refusal):
            return self._refuse(terminal, self._unproven(handle, terminal, purchase.documents))
        merchant = self._merchant(terminal.merchant_id, handle.circuit_id, at)
        quote = merchant if isinstance(merchant, Refusal) else instrument._circuit_quote(handle, merchant, purchase, at)
        if isinstance(quote, Refusal):
            hold = self._request_identity(terminal, purchase)
            if not isinstance(merchant, Refusal):
                hold["category_id"] = merchant.category_id  # whose account the refusal speaks of
        else:
            hold = self._hold(terminal, purchase, merchant, handle, instrument, quote, at)
        outcome = instrument._circuit_charge(handle, purchase.secret, quote, hold)
        if outcome["outcome"] == "quote":
            return self._refuse(terminal, quote._replace(**details(outcome)), instrument, handle)
        if outcome.get("code") in (Code.UNKNOWN_OR_PIN, Code.DOCUMENTS):
            unproven = self._unproven(Refusal(Code(outcome["code"])), terminal, purchase.documents)
            return self._refuse(terminal, unproven, instrument, handle)
        if outcome["outcome"] == "refused":
            self._note_refusal(terminal, outcome["code"], instrument, handle)
        return self._reply(outcome)

    @api.model
    def _status(self, terminal, key):
        """What became of a key, for a till that lost the answer.

        :return: dict: authorised or captured as ``_authorize`` answers, else status voided,
            expired or unknown (also for another merchant's key)
        """
        transaction = self._find(terminal, key)
        if not transaction:
            return {"status": "unknown", "key": str(key)[:64]}
        return transaction._till_reply()

    @api.model
    def _void(self, terminal, keys):
        """Give back holds; a captured one stays. Unknown keys are marked, so that a request that
        is still on its way is refused.

        :param list keys: at most 50 keys
        :return: dict of key to reply
        """
        replies = {}
        for key in keys[:50] if isinstance(keys, list) else []:
            # a transaction each: locks of several accounts at once could block other tills for good
            read_committed(self.env)
            try:
                clean = parse_key(key)
            except ValueError:
                replies[str(key)[:64]] = self._refused(Refusal(Code.BAD_REQUEST))
                continue
            state = self.env["circuit.transaction"]._release(clean, "voided", terminal)
            if state == "KEY_CONFLICT":
                replies[clean] = self._refused(Refusal(Code.KEY_CONFLICT))
            else:
                replies[clean] = self._status(terminal, clean)
        return replies

    @api.model
    def _refund(self, terminal, request):
        """Open a refund of a captured payment; the money goes back when the refund is captured.

        :param dict request: key, origin_key, amount ("5.00"), order_ref, reason (optional)
        :return: dict, authorised (amount at most what is left of the payment) or refused
        """
        try:
            key, origin_key = parse_key(request.get("key")), parse_key(request.get("origin_key"))
            order_ref = parse_reference(request.get("order_ref") or "")
        except (ValueError, AttributeError):
            return self._refused(Refusal(Code.BAD_REQUEST))
        try:
            amount = parse_money(request.get("amount"))
        except ValueError:
            return self._refused(Refusal(Code.BAD_AMOUNT))
        if amount <= 0:
            return self._refused(Refusal(Code.BAD_AMOUNT))
        read_committed(self.env)
        payload = {
            "key": key,
            "origin_key": origin_key,
            "amount": str(amount),
            "fingerprint": f"refund:{origin_key}:{order_ref}:{amount:.2f}",
            "merchant_id": terminal.merchant_id,
            "channel": terminal.channel,
            "terminal": terminal.ref,
            "session_ref": terminal.session_ref,
            "order_ref": order_ref,
            "reason": str(request.get("reason") or "")[:200] or None,
            "at": fields.Datetime.to_string(fields.Datetime.now()),
            "uid": self.env.uid,
        }
        [(outcome,)] = self.env.execute_query(SQL("SELECT circuit_refund(%s::jsonb)", json.dumps(payload)))
        self.env["circuit.transaction"]._forget()
        return self._reply(outcome)

    # ------------------------------------------------------------------ parts

    @api.model
    def _identify(self, identifier, at, merchant_id):
        """Offer an identifier to every instrument; one of the merchant's own circuits comes first, for
        a person may hold cards of several public bodies (R-003-08).

        :return: (model, handle), or (None, Refusal)
        """
        circuits = [merchant.circuit_id for merchant, _from, _to in self._agreements(merchant_id)]
        refusal = Refusal(Code.BAD_IDENTIFIER)
        for name in self._instruments():
            handle = self.env[name]._circuit_identify(identifier, at, circuits)
            if handle is None:
                refusal = Refusal(Code.UNKNOWN_OR_PIN)
            elif not isinstance(handle, Refusal):
                return self.env[name], handle
            elif handle.code != Code.BAD_IDENTIFIER:
                return None, handle
        return None, refusal

    @api.model
    def _reducing(self):
        """Instruments that are taken off a purchase before the others' rules look at it.

        :return: list of model names
        """
        return []

    @api.model
    def _with_others(self, terminal, purchase, at):
        """The purchase with what other instruments already pay of the same order, and what coupons take off each of
        its lines (examples.md H16).

        :return: Purchase
        """
        reducing = self._reducing()
        if not reducing or not purchase.order_ref:
            return purchase
        rows = self.env.execute_query(
            SQL(
                "SELECT * FROM circuit_order_payments(%s, %s, %s, %s, %s)",
                terminal.merchant_id,
                purchase.order_ref,
                purchase.key,
                lines_digest(purchase.lines),
                at,
            )
        )
        purchase = purchase._replace(before=tuple(Paid(model, one, Decimal(amount)) for model, one, amount in rows))
        for paid in purchase.before:
            if paid.model in reducing:
                parts = self.env[paid.model]._circuit_taken(paid, purchase, terminal.merchant_id)
                taken = purchase.taken or (Decimal(0),) * len(parts)
                purchase = purchase._replace(taken=tuple(map(sum, zip(taken, parts, strict=True))))
        return purchase

    @api.model
    def _checks(self, merchant_id, at):
        """What the cashier of a shop has to ask for, over all programmes its circuits run (B09).

        :param int merchant_id: the shop
        :param datetime at: UTC instant
        :return: frozenset of ``pin`` and ``documents``; the PIN where nothing runs yet
        """
        circuits = sorted({merchant.circuit_id for merchant, _from, _to in self._agreements(merchant_id)})
        checks = frozenset().union(*(self.env[name]._circuit_checks(circuits, at) for name in self._instruments()))
        return checks or frozenset({"pin"})

    @api.model
    def _unproven(self, refusal, terminal, documents):
        """The refusal told when the holder was not identified: the same for cards that do not exist."""
        checks = self._checks(terminal.merchant_id, fields.Datetime.now())
        return refusal._replace(code=unproven(refusal.code, checks, documents))

    @api.model
    def _merchant(self, merchant_id, circuit_id, at):
        """The agreement under which a merchant may charge at an instant (R-001-03, R-004-90).

        :return: Merchant, or Refusal NO_AGREEMENT / CIRCUIT_STOPPED
        """
        for merchant, date_from, date_to in self._agreements(merchant_id):
            today = at.replace(tzinfo=UTC).astimezone(ZoneInfo(merchant.tz)).date()
            if merchant.circuit_id == circuit_id and date_from <= today and (not date_to or today <= date_to):
                return merchant if merchant.running else Refusal(Code.CIRCUIT_STOPPED)
        return Refusal(Code.NO_AGREEMENT)

    @api.model
    @tools.ormcache("merchant_id")
    def _agreements(self, merchant_id):
        """Accepting agreements of a merchant; cleared whenever agreements, circuits or shops change.

        :return: tuple of (Merchant, first day, last day or False)
        """
        agreements = self.env["circuit.agreement"].search(
            [("merchant_id", "=", merchant_id), ("state", "=", "active"), ("role_accept", "=", True)]
        )
        return tuple(
            (
                Merchant(
                    agreement_id=agreement.id,
                    circuit_id=agreement.circuit_id.id,
                    merchant_id=merchant_id,
                    category_id=agreement.category_id.id,
                    activity_id=agreement.activity_id.id,
                    company_id=agreement.company_id.id,
                    currency_id=agreement.company_id.currency_id.id,
                    hold_minutes=agreement.circuit_id.hold_minutes,
                    running=agreement.circuit_id.state == "running",
                    name=agreement.merchant_id._shop_label(),
                    tz=agreement.circuit_id.tz,
                ),
                agreement.date_from,
                agreement.date_to,
            )
            for agreement in agreements
        )

    @api.model
    def _request_identity(self, terminal, purchase):
        """What tells one request from another (key, fingerprint, merchant), and what the cashier has seen."""
        return {
            "key": purchase.key,
            "fingerprint": fingerprint(terminal, purchase),
            "merchant_id": terminal.merchant_id,
            "documents": purchase.documents._asdict(),
        }

    @api.model
    def _hold(self, terminal, purchase, merchant, handle, instrument, quote, at):
        """Arguments of SQL ``circuit_hold``, without the account."""
        return {
            **self._request_identity(terminal, purchase),
            "lines_digest": lines_digest(purchase.lines),
            "ceiling": str(quote.ceiling),
            "requested": None if quote.requested is None else str(quote.requested),
            "insufficient": quote.insufficient,
            "purchase_total": str(purchase.total),
            "eligible_total": str(quote.eligible),
            "agreement_id": merchant.agreement_id,
            "category_id": merchant.category_id,
            "company_id": merchant.company_id,
            "currency_id": merchant.currency_id,
            "hold_minutes": merchant.hold_minutes,
            "memo": merchant.name,
            "channel": terminal.channel,
            "terminal": terminal.ref,
            "session_ref": terminal.session_ref,
            "place_id": terminal.place_id,
            "order_ref": purchase.order_ref,
            "instrument_model": instrument._name,
            "instrument_id": handle.id,
            "holder_mask": handle.mask,
            "at": fields.Datetime.to_string(at),
            "uid": self.env.uid,
        }

    @api.model
    def _find(self, terminal, key):
        try:
            key = parse_key(key)
        except ValueError:
            return self.env["circuit.transaction"]
        return self.env["circuit.transaction"].search([("key", "=", key), ("merchant_id", "=", terminal.merchant_id)])
