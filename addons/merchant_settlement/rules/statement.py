"""What a statement says of the movements of its month."""

from decimal import Decimal
from typing import NamedTuple

from .stamp import payable, stamp_duty

ZERO = Decimal("0.00")


class Law(NamedTuple):
    """Figures by which a statement is settled, EUR; ``borne_by`` is ``merchant`` or ``body``."""

    stamp_threshold: Decimal
    stamp_amount: Decimal
    borne_by: str


class Settled(NamedTuple):
    """Figures of a statement, EUR; ``state`` is ``draft`` or ``carried``."""

    total: Decimal
    stamp: Decimal
    payable: Decimal
    state: str


def settle(charged: Decimal, corrected: Decimal, carried: Decimal, law: Law) -> Settled:
    """Figures of a statement (examples N1–N6, R-004-96).

    :param charged: payments of the month, EUR, not negative
    :param corrected: what went back in the month, EUR, not positive
    :param carried: what the statement before left below zero, EUR, not positive
    :param law: the figures in force
    """
    total = charged + corrected + carried
    stamp = stamp_duty(total, law.stamp_threshold, law.stamp_amount)
    return Settled(total, stamp, payable(total, stamp, law.borne_by), "draft" if total > 0 else "carried")


def carried_on(total: Decimal) -> Decimal:
    """What a statement leaves to the next one, EUR: what is below zero (example N6)."""
    return min(total, ZERO)
