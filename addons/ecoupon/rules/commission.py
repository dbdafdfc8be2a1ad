"""The operator's commission on coupons that are spent (R-000-22, R-000-23, R-000-25, B02). Amounts in EUR."""

from decimal import ROUND_HALF_UP, Decimal
from typing import NamedTuple

CENT = Decimal("0.01")
ZERO = Decimal("0.00")

DISCOUNT = "discount"
PURCHASE = "purchase"
REDEMPTION = "redemption"


class Terms(NamedTuple):
    """Dated terms; ``rate`` in percent, ``maximum`` 0: no limit."""

    enabled: bool
    base: str
    rate: Decimal
    fixed: Decimal
    minimum: Decimal
    maximum: Decimal


class Kept(NamedTuple):
    """What stands of a coupon that was spent, after what came back: the discount, the purchase it was granted on, the
    commission and the sponsor's part."""

    discount: Decimal = ZERO
    purchase: Decimal = ZERO
    commission: Decimal = ZERO
    sponsor: Decimal = ZERO


def half_up(amount: Decimal) -> Decimal:
    """An amount to the cent; half a cent goes up."""
    return amount.quantize(CENT, rounding=ROUND_HALF_UP)


def commission(terms: Terms | None, discount: Decimal, purchase: Decimal) -> Decimal:
    """Commission on one coupon spent, rounded half up by itself, so that dashboard and invoice agree (B02, C1–C7).

    :param terms: in force on the day it was spent; None: none were
    :param discount: granted; 0 or less: nothing was spent, so nothing is due (R-000-23)
    :param purchase: whole purchase
    """
    if terms is None or not terms.enabled or discount <= 0:
        return ZERO
    bases = {DISCOUNT: discount * terms.rate / 100, PURCHASE: purchase * terms.rate / 100, REDEMPTION: terms.fixed}
    amount = max(half_up(bases[terms.base]), terms.minimum)
    return min(amount, terms.maximum) if terms.maximum else amount


def sponsored(discount: Decimal, share: Decimal) -> Decimal:
    """What a sponsor pays of a discount (B04).

    :param share: percent
    """
    return min(half_up(max(discount, ZERO) * share / 100), max(discount, ZERO))


def spent(terms: Terms | None, discount: Decimal, purchase: Decimal, share: Decimal) -> Kept:
    """What a coupon means when it is spent.

    :param share: the sponsor's, percent
    """
    return Kept(discount, purchase, commission(terms, discount, purchase), sponsored(discount, share))


def reversal(terms: Terms | None, kept: Kept, back: Decimal, share: Decimal) -> Kept:
    """What changes when some of a discount comes back: the difference to what would have been due without it, so that
    all reversals of a coupon take back exactly what it cost (R-000-25, C9).

    :param terms: those of the day it was spent
    :param kept: what stands so far
    :param back: discount that comes back, 0 < back ≤ kept.discount
    :returns: negative amounts
    """
    left = kept.discount - back
    purchase = half_up(kept.purchase * left / kept.discount) if kept.discount else ZERO
    after = spent(terms, left, purchase, share)
    return Kept(*(new - old for new, old in zip(after, kept, strict=True)))
