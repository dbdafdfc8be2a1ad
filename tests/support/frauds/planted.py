"""Frauds planted into a year: of each kind some that nobody could miss and some that are meant to pass unseen."""

from datetime import timedelta
from decimal import Decimal
from typing import NamedTuple

from .year import MINIMUM, START

BLATANT, SUBTLE = "blatant", "subtle"


class Fraud(NamedTuple):
    """A planted fraud: its kind, how well it hides, and the identifiers of its facts."""

    kind: str
    manner: str
    ids: frozenset


def plant(year, blatant=10, subtle=5):
    """Add frauds of every kind to a year.

    :param Year year: the honest year; its facts grow, its ``planted`` names them
    :param int blatant: of each kind
    :param int subtle: of each kind
    """
    for kind, make in MAKERS.items():
        for manner, times in ((BLATANT, blatant), (SUBTLE, subtle)):
            for _time in range(times):
                rows = make(year, year.random, manner == SUBTLE)
                year.planted.append(Fraud(kind, manner, frozenset(row.id for row in rows if row)))


def _day(rng, margin=40):
    return rng.randrange(margin, 365 - margin)


def _shop(year, rng, kinds=("grocery", "clothes", "books", "hardware")):
    return rng.choice([index for index, kind in enumerate(year.shops) if kind in kinds])


def _copied_card(year, rng, subtle):
    """A copied card goes from shop to shop."""
    shops = rng.sample(range(len(year.shops)), rng.randint(3, 4) if subtle else rng.randint(4, 7))
    at, card = year.instant(_day(rng), shops[0]), rng.choice(year.cards)
    minutes = rng.randint(15, 35) if subtle else rng.randint(6, 14)
    return [
        year.pay(
            at + timedelta(minutes=minutes) * index / (len(shops) - 1),
            shop,
            card,
            year.receipt(shop),
            left=Decimal(200),
        )
        for index, shop in enumerate(shops)
    ]


def _pieces(year, rng, subtle):
    """One purchase is rung up in pieces, each just above the minimum."""
    shop, card = _shop(year, rng), rng.choice(year.cards)
    at = year.instant(_day(rng), shop)
    minutes = rng.randint(60, 240) if subtle else rng.randint(8, 50)
    pieces = rng.randint(2, 4) if subtle else rng.randint(3, 6)
    top = Decimal("1.6") if subtle else Decimal("1.25")
    return [
        year.pay(
            at + timedelta(minutes=minutes) * index / (pieces - 1),
            shop,
            card,
            (MINIMUM * (1 + (top - 1) * Decimal(str(round(rng.random(), 2))))).quantize(Decimal("0.01")),
            left=Decimal(120),
        )
        for index in range(pieces)
    ]


def _cash_for_credit(year, rng, subtle):
    """A shop empties the accounts of cards it is handed, and sells nothing."""
    small = [shop for shop in range(len(year.shops)) if year.shops[shop] in ("books", "hardware", "clothes")]
    shop, day = rng.choice(small), _day(rng)
    rows = []
    for card in rng.sample(year.cards, rng.randint(6, 9) if subtle else rng.randint(25, 60)):
        balance = Decimal(rng.randint(40, 150))
        at = year.instant(day + rng.randrange(25), shop)
        rows.append(year.pay(at, shop, card, balance * 2, left=balance))
    return rows


def _kept_cards(year, rng, subtle):
    """A shop keeps the cards of a household and uses them together."""
    home = rng.choice([home for home in year.homes if len(home) > 1])
    shop, day = _shop(year, rng), _day(rng)
    gap = rng.randint(35, 90) if subtle and rng.random() < 0.5 else rng.randint(1, 20)
    rows = []
    for _time in range(rng.randint(2, 3) if subtle else rng.randint(3, 8)):
        at = year.instant(day + rng.randrange(28), shop)
        for card in home:
            rows.append(year.pay(at, shop, card, year.receipt(shop), left=Decimal(150)))
            at += timedelta(minutes=gap)
    return rows


def _tried_codes(year, rng, subtle):
    """Somebody tries codes at a till: in one go, or a few a day."""
    shop = rng.randrange(len(year.shops))
    start = START + timedelta(days=_day(rng), hours=rng.randint(0, 20))
    tries = rng.randint(8, 40) if subtle else rng.randint(20, 150)
    hours = rng.randint(72, 240) if subtle else rng.randint(1, 10)
    return [
        year.fail(
            start + timedelta(minutes=rng.randrange(hours * 60)),
            shop,
            "" if rng.random() < 0.8 else rng.choice(year.cards),
        )
        for _try in range(tries)
    ]


def _closed_shop(year, rng, subtle):
    """Payments at hours at which the shop is closed."""
    shop, day = _shop(year, rng), _day(rng)
    rows = []
    for _time in range(rng.randint(2, 4) if subtle else rng.randint(4, 10)):
        at = START + timedelta(days=day + rng.randrange(25), minutes=rng.randrange(60))
        at += timedelta(hours=rng.choice((20, 21, 22)) if subtle else rng.choice((23, 0, 1, 2, 3, 4)))
        rows.append(year.pay(at, shop, rng.choice(year.cards), year.receipt(shop), left=Decimal(200)))
    return rows


def _money_back(year, rng, subtle):
    """A shop gives back what cards paid, in money: many refunds."""
    shop, day = _shop(year, rng, ("books", "hardware", "bakery")), _day(rng)
    rows = []
    for _time in range(rng.randint(3, 6) if subtle else rng.randint(25, 50)):
        at = year.instant(day + rng.randrange(25), shop)
        rows.append(year.refund(at, shop, rng.choice(year.cards)))
    return rows


MAKERS = {
    "merchants": _copied_card,
    "split": _pieces,
    "maximum": _cash_for_credit,
    "household": _kept_cards,
    "failures": _tried_codes,
    "night": _closed_shop,
    "refunds": _money_back,
}
