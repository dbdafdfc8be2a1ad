"""Why a till says no. One enumeration for the server, the tills and the tests."""

from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple


class Code(StrEnum):
    """Refusal codes of the till contract. A refusal is an answer, never an exception."""

    BAD_REQUEST = "BAD_REQUEST"
    BAD_AMOUNT = "BAD_AMOUNT"
    BAD_IDENTIFIER = "BAD_IDENTIFIER"
    UNKNOWN = "UNKNOWN"
    UNKNOWN_OR_PIN = "UNKNOWN_OR_PIN"
    DOCUMENTS = "DOCUMENTS"
    PIN_WAIT = "PIN_WAIT"
    PIN_LOCKED = "PIN_LOCKED"
    CODE_EXPIRED = "CODE_EXPIRED"
    SUSPENDED = "SUSPENDED"
    CLOSED = "CLOSED"
    NOT_YET = "NOT_YET"
    ENDED = "ENDED"
    MIN_SPEND = "MIN_SPEND"
    OWN_SHARE = "OWN_SHARE"
    WRONG_SHARE = "WRONG_SHARE"
    ACCOUNT_LIMIT = "ACCOUNT_LIMIT"
    NO_CREDIT = "NO_CREDIT"
    NO_ACCOUNT = "NO_ACCOUNT"
    EXCLUDED_MERCHANT = "EXCLUDED_MERCHANT"
    NO_AGREEMENT = "NO_AGREEMENT"
    CIRCUIT_STOPPED = "CIRCUIT_STOPPED"
    KEY_CONFLICT = "KEY_CONFLICT"
    KEY_USED = "KEY_USED"
    NO_ORIGIN = "NO_ORIGIN"
    ALREADY_REFUNDED = "ALREADY_REFUNDED"
    TOO_MANY = "TOO_MANY"
    TOO_LATE = "TOO_LATE"
    COUPON_UNKNOWN = "COUPON_UNKNOWN"
    COUPON_SPENT = "COUPON_SPENT"
    COUPON_ENDED = "COUPON_ENDED"
    COUPON_STOPPED = "COUPON_STOPPED"
    COUPON_CIRCUIT = "COUPON_CIRCUIT"
    COUPON_ELSEWHERE = "COUPON_ELSEWHERE"
    COUPON_GOODS = "COUPON_GOODS"
    COUPON_PERSON = "COUPON_PERSON"
    COUPON_STACK = "COUPON_STACK"
    COUPON_FIRST = "COUPON_FIRST"
    WALLET_PERSON = "WALLET_PERSON"
    COUPON_NOT_YET = "COUPON_NOT_YET"
    COUPON_MINIMUM = "COUPON_MINIMUM"
    COUPON_AMOUNT = "COUPON_AMOUNT"
    COUPON_NOTHING = "COUPON_NOTHING"


class Refusal(NamedTuple):
    """A refusal with what the shopkeeper needs to go on."""

    code: Code
    limit: Decimal | None = None
    """The amount the rule speaks of: the maximum for OWN_SHARE, the minimum for MIN_SPEND …, EUR."""
    until: datetime | None = None
    """UTC instant from which it would be accepted (NOT_YET, TOO_MANY, PIN_WAIT)."""
    # What follows is told only where the holder is proven.
    clause: str = ""
    """Where the rule is written, e.g. "Avviso §4"."""
    possible: Decimal | None = None
    """What the till may ask for of this very purchase, EUR; 0 when nothing, None when nobody worked it out."""
    then: Decimal | None = None
    """What the instrument could pay of a purchase of ``limit`` (MIN_SPEND), EUR."""
    account: str = ""
    """The account of this shop, by name."""
    left: Decimal | None = None
    """What is left on that account, EUR."""


def details(outcome):
    """What an instrument adds to a refusal, out of its SQL answer.

    :param dict outcome: clause, possible, then, account and left where they are told; amounts as text
    :return: dict of fields of :class:`Refusal`
    """
    amounts = {name: outcome.get(name) for name in ("possible", "then", "left")}
    return {
        "clause": outcome.get("clause") or "",
        "account": outcome.get("account") or "",
        **{name: None if amount is None else Decimal(amount) for name, amount in amounts.items()},
    }
