"""An honest year: households, shops, credit and purchases, with habits that look suspicious at times."""

import random
from collections import Counter
from datetime import datetime, timedelta
from decimal import Decimal

from rules_loader import load

facts = load("circuit_review", "facts")
CENT = Decimal("0.01")
MINIMUM = Decimal(10)
START = datetime(2026, 1, 1)
#: kind of shop: how many, typical receipt in EUR, its spread, hours at which it sells, weight, refunds per cent
SHOPS = {
    "grocery": (18, 38, 0.6, (8, 20), 10, 0.4),
    "bakery": (8, 12, 0.2, (6, 13), 5, 0.1),
    "clothes": (10, 60, 0.5, (9, 20), 2, 9),
    "bar": (8, 22, 0.5, (11, 24), 3, 0.1),
    "books": (8, 30, 0.6, (9, 19), 2, 2),
    "hardware": (8, 45, 0.7, (8, 19), 2, 3),
}


class Year:
    """Facts of one year. Everything is drawn from ``seed``."""

    def __init__(self, seed, households=1000, payments=50000):
        self.random = random.Random(seed)  # noqa: S311 -- a year to be made again, not a secret
        self.payments, self.refunds, self.failures, self.planted = [], [], [], []
        self._id = 0
        self.shops = [kind for kind, (count, *_rest) in SHOPS.items() for _shop in range(count)]
        self.cards = []
        self.homes = []
        for household in range(households):
            cards = self.random.choices((1, 2, 3), (85, 12, 3))[0]
            self.homes.append([f"card,{household}.{number}" for number in range(cards)])
            self.cards += self.homes[-1]
        self.habits = {home[0]: self.random.sample(range(len(self.shops)), 6) for home in self.homes}
        self.left = {}
        self._live(payments)

    # ------------------------------------------------------------------ what may happen

    def number(self):
        """A new identifier."""
        self._id += 1
        return self._id

    def instant(self, day, shop):
        """A moment at which a shop sells."""
        first, last = SHOPS[self.shops[shop]][3]
        return START + timedelta(days=day, hours=first, minutes=self.random.randrange((last - first) * 60))

    def receipt(self, shop):
        """A total of a purchase that reaches the minimum."""
        _count, middle, spread, *_rest = SHOPS[self.shops[shop]]
        value = Decimal(str(round(self.random.lognormvariate(0, spread) * middle, 2)))
        return max(value, MINIMUM)

    def pay(self, at, shop, card, total, till=None, left=None):
        """A payment: half of the purchase, or what the card still has of its quarter."""
        quarter = (card, (at.month - 1) // 3)
        balance = (
            self.left.setdefault(quarter, Decimal(self.random.choice((150, 200, 300, 450)))) if left is None else left
        )
        amount = min((total / 2).quantize(CENT), balance)
        if amount <= 0:
            return None
        if left is None:
            self.left[quarter] = balance - amount
        payment = facts.Payment(
            self.number(), at, shop, till or f"till,{shop}.1", card, card.split(".", 1)[0], total, amount,
            balance - amount, MINIMUM,
        )  # fmt: skip
        self.payments.append(payment)
        return payment

    def refund(self, at, shop, card):
        """Money goes back to a card."""
        self.refunds.append(facts.Refund(self.number(), at, shop, card))
        return self.refunds[-1]

    def fail(self, at, shop, card="", till=None):
        """A wrong PIN, or an unknown card."""
        self.failures.append(facts.Failure(self.number(), at, shop, till or f"till,{shop}.1", card))
        return self.failures[-1]

    def facts(self):
        """Everything that happened, as the rules want it."""
        bars = frozenset(index for index, kind in enumerate(self.shops) if kind == "bar")
        return facts.Facts(tuple(self.payments), tuple(self.refunds), tuple(self.failures), bars)

    # ------------------------------------------------------------------ honest life

    def _live(self, payments):
        weights = [SHOPS[kind][4] for kind in self.shops]
        while len(self.payments) < payments:
            home = self.random.choice(self.homes)
            day = self.random.randrange(365)
            habit = self.habits[home[0]]
            shop = self.random.choice(habit) if self.random.random() < 0.7 else self._weighted(weights)
            self._visit(home, day, shop)
        self._events()

    def _weighted(self, weights):
        return self.random.choices(range(len(self.shops)), weights)[0]

    def _visit(self, home, day, shop):
        """Somebody of a household goes shopping, mostly to one shop, on market days to some in a row."""
        card = self.random.choice(home)
        at = self.instant(day, shop)
        saturday = (START + timedelta(days=day)).weekday() == 5
        stops = self.random.choices((1, 2, 3, 4), (60, 27, 11, 2))[0] if saturday else 1
        for _stop in range(stops):
            self._buy(at, shop, card)
            # a family that shops together shows two cards when one is short
            if len(home) > 1 and self.random.random() < 0.06:
                other = self.random.choice([one for one in home if one != card])
                self.pay(at + timedelta(minutes=self.random.randint(1, 4)), shop, other, self.receipt(shop))
            at += timedelta(minutes=self.random.randint(4, 25))
            shop = self._weighted([SHOPS[kind][4] for kind in self.shops])

    def _buy(self, at, shop, card):
        if self.random.random() < 0.04:
            for _try in range(self.random.choices((1, 2, 3), (75, 20, 5))[0]):
                self.fail(
                    at - timedelta(seconds=self.random.randint(5, 90)), shop, card if self.random.random() < 0.7 else ""
                )
        total = self.receipt(shop)
        if at.day > 20 and at.month % 3 == 0 and self.random.random() < 0.3:
            total *= 3  # the quarter ends, what is left is spent
        if not self.pay(at, shop, card, total):
            return
        if self.shops[shop] == "bakery" and self.random.random() < 0.05:
            self.pay(at + timedelta(minutes=self.random.randint(2, 300)), shop, card, self.receipt(shop))
        if self.random.random() * 100 < SHOPS[self.shops[shop]][5]:
            back = at + timedelta(days=self.random.randint(0, 14))
            self.refund(back, shop, card)

    def _events(self):
        """What happens once a year and looks like something else."""
        self._white_night()
        self._broken_scanner()
        self._sales_week()
        self._good_neighbours()

    def _white_night(self):
        """In August the main street sells until midnight."""
        night = START.replace(month=8, day=8)
        for shop in self.random.sample([i for i, kind in enumerate(self.shops) if kind in ("clothes", "books")], 7):
            for _sale in range(self.random.randint(1, 6)):
                at = night + timedelta(hours=22, minutes=self.random.randrange(110))
                self.pay(at, shop, self.random.choice(self.cards), self.receipt(shop))

    def _broken_scanner(self):
        """The busiest shop reads every other bar code wrongly for a day; a small one for an afternoon."""
        busy = Counter(payment.merchant for payment in self.payments).most_common()
        for shop, failures, sold in ((busy[0][0], 40, 60), (busy[-1][0], 18, 9)):
            morning = START + timedelta(days=self.random.randrange(365), hours=9)
            for _try in range(failures):
                self.fail(morning + timedelta(minutes=self.random.randrange(480)), shop)
            for _sale in range(sold):
                at = morning + timedelta(minutes=self.random.randrange(480))
                self.pay(at, shop, self.random.choice(self.cards), self.receipt(shop))

    def _sales_week(self):
        """After the sales two clothes shops take back a lot."""
        for shop in self.random.sample([i for i, kind in enumerate(self.shops) if kind == "clothes"], 2):
            for _refund in range(self.random.randint(4, 9)):
                at = self.instant(self.random.randint(12, 20), shop)
                self.refund(at, shop, self.random.choice(self.cards))

    def _good_neighbours(self):
        """Four couples do the week's shopping together and pay with both cards, every time."""
        for home in self.random.sample([home for home in self.homes if len(home) > 1], 4):
            shop = self.random.choice([i for i, kind in enumerate(self.shops) if kind == "grocery"])
            for week in range(self.random.randint(3, 8)):
                at = self.instant(100 + week * 7, shop)
                for card in home[:2]:
                    self.pay(at, shop, card, self.receipt(shop))
                    at += timedelta(minutes=2)
