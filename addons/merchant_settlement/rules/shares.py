"""Split of an amount by fixed shares."""

from decimal import ROUND_DOWN, Decimal

CENT = Decimal("0.01")
HUNDRED = Decimal(100)


def apportion(total: Decimal, percents: list[Decimal]) -> list[Decimal]:
    """Parts of an amount that sum to it, to the cent; the cents left over go to the first ones (example N7).

    :param total: EUR, may be negative
    :param percents: shares that sum to 100
    :raises ValueError: they do not
    """
    if sum(percents) != HUNDRED:
        raise ValueError("shares must sum to 100")
    parts = [(total * percent / HUNDRED).quantize(CENT, ROUND_DOWN) for percent in percents]
    left = total - sum(parts)
    step = CENT.copy_sign(left)
    for index in range(int(abs(left) / CENT)):
        parts[index] += step
    return parts
