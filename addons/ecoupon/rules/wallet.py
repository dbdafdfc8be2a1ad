"""The virtual wallet: how long a reward lives, what it is worth in points, what it may pay of a purchase."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta
from decimal import ROUND_DOWN, Decimal
from typing import NamedTuple
from zoneinfo import ZoneInfo

ZERO = Decimal(0)


def expires_at(day: date, days: int, tz: str) -> datetime:
    """First instant at which a reward can no longer be spent: the midnight that ends its last day (R-000-17).

    :param day: local day of the credit
    :param days: further days on which it can be spent
    :param tz: IANA name
    :return: naive UTC
    """
    midnight = datetime.combine(day + timedelta(days=days + 1), time.min, ZoneInfo(tz))
    return midnight.astimezone(UTC).replace(tzinfo=None)


def points(amount: Decimal, value: Decimal) -> int:
    """Whole points of an amount: never more than it is worth (B05).

    :param amount: EUR
    :param value: EUR of a point, above zero
    :raises ValueError: a point worth nothing
    """
    if value <= 0:
        raise ValueError("a point is worth something")
    return int((amount / value).to_integral_value(ROUND_DOWN))


class Ceiling(NamedTuple):
    """What a wallet may pay of a purchase, EUR."""

    eligible: Decimal
    most: Decimal


def ceiling(lines: Iterable, paid: Decimal) -> Ceiling:
    """The most a wallet may pay (R-000-16).

    :param lines: of the purchase, less what coupons took off them; anything with ``amount`` and ``payable``
    :param paid: what cards and other wallets pay of the same order already, EUR
    """
    lines = tuple(lines)
    total = sum((line.amount for line in lines), ZERO)
    payable = sum((line.amount for line in lines if line.payable), ZERO)
    # a return on a line that is not payable must not make more payable than is bought
    eligible = max(ZERO, min(payable, total))
    return Ceiling(eligible, max(ZERO, min(eligible, total - paid)))


class Done(NamedTuple):
    """What was rewarded before: occurrences of the year for the citizen, and EUR of the behaviour in all."""

    times: int = 0
    granted: Decimal = ZERO


def obstacle(amount: Decimal, most_times: int, budget: Decimal, done: Done) -> str | None:
    """Why one more reward is not possible (R-000-17).

    :param amount: EUR of the reward
    :param most_times: times a year a citizen; 0: no limit
    :param budget: EUR in all; 0: no limit
    :param done: what was rewarded before
    :return: ``times``, ``budget`` or None
    """
    if most_times and done.times >= most_times:
        return "times"
    if budget and done.granted + amount > budget:
        return "budget"
    return None
