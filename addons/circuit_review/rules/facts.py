"""What the rules look at and what they find, as plain values. Money is Decimal in EUR, instants are local time."""

from datetime import datetime
from decimal import Decimal
from typing import NamedTuple


class Payment(NamedTuple):
    """One payment with a card: ``total`` is the purchase, ``amount`` the card's part of it, ``left`` what the account
    had afterwards, ``minimum`` the smallest purchase the card's programme asks for (None: none)."""

    id: int
    at: datetime
    merchant: int
    till: str
    instrument: str
    group: str
    total: Decimal
    amount: Decimal
    left: Decimal
    minimum: Decimal | None = None


class Refund(NamedTuple):
    """Money that a shop gave back to a card."""

    id: int
    at: datetime
    merchant: int
    instrument: str


class Failure(NamedTuple):
    """A refusal whose holder was not proven; ``instrument`` is empty where the card does not exist."""

    id: int
    at: datetime
    merchant: int
    till: str
    instrument: str = ""


class Facts(NamedTuple):
    """What happened in a circuit, and the shops that may well sell at night."""

    payments: tuple = ()
    refunds: tuple = ()
    failures: tuple = ()
    open_at_night: frozenset = frozenset()


class Finding(NamedTuple):
    """A pattern: who and where (None or empty: several), by which facts, between when, how strong from 50 (just at the
    limit) to 100, and the figures of its reason."""

    kind: str
    merchant: int | None
    instrument: str
    till: str
    payments: tuple
    failures: tuple
    first: datetime
    last: datetime
    score: int
    figures: dict

    @property
    def subject(self):
        """What the pattern is about: findings of the same kind and subject belong to one case."""
        return f"{self.kind}|{self.merchant or ''}|{self.instrument}|{self.till}"


class Parameters(NamedTuple):
    """When a pattern is listed. Shares are per cent, hours are hours of the day."""

    merchants_on: bool = True
    merchants_count: int = 4
    merchants_minutes: int = 15
    split_on: bool = True
    split_count: int = 3
    split_minutes: int = 60
    split_band: int = 30
    maximum_on: bool = True
    maximum_count: int = 8
    maximum_days: int = 30
    maximum_share: int = 30
    household_on: bool = True
    household_cards: int = 2
    household_minutes: int = 30
    household_times: int = 3
    household_days: int = 30
    failures_on: bool = True
    failures_count: int = 10
    failures_hours: int = 168
    failures_share: int = 50
    night_on: bool = True
    night_from: int = 22
    night_to: int = 6
    night_count: int = 3
    night_days: int = 30
    refunds_on: bool = True
    refunds_count: int = 5
    refunds_days: int = 30
    refunds_share: int = 25

    @property
    def lookback_days(self):
        """Days before a fact that may belong to its pattern."""
        return 1 + max(self.maximum_days, self.household_days, self.night_days, self.refunds_days)
