"""Amounts to the cent, as they are compared."""

from decimal import ROUND_HALF_UP, Decimal


def cents(amount) -> Decimal:
    """An amount without what a computation in binary fractions left behind its cents.

    :param amount: float, int, Decimal or None, EUR
    :returns: Decimal with two places
    """
    return Decimal(str(amount or 0)).quantize(Decimal("0.01"), ROUND_HALF_UP)
