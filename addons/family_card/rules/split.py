"""How a credit is divided: a year into quarters, a quarter into accounts."""

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from typing import NamedTuple

CENT = Decimal("0.01")
LARGEST_REMAINDER = "largest_remainder"
FLOOR = "floor"


class Shares(NamedTuple):
    """Result of a split, all in EUR.

    ``parts`` follow the order of the weights; ``unassigned`` is what the
    ``floor`` reading leaves over (0.00 with the largest remainder).
    """

    parts: tuple[Decimal, ...]
    unassigned: Decimal


def to_cents(amount: Decimal) -> int:
    """Turn an amount into whole cents.

    :param amount: EUR, zero or positive, at most two decimals
    :raises ValueError: negative, not finite, or with fractions of a cent
    """
    if not amount.is_finite() or amount < 0:
        raise ValueError("an amount to split is zero or positive")
    cents = amount * 100
    if cents != cents.to_integral_value():
        raise ValueError("an amount to split has whole cents")
    return int(cents)


def shares(
    amount: Decimal,
    weights: Sequence[Decimal | int],
    rounding: str = LARGEST_REMAINDER,
) -> Shares:
    """Divide an amount by weights, every cent accounted for (R-004-35, A28).

    :param amount: EUR, zero or positive, whole cents
    :param weights: percentages or any other weights, total above zero
    :param rounding: ``largest_remainder`` gives the odd cents to the largest
        fractions, ties to the first; ``floor`` reads each weight as a ceiling
        and reports what is left over
    :raises ValueError: bad amount, negative or all-zero weights, unknown rounding
    """
    if rounding not in (LARGEST_REMAINDER, FLOOR):
        raise ValueError("unknown rounding")
    ratios = [Fraction(weight) for weight in weights]
    total = sum(ratios)
    if total <= 0 or min(ratios) < 0:
        raise ValueError("weights are zero or positive and their total is above zero")
    cents = to_cents(amount)
    exact = [cents * ratio / total for ratio in ratios]
    parts = [int(value) for value in exact]
    left = cents - sum(parts)
    if rounding == LARGEST_REMAINDER:
        order = sorted(range(len(parts)), key=lambda i: (parts[i] - exact[i], i))
        for index in order[:left]:
            parts[index] += 1
        left = 0
    return Shares(tuple(part * CENT for part in parts), left * CENT)


@lru_cache(maxsize=4096)  # many households share a yearly amount
def quarters(annual: Decimal) -> tuple[Decimal, Decimal, Decimal, Decimal]:
    """Divide a yearly credit into four quarters, odd cents to the earlier (R-004-31).

    :param annual: EUR a year, zero or positive, whole cents
    :raises ValueError: bad amount
    """
    return shares(annual, (1, 1, 1, 1)).parts
