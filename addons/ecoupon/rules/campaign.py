"""What may be published (R-000-14, R-000-29, R-000-30). Amounts in EUR."""

from collections.abc import Collection, Iterable
from decimal import Decimal

from .discount import CENT, FIXED, ZERO, Terms, worth

#: Purchases above this are not looked at.
LARGEST = Decimal("100000.00")


def _off(terms: Terms, eligible: Decimal) -> Decimal:
    return worth(terms, eligible) if eligible >= terms.minimum else ZERO


def _turning_points(terms: Terms) -> set[Decimal]:
    """Purchases at which the discount begins, stops growing, or changes from cent to cent."""
    points = {terms.minimum, terms.amount if terms.kind == FIXED else CENT}
    if terms.kind != FIXED and terms.maximum:
        points.add((terms.maximum * 100 / terms.percent).quantize(CENT))
    return points


def is_better(extra: Terms, public: Terms) -> bool:
    """Whether an extra discount is better than a public one: for no purchase worth less, for one at least worth more
    (R-000-14). Both are lines between a few turning points, so these and their neighbours say it for all.

    :param extra: terms of the reserved campaign
    :param public: terms of the public one
    """
    points = {CENT, LARGEST}
    for point in _turning_points(extra) | _turning_points(public):
        points |= {max(CENT, min(LARGEST, point + step)) for step in (-CENT, ZERO, CENT)}
    for first in (extra, public):
        for second in (extra, public):
            if first.kind == FIXED and second.kind != FIXED:
                points.add(min(LARGEST, (first.amount * 100 / second.percent).quantize(CENT)))
    pairs = [(_off(extra, point), _off(public, point)) for point in sorted(points)]
    return all(mine >= theirs for mine, theirs in pairs) and any(mine > theirs for mine, theirs in pairs)


def goods_meet(one: Collection, other: Collection) -> bool:
    """Whether two campaigns are for some of the same goods; empty means all.

    :param one, other: ids of activities
    """
    return not one or not other or bool(set(one) & set(other))


def is_usable(places: Iterable[tuple[str, int | None]], territory: Collection) -> bool:
    """Whether goods can be bought or used where the Region wants it: at one shop of the territory or in a web shop,
    which has no territory (R-000-29, R-000-30, B06, C12).

    :param places: kind (``physical`` or ``online``) and province of each place
    :param territory: ids of provinces; empty: anywhere
    """
    return any(kind == "online" or not territory or province in territory for kind, province in places)
