import json
import re
from datetime import timedelta
from decimal import Decimal
from typing import NamedTuple

from odoo import api, fields, models
from odoo.tools import SQL

from odoo.addons.merchant_circuit.rules import one_time_code, refusals, till
from odoo.addons.stored_value.tools import install_functions, query_about_a_person

from ..rules import charge, fiscal_code, periods

_NUMBER = re.compile(r"[A-Z0-9]{1,8}-[0-9]{4}-[0-9]{1,10}", re.ASCII)

# refusals that speak of an amount: with them the shop is told what is left
_AMOUNT_CODES = frozenset({refusals.Code.MIN_SPEND, refusals.Code.OWN_SHARE, refusals.Code.WRONG_SHARE})


class CardHandle(NamedTuple):
    """A card found at the till: plain values, one query."""

    id: int
    circuit_id: int
    mask: str
    label: str
    kind: str
    program_id: int
    salt: str
    rules: object
    code: int | None = None
    """Row of the one-time code that was shown."""


class FamilyCard(models.Model):
    """The card as an instrument of the circuit: the hot path, without the ORM."""

    _inherit = "family.card"

    def init(self):
        """Install the SQL side of the charge."""
        install_functions(self.env.cr, "family_card/sql/charge.sql")

    def _circuit_label(self):
        """Name of the instrument on screens and receipts: the programme's name for this card."""
        # sudo: a shop's till may not read cards; only the name on the card leaves here
        return self.sudo().program_id.card_label or self.env._("Family Card")

    @api.model
    def _circuit_checks(self, circuits, at):
        """What the programmes that run in some circuits ask for at the till, from memory (B09, R-001-12)."""
        program = self.env["family.card.program"]
        running = [program._till_rules(one, at) for circuit in circuits for one in program._running(circuit)]
        return frozenset(
            check
            for rules in filter(None, running)
            for check, on in (("pin", rules.check_pin), ("documents", rules.check_documents))
            if on
        )

    @api.model
    def _circuit_admission(self, circuit_id, day):
        """Shops that the running programmes of a circuit exclude, from memory (R-004-40, R-004-79)."""
        program = self.env["family.card.program"]
        rules = [program._till_rules_on(one, day) for one in program._running(circuit_id)]
        return [charge.closed_shops(one.terms) for one in rules if one]

    @api.model
    def _circuit_identify(self, identifier, at, circuits=()):
        """Find a card by its number (typed, or the text of its QR code) or its holder's fiscal code
        (typed, or the bar code of the health card), or by a one-time code (R-004-71, R-004-73).

        :param str identifier: as typed or scanned
        :param datetime at: naive UTC
        :param circuits: ids of the merchant's circuits; a card of one of them comes first
        :return: CardHandle, None when unknown, Refusal BAD_IDENTIFIER when it can be none of them, CODE_EXPIRED for a
            one-time code that was never issued here or is long gone
        """
        text = identifier.strip(" *\t\r\n").upper()
        if one_time_code.is_code(text):
            return self._circuit_identify_code(text, at)
        number = text if _NUMBER.fullmatch(text) else None
        code = None if number else fiscal_code.normalise(text)
        if code is not None and not fiscal_code.is_valid(text, provisional=True):
            return refusals.Refusal(refusals.Code.BAD_IDENTIFIER)
        rows = query_about_a_person(
            self.env, SQL("SELECT * FROM family_card_find(%s, %s, %s::integer[])", number, code, list(circuits))
        )
        if not rows:
            return None
        return self._handle(rows[0], at)

    @api.model
    def _circuit_identify_code(self, text, at):
        """The card behind a one-time code, also a spent or an old one: whether it still pays is the charge's to say,
        after it has looked for the same request's answer.

        :return: CardHandle, or Refusal CODE_EXPIRED
        """
        nonce = one_time_code.decode(self._pin_secret(), text)
        rows = nonce and self.env.execute_query(
            SQL("SELECT * FROM family_card_find_code(%s)", one_time_code.digest(nonce))
        )
        if not rows:
            return refusals.Refusal(refusals.Code.CODE_EXPIRED)
        *card, code = rows[0]
        return self._handle(card, at)._replace(code=code)

    @api.model
    def _handle(self, row, at):
        """A row of SQL ``family_card_find`` as the till's handle."""
        card, number, code, kind, program, salt, circuit = row
        return CardHandle(
            id=card,
            circuit_id=circuit,
            mask=fiscal_code.mask(code or ""),
            label=number,
            kind=kind,
            program_id=program,
            salt=salt,
            rules=self.env["family.card.program"]._till_rules(program, at),
        )

    @api.model
    def _circuit_quote(self, handle, merchant, purchase, at):
        """What the programme's rules allow; no query (R-004-33, R-004-77 to R-004-79).

        :param CardHandle handle: answer of :meth:`_circuit_identify`
        :return: Quote or Refusal of merchant_circuit
        """
        rules = handle.rules
        if rules is None:
            return refusals.Refusal(refusals.Code.NOT_YET)
        if not rules.open:
            return refusals.Refusal(refusals.Code.ENDED)
        answer = charge.quote(
            rules.terms, handle.kind, purchase.net, purchase.requested, merchant.activity_id, at, purchase.lines
        )
        if isinstance(answer, charge.Refusal):
            return refusals.Refusal(refusals.Code(answer.code), answer.limit, answer.until)
        return till.Quote(answer.ceiling, answer.requested, answer.eligible, answer.insufficient, answer.waived_below)

    @api.model
    def _circuit_charge(self, handle, secret, quote, hold):
        """Check the PIN, the documents or both, and debit, in one statement (R-004-71, R-004-74, R-004-75,
        R-001-12). A one-time code takes the place of the PIN, and of the documents where the programme says so.

        :param CardHandle handle: answer of :meth:`_circuit_identify`
        :param str secret: PIN; ignored where the programme asks for none and beside a one-time code
        :param quote: Quote or Refusal; a Refusal is told only once the holder is identified
        :param dict hold: arguments of SQL ``circuit_hold`` without the account
        :return: dict, outcome authorized, replay, refused or quote
        """
        rules = handle.rules
        if handle.code and not (rules and rules.code_seconds):
            return {"outcome": "refused", "code": refusals.Code.CODE_EXPIRED}
        check_documents = bool(rules) and rules.check_documents and not (handle.code and rules.code_documents)
        if check_documents and not till.Documents(**hold["documents"]).complete:
            return {"outcome": "refused", "code": refusals.Code.DOCUMENTS}
        check_pin = not rules or rules.check_pin
        digest = self._pin_digest(handle.salt, secret) if check_pin and not handle.code else ""
        if check_pin and not digest and not handle.code:
            # Not four to twelve digits: no try at the PIN, nothing is written.
            return {"outcome": "refused", "code": refusals.Code.UNKNOWN_OR_PIN}
        refused = isinstance(quote, refusals.Refusal)
        if refused and not check_pin and quote.code == refusals.Code.NO_AGREEMENT:
            # Whoever holds a voucher is in need: a shop of another circuit does not learn of it.
            return {"outcome": "refused", "code": refusals.Code.UNKNOWN_OR_PIN}
        tell = refused and quote.code in _AMOUNT_CODES and "category_id" in hold
        payload = {
            "card_id": handle.id,
            "digest": digest,
            "check_pin": check_pin,
            "pin_limit": rules.pin_attempts if rules else 1,
            "pin_waits": rules.pin_waits if rules else [0],
            "refused": refused,
            "tell": tell,
            "at": hold.get("at") or fields.Datetime.to_string(fields.Datetime.now()),
            "hold": hold,
        }
        if handle.code:
            payload["code"] = handle.code
        if tell or not refused:
            payload |= self._circuit_limits(rules, quote, payload["at"])
        [(outcome,)] = self.env.execute_query(SQL("SELECT family_card_charge(%s::jsonb)", json.dumps(payload)))
        # The SQL functions write behind the ORM's back.
        self.invalidate_model(["pin_failures", "pin_failed_at", "web_failures", "web_failed_at"])
        self.env["circuit.transaction"]._forget()
        self.env["stored.value.account"]._forget()
        if rules:
            outcome.setdefault("instrument", rules.label)
            if outcome["outcome"] in ("refused", "quote"):
                outcome |= self._circuit_explained(rules, quote, outcome)
        return outcome

    @api.model
    def _circuit_explained(self, rules, quote, outcome):
        """What a refusal adds for whoever has proven to hold the card: where the rule is written and what is
        still possible (R-004-76). Nothing for codes that are told before that.

        :param TillRules rules: rules of the day
        :param quote: Quote or Refusal, what the rules said
        :param dict outcome: answer of SQL ``family_card_charge``, with left and room where the account was read
        :return: dict of clause, possible, then
        """
        refused = isinstance(quote, refusals.Refusal)
        code = quote.code if outcome["outcome"] == "quote" else refusals.Code(outcome["code"])
        answer = {"clause": rules.clauses.get(code, "")}
        if "room" in outcome:
            room = Decimal(outcome["room"])
            ceiling = quote.limit if refused else quote.ceiling
            amount = charge.possible(rules.terms, code, ceiling, room)
            answer["possible"] = None if amount is None else str(amount)
            if code == refusals.Code.MIN_SPEND:
                answer["then"] = str(min(charge.card_share(rules.terms.min_spend, rules.terms), room))
        else:
            answer["account"] = ""
        return answer

    @api.model
    def _circuit_limits(self, rules, quote, at):
        """Rules that need the account's own lock, as SQL ``family_card_charge`` wants them.

        :param TillRules rules: rules of the day
        :param quote: what the other rules allow, or the Refusal they gave
        :param str at: instant of the charge, naive UTC
        :return: dict, empty unless the cap per quarter is on (A05) or the minimum is waived (A09)
        """
        limits = {}
        if getattr(quote, "waived_below", None) is not None:
            limits["waiver"] = {"below": str(quote.waived_below), "minimum": str(rules.terms.min_spend)}
        if rules.quarter_cap:
            day = periods.local_day(fields.Datetime.to_datetime(at), rules.tz)
            quarter = periods.quarter_of(day)
            limits["quarter"] = {
                "day": quarter.start.isoformat(),
                "from": fields.Datetime.to_string(periods.midnight(quarter.start, rules.tz)),
                "until": fields.Datetime.to_string(periods.midnight(quarter.end + timedelta(days=1), rules.tz)),
            }
        return limits

    @api.model
    def _circuit_account_label(self, account_id):
        """Short name of the account that was moved, e.g. "COMMERCIO"."""
        rows = self.env.execute_query(
            SQL(
                "SELECT l.code FROM stored_value_account a JOIN family_card_scheme_line l"
                " ON l.id = a.scheme_line_id WHERE a.id = %s",
                account_id,
            )
        )
        return rows[0][0] if rows else ""

    @api.model
    def _circuit_after_capture(self, transactions):
        """Queue the SMS with what was paid and what is left (R-004-80)."""
        self._notify_transactions(transactions)
