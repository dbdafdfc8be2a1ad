"""Sums of a merchant's transactions."""

from collections.abc import Callable, Iterable
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import NamedTuple

ZERO = Decimal(0)


class Cell(NamedTuple):
    """Transactions of one day, kind and state: how many, what the instruments paid or got back, and the
    purchases they belong to. EUR."""

    day: date
    kind: str
    state: str
    count: int
    amount: Decimal
    purchase: Decimal


class Totals(NamedTuple):
    """Sums. Everything that is not said otherwise was confirmed (captured); EUR."""

    count: int = 0
    """Transactions of any state."""
    paid_count: int = 0
    paid: Decimal = ZERO
    """What the instruments paid."""
    purchases: Decimal = ZERO
    """Whole purchases, with what the citizens paid themselves."""
    refund_count: int = 0
    refunds: Decimal = ZERO
    held_count: int = 0
    held: Decimal = ZERO
    """Purchases that were authorised and not confirmed yet."""
    dropped_count: int = 0
    dropped: Decimal = ZERO
    """Voided or expired: no money moved."""

    @property
    def net(self) -> Decimal:
        """What the public body reimburses: paid less given back, EUR (R-004-96)."""
        return self.paid - self.refunds

    @property
    def own_share(self) -> Decimal:
        """What the citizens paid themselves, EUR."""
        return self.purchases - self.paid

    @property
    def average(self) -> Decimal:
        """What the instruments paid per purchase, EUR, to the cent; 0 without purchases."""
        return (self.paid / self.paid_count).quantize(Decimal("0.01"), ROUND_HALF_UP) if self.paid_count else ZERO


_FIELDS = {
    ("payment", "captured"): ("paid_count", "paid"),
    ("refund", "captured"): ("refund_count", "refunds"),
    ("payment", "authorized"): ("held_count", "held"),
}
_DROPPED = ("voided", "expired")


def total(cells: Iterable[Cell]) -> Totals:
    """Sums over cells (R-001-17, R-004-95).

    :param cells: of any days
    """
    sums = Totals()._asdict()
    for cell in cells:
        sums["count"] += cell.count
        names = ("dropped_count", "dropped") if cell.state in _DROPPED else _FIELDS.get((cell.kind, cell.state))
        if names:
            sums[names[0]] += cell.count
            sums[names[1]] += cell.amount
        if names == ("paid_count", "paid"):
            sums["purchases"] += cell.purchase
    return Totals(**sums)


def between(cells: Iterable[Cell], first: date, last: date) -> Totals:
    """Sums over the cells of some days.

    :param first: first day, included
    :param last: last day, included
    """
    return total(cell for cell in cells if first <= cell.day <= last)


def grouped(cells: Iterable[Cell], name: Callable) -> dict:
    """Sums by day, or by anything a day belongs to.

    :param name: called with the day, answers the key
    :returns: {key: Totals}, in the order of the keys
    """
    groups = {}
    for cell in cells:
        groups.setdefault(name(cell.day), []).append(cell)
    return {key: total(groups[key]) for key in sorted(groups)}


def months(last: date, count: int) -> list[date]:
    """First days of the months up to the one of a day.

    :param last: a day of the last month
    :param count: how many months, at least 1
    :returns: in their order
    """
    index = last.year * 12 + last.month - 1
    return [date(number // 12, number % 12 + 1, 1) for number in range(index - count + 1, index + 1)]
