"""Which invented purchases happen when; plain values, no database."""

from datetime import UTC, datetime, time, timedelta
from decimal import Decimal
from typing import NamedTuple

from .seasons import instant

#: Days during which purchases are frequent, so that the screens of today are lively.
BUSY_DAYS = 35

#: Shops a standard card goes to, with weights, and the euros people spend there.
HABITS = {
    "alimentari": (30, 12, 85),
    "abbigliamento": (10, 20, 90),
    "casalinghi": (10, 10, 60),
    "cartolibreria": (8, 10, 40),
    "parrucchiera": (10, 15, 45),
    "officina": (6, 40, 120),
    "palestra": (8, 25, 50),
    "bar": (6, 10, 24),
    "trattoria": (8, 18, 45),
}
SPECIAL_HABITS = {**HABITS, "farmacia": (35, 12, 48)}

#: Cigarettes bought together with the lunch at the bar-tobacconist's: the card does not pay them.
TOBACCO = Decimal("6.00")


class Purchase(NamedTuple):
    """One visit to a shop."""

    at: datetime
    family: str
    shop: str
    amount: Decimal
    tobacco: Decimal


def plan(rng, family, special, start, end):
    """Purchases of one household between two instants, in order.

    :param rng: random.Random, so that the demo is the same everywhere.
    :param family: key of the household.
    :param special: whether its card is accepted at the pharmacy.
    :param start: naive UTC of the first credit.
    :param end: naive UTC, nothing happens from then on.
    :return: list of Purchase.
    """
    habits = SPECIAL_HABITS if special else HABITS
    busy = end - timedelta(days=BUSY_DAYS)
    purchases, day = [], start + timedelta(days=rng.randint(0, 12))
    while True:
        at = _opening_hours(rng, day)
        if at >= end:
            return purchases
        if at > start:
            purchases.append(_purchase(rng, at, family, habits))
        day += timedelta(
            days=rng.randint(7, 16) if day >= busy else min(rng.randint(35, 70), max(1, (busy - day).days))
        )


def _purchase(rng, at, family, habits):
    shop = rng.choices(list(habits), [weight for weight, _low, _high in habits.values()])[0]
    _weight, low, high = habits[shop]
    amount = Decimal(rng.randint(low * 20, high * 20)) / 20
    tobacco = TOBACCO if shop == "bar" and rng.random() < 0.5 else Decimal(0)
    return Purchase(at, family, shop, amount, tobacco)


def _opening_hours(rng, moment):
    """An instant on that day, or on Monday, when shops are open in Rome."""
    day = moment.replace(tzinfo=UTC).date()
    if day.weekday() == 6:
        day += timedelta(days=1)
    hour = rng.choice((8, 9, 10, 11, 12, 17, 18, 19))
    return instant(day, time(hour, rng.randint(0, 59), rng.randint(0, 59)))
