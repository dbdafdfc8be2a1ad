"""What a card may pay of a purchase, before looking at the balance."""

from collections.abc import Collection, Sequence
from datetime import datetime
from decimal import ROUND_DOWN, Decimal
from typing import NamedTuple

CENT = Decimal("0.01")
ZERO = Decimal("0.00")

AT_MOST = "at_most"
EXACTLY = "exactly"
FULL = "full"

BOTH = "both"
MERCHANT = "merchant"
PRODUCT = "product"

ELIGIBLE = "eligible"
RECEIPT = "receipt"

SPECIAL = "special"

NET = "net"
GROSS = "gross"


class Terms(NamedTuple):
    """The parameters of a programme on a day that decide a charge.

    Amounts in EUR, ``max_card_share`` in percent, instants naive UTC, activities by id. ``allowed`` empty:
    all goods that are not excluded.
    """

    spendable_from: datetime | None
    min_spend: Decimal
    min_spend_base: str
    max_card_share: Decimal
    card_share_mode: str
    on_insufficient: str
    exclusion_scope: str
    excluded: frozenset
    special: frozenset
    allowed: frozenset = frozenset()
    min_spend_waived: bool = False
    coupon_minimum: str = NET


class Item(NamedTuple):
    """One line of the purchase: EUR, the activity its product belongs to (None: the shop's own), and whether
    the shop lets the card pay it at all."""

    amount: Decimal
    activity_id: int | None = None
    payable: bool = True


class Quote(NamedTuple):
    """What the rules allow: at most ``ceiling`` of the ``eligible`` part, ``requested`` if the till asked.

    ``waived_below``: the purchase is under the minimum and passes only while the balance is under this, EUR.
    """

    ceiling: Decimal
    requested: Decimal | None
    eligible: Decimal
    exact: bool
    insufficient: str
    waived_below: Decimal | None = None


class Refusal(NamedTuple):
    """Why the rules say no: a code, the amount or the instant (UTC) that would be possible."""

    code: str
    limit: Decimal | None = None
    until: datetime | None = None


def excluded_activities(terms: Terms, kind: str) -> frozenset:
    """Activities where a kind of card cannot be used (R-004-40, R-004-79).

    The activities opened to special cards are closed to all others.

    :param kind: standard, senior or special
    """
    if kind == SPECIAL:
        return terms.excluded - terms.special
    return terms.excluded | terms.special


def closed_shops(terms: Terms) -> dict:
    """Main activities of the shops where not every card can be used (R-004-40, R-004-79).

    :returns: {activity: ``special`` where special cards can, else ``none``}; empty where only goods are excluded
    """
    if terms.exclusion_scope == PRODUCT:
        return {}
    return {one: SPECIAL if one in terms.special else "none" for one in terms.excluded | terms.special}


def eligible_amount(
    items: Sequence[Item],
    shop_activity: int | None,
    excluded: Collection,
    scope: str,
    allowed: Collection = (),
) -> Decimal:
    """Part of a purchase that the card may share in (A25, R-001-11).

    :param items: lines of the purchase, discounts and returns negative; those not payable are out
    :param shop_activity: main activity of the shop; lines without one belong to it
    :param excluded: activities that are out
    :param scope: ``merchant`` looks for excluded activities only at the shop, the others also at each line
    :param allowed: activities whose goods may be paid; empty: all
    :returns: EUR, never negative
    """
    total = ZERO
    for item in items:
        activity = item.activity_id or shop_activity
        open_to_card = scope == MERCHANT or activity not in excluded
        if item.payable and open_to_card and (not allowed or activity in allowed):
            total += item.amount
    return max(total, ZERO)


def _goods(terms: Terms, items: Sequence[Item], shop_activity: int | None, excluded: Collection) -> tuple:
    """The goods of a purchase that a card may share in, and the whole purchase."""
    total = sum((item.amount for item in items), ZERO)
    eligible = eligible_amount(items, shop_activity, excluded, terms.exclusion_scope, terms.allowed)
    # A return on an excluded line must not make more eligible than is paid.
    return min(eligible, max(total, ZERO)), total


def card_share(eligible: Decimal, terms: Terms) -> Decimal:
    """The most the card may pay of an eligible amount, the odd cent on the citizen (R-004-78, A06, A08).

    :param eligible: EUR
    """
    if terms.card_share_mode == FULL:
        return eligible
    share = eligible * terms.max_card_share / 100
    return share.quantize(CENT, rounding=ROUND_DOWN)


def possible(terms: Terms, code: str, ceiling: Decimal | None, room: Decimal) -> Decimal | None:
    """What a till may ask for of a purchase that was refused (R-004-76).

    :param code: why it was refused
    :param ceiling: what the rules allow of this purchase, EUR; None when nothing
    :param room: what the account leaves, EUR
    :returns: EUR, 0.00 when nothing; None where the share is exact and the account holds less: there is no
        amount to ask for
    """
    if ceiling is None or code == "MIN_SPEND":
        return ZERO
    if terms.card_share_mode == EXACTLY and ZERO < room < ceiling:
        return None
    return max(ZERO, min(ceiling, room))


def quote(
    terms: Terms,
    kind: str,
    items: Sequence[Item],
    requested: Decimal | None,
    shop_activity: int | None,
    at: datetime,
    before: Sequence[Item] | None = None,
) -> Quote | Refusal:
    """Apply the programme's rules to a purchase (R-004-33, R-004-76 to R-004-79, R-001-11, A09, H16).

    :param terms: parameters in force on the day of the purchase
    :param kind: kind of card: standard, senior or special
    :param items: lines of the purchase; anything with ``amount``, ``activity_id`` and ``payable``
    :param requested: EUR asked by the till, or None for as much as possible
    :param shop_activity: id of the shop's main activity
    :param at: instant of the purchase, naive UTC
    :param before: the lines before coupons came off them; None: no coupon did
    """
    if terms.spendable_from and at < terms.spendable_from:
        return Refusal("NOT_YET", until=terms.spendable_from)
    excluded = excluded_activities(terms, kind)
    if terms.exclusion_scope != PRODUCT and shop_activity in excluded:
        return Refusal("EXCLUDED_MERCHANT")
    eligible, total = _goods(terms, items, shop_activity, excluded)
    if not eligible and total > 0:
        return Refusal("EXCLUDED_MERCHANT")
    of_minimum = (eligible, total)
    if before is not None and terms.coupon_minimum == GROSS:
        of_minimum = _goods(terms, before, shop_activity, excluded)
    base = of_minimum[1] if terms.min_spend_base == RECEIPT else of_minimum[0]
    waived_below = None
    if base < terms.min_spend:
        if not terms.min_spend_waived:
            return Refusal("MIN_SPEND", limit=terms.min_spend)
        waived_below = card_share(terms.min_spend, terms)
    ceiling = card_share(eligible, terms)
    if requested is not None and requested > ceiling:
        return Refusal("OWN_SHARE", limit=ceiling)
    exact = terms.card_share_mode == EXACTLY
    if exact and requested is not None and requested != ceiling:
        return Refusal("WRONG_SHARE", limit=ceiling)
    return Quote(ceiling, requested, eligible, exact, terms.on_insufficient, waived_below)
