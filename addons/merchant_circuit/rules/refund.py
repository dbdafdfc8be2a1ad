"""What must go back to the instrument when goods are returned."""

from decimal import ROUND_UP, Decimal


def minimum_refund(paid, purchase_total, returned_total, given_back):
    """Least amount that must return to the instrument so that its credit never becomes cash
    (R-004-57): its share of everything returned so far, rounded up, less what already went back.

    :param Decimal paid: what the instrument paid of the purchase, EUR
    :param Decimal purchase_total: whole purchase, EUR, > 0
    :param Decimal returned_total: value of all goods returned so far, these included, EUR
    :param Decimal given_back: what already went back to the instrument, EUR
    :return: Decimal ≥ 0, at most ``paid - given_back``
    """
    share = min(returned_total, purchase_total) * paid / purchase_total
    due = min(share.quantize(Decimal("0.01"), rounding=ROUND_UP), paid)
    return max(due - given_back, Decimal(0))
