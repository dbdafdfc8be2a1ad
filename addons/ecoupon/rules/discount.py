"""What a coupon takes off a purchase (B01, B03). Amounts in EUR with VAT included, percentages in percent."""

from collections.abc import Collection, Sequence
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal
from typing import NamedTuple

CENT = Decimal("0.01")
ZERO = Decimal("0.00")

FIXED = "fixed"
PERCENT = "percent"

BEST = "best"
SUM = "sum"
SEQUENCE = "sequence"

#: The issuer sells at a lower price: VAT on what is left.
DISCOUNT = "discount"
#: Somebody else pays for the coupon: VAT on the whole price.
PAYMENT = "payment"


class Terms(NamedTuple):
    """What a campaign promises. ``goods`` are ids of activities, empty: all goods; ``maximum`` 0: no limit."""

    kind: str
    amount: Decimal
    percent: Decimal
    maximum: Decimal
    minimum: Decimal
    goods: frozenset = frozenset()
    alone: bool = False


class Item(NamedTuple):
    """One line of the purchase: its amount, the activity of its goods (None: the shop's), and whether the shop lets
    anything but money pay it."""

    amount: Decimal
    activity_id: int | None = None
    payable: bool = True


class Other(NamedTuple):
    """A coupon that was used on the same purchase before: the amount it took off, and whether it stands alone."""

    coupon_id: int
    amount: Decimal
    alone: bool = False


class Discount(NamedTuple):
    """What the coupon takes off, and the goods it looked at."""

    amount: Decimal
    eligible: Decimal


class Refusal(NamedTuple):
    """Why the coupon takes nothing off: code of the till contract, and the amount it speaks of."""

    code: str
    limit: Decimal | None = None


def matches(item: Item, shop_activity: int | None, goods: Collection) -> bool:
    """Whether a coupon is for the goods of a line (R-000-13).

    :param item: anything with ``activity_id`` and ``payable``
    :param shop_activity: main activity of the shop; lines without one belong to it
    :param goods: activities of the campaign, empty: all
    """
    return item.payable and (not goods or (item.activity_id or shop_activity) in goods)


def eligible_amount(items: Sequence[Item], shop_activity: int | None, goods: Collection) -> Decimal:
    """The goods of a purchase that a coupon is for (R-000-13, B01).

    :param items: lines of the purchase, returns and other discounts negative
    :returns: EUR, never negative and never more than the whole purchase
    """
    total = sum((item.amount for item in items), ZERO)
    part = sum((item.amount for item in items if matches(item, shop_activity, goods)), ZERO)
    return max(min(part, total), ZERO)


def worth(terms: Terms, eligible: Decimal) -> Decimal:
    """What a coupon is worth on goods of this amount: a percentage half up to the cent and within its maximum, a fixed
    amount never more than the goods; what is left of it is lost (R-000-07, R-000-08, B01, C1–C3, C5).

    :param eligible: EUR, not negative
    :returns: EUR
    """
    if terms.kind == FIXED:
        return min(terms.amount, eligible).quantize(CENT)
    amount = (eligible * terms.percent / 100).quantize(CENT, rounding=ROUND_HALF_UP)
    return min(amount, terms.maximum or amount, eligible)


def discount(
    terms: Terms,
    coupon_id: int,
    items: Sequence[Item],
    taken: Sequence[Decimal],
    others: Sequence[Other],
    stacking: str,
    shop_activity: int | None,
) -> Discount | Refusal:
    """Apply a coupon to a purchase (R-000-07, R-000-08, R-000-13, B01, B03).

    :param terms: of the coupon's campaign
    :param coupon_id: the coupon; it counts once for a purchase
    :param items: lines of the purchase
    :param taken: what coupons took off each line before; empty: nothing
    :param others: these coupons
    :param stacking: ``best``: one coupon counts; ``sum``: each on the full price; ``sequence``: each on what is left
    :param shop_activity: id of the shop's main activity
    """
    net = [
        item._replace(amount=item.amount - off) for item, off in zip(items, taken or [ZERO] * len(items), strict=True)
    ]
    eligible = eligible_amount(net if stacking == SEQUENCE else items, shop_activity, terms.goods)
    if not eligible_amount(items, shop_activity, terms.goods):
        return Refusal("COUPON_GOODS")
    if any(other.coupon_id == coupon_id for other in others):
        return Refusal("COUPON_STACK")
    if others and (terms.alone or any(other.alone for other in others)):
        return Refusal("COUPON_STACK")
    if eligible < terms.minimum:
        return Refusal("COUPON_MINIMUM", terms.minimum)
    amount = worth(terms, eligible)
    if others and stacking == BEST:
        return Refusal("COUPON_STACK", amount if amount > sum((other.amount for other in others), ZERO) else None)
    amount = min(amount, eligible_amount(net, shop_activity, terms.goods))
    if amount <= 0:
        return Refusal("COUPON_NOTHING")
    return Discount(amount, eligible)


def spread(amount: Decimal, items: Sequence[Item], shop_activity: int | None, goods: Collection) -> tuple[Decimal, ...]:
    """Which part of a discount falls on each line: in proportion to the goods it is for, cent by cent, so that the
    rules of what is paid next see the right goods (H16).

    :param amount: what the coupon took off, EUR
    :param items: lines of the purchase
    :returns: EUR of each line, none on lines below zero; their sum is ``amount``, or the goods where these are less
    """
    bases = [item.amount if item.amount > 0 and matches(item, shop_activity, goods) else ZERO for item in items]
    total = sum(bases, ZERO)
    if not total:
        return (ZERO,) * len(bases)
    amount = min(amount, total)
    parts = [(amount * base / total).quantize(CENT, rounding=ROUND_DOWN) for base in bases]
    cents = int((amount - sum(parts, ZERO)) / CENT)
    rests = sorted(range(len(bases)), key=lambda at: (parts[at] - amount * bases[at] / total, at))
    for at in [at for at in rests if parts[at] < bases[at]][:cents]:
        parts[at] += CENT
    return tuple(parts)


def vat_treatment(issuer_id: int, acceptor_id: int) -> str:
    """Whether a coupon lowers the price of the sale or pays a part of it (C10).

    :returns: ``discount`` for the issuer's own coupon, ``payment`` for one that another member pays for
    """
    return DISCOUNT if issuer_id == acceptor_id else PAYMENT


def vat_base(price: Decimal, off: Decimal, rate: Decimal, treatment: str) -> tuple[Decimal, Decimal]:
    """Taxable amount and VAT of a sale with a coupon (C10).

    :param price: of the goods, VAT included
    :param off: what the coupon took off or paid
    :param rate: of the VAT, percent
    :param treatment: as of :func:`vat_treatment`
    :returns: (taxable amount, VAT); together the price that VAT is due on
    """
    gross = price - off if treatment == DISCOUNT else price
    base = (gross * 100 / (100 + rate)).quantize(CENT, rounding=ROUND_HALF_UP)
    return base, gross - base
