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
    PIN_LOCKED = "PIN_LOCKED"
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


class Refusal(NamedTuple):
    """A refusal with what the shopkeeper needs to go on."""

    code: Code
    limit: Decimal | None = None
    """The amount the rule speaks of: the maximum for OWN_SHARE, the minimum for MIN_SPEND …, EUR."""
    until: datetime | None = None
    """UTC instant from which it would be accepted (NOT_YET)."""
