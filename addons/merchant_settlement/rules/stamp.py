"""Stamp duty on a statement."""

from decimal import Decimal

BODY = "body"


def stamp_duty(total: Decimal, threshold: Decimal, amount: Decimal) -> Decimal:
    """Stamp duty of a statement (examples N1, N2).

    :param total: of the statement, EUR
    :param threshold: up to this total, itself included, no stamp is due, EUR
    :param amount: of the stamp, EUR
    """
    return amount if total > threshold else Decimal("0.00")


def payable(total: Decimal, stamp: Decimal, borne_by: str) -> Decimal:
    """What the public body pays for a statement (example N3).

    :param total: of the statement, EUR; nothing is paid when it is not above zero (example N6)
    :param stamp: duty due on it, EUR
    :param borne_by: ``body`` adds the stamp to the payment, ``merchant`` does not
    """
    if total <= 0:
        return Decimal("0.00")
    return total + stamp if borne_by == BODY else total
