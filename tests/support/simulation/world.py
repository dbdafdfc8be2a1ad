"""What happens on each day of 2024. Chances are a year's; instants are naive UTC."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import NamedTuple
from uuid import UUID

from .oracle import CLOSED_TO_ALL, age

OPENING = date(2024, 2, 5)
RUNS = {
    "2024-Q1": [date(2024, 4, 2), date(2024, 4, 24)],
    "2024-Q2": [date(2024, 4, 4), date(2024, 4, 26), date(2024, 5, 20)],
    "2024-Q3": [date(2024, 7, 4), date(2024, 7, 24), date(2024, 8, 26)],
    "2024-Q4": [date(2024, 10, 3), date(2024, 10, 23), date(2024, 11, 20)],
}
# what the giunta decides: first day, parameters (cents, percent, quarters)
ACTS = {
    date(2024, 6, 20): (date(2024, 7, 1), {"minimum": 800}),
    date(2024, 9, 18): (date(2024, 10, 1), {"share": 60, "quarters": 3}),
}
EXTENSION = date(2024, 9, 20)
EXTENDED_TO = datetime(2024, 10, 31, 23)
STOP = date(2024, 11, 14)
SALES_FROM = date(2024, 3, 25)


class Event(NamedTuple):
    """Something at an instant: the name of a method of `year.Year`, and what it needs."""

    at: datetime
    kind: str
    facts: dict


@dataclass(eq=False)
class Ask:
    """A till's request; see `till.TillOracle.purchase`."""

    key: str
    card: object
    identifier: str
    pin: str
    shop: object
    lines: list
    requested: int | None
    order: str

    def content(self):
        """What must be the same when the key comes again."""
        lines = sorted((activity or "", cents) for cents, activity in self.lines)
        return self.identifier, self.order, self.requested, tuple(lines)


class World:
    """Draws the events of a day, looking at what the oracle knows."""

    def __init__(self, rng, population, oracle, purchases):
        """`purchases` is how many each household makes a year."""
        self.rng, self.population, self.oracle = rng, population, oracle
        self.purchases = purchases
        self.applications = {}
        for family in population.households:
            self._plan_application(family)
        self.closing = population.rng.choice(population.shops)

    def _plan_application(self, family):
        rng = self.rng
        where = rng.random()
        if where < 0.04:
            return
        first, last = (0, 28) if where < 0.7 else (29, 84) if where < 0.92 else (85, 230)
        day = OPENING + timedelta(days=rng.randint(first, last))
        family.filed = datetime.combine(day, time(rng.randrange(7, 20), rng.randrange(60)))
        self.applications.setdefault(day, []).append(family)

    def day(self, day):
        """The events of a day, in their order."""
        events = [*self._office(day), *self._life(day), *self._applications(day), *self._sales(day)]
        return sorted(events, key=lambda event: event.at)

    # ------------------------------------------------------------------ the office

    def _office(self, day):
        """Nightly jobs, runs, acts, PINs, cards."""
        morning = datetime.combine(day, time(6, 30))
        yield Event(datetime.combine(day, time(0, 15)), "expire", {})
        yield Event(datetime.combine(day, time(21, 30)), "expire_holds", {})
        for quarter, days in RUNS.items():
            if day in days:
                yield Event(
                    morning - timedelta(hours=1), "checks", {"quarter": quarter, "verdicts": self._verdicts(quarter)}
                )
                yield Event(morning, "run", {"quarter": quarter})
        if day in ACTS:
            first, changes = ACTS[day]
            yield Event(morning, "act", {"first": first, "changes": changes})
        if day == EXTENSION:
            cards = [card for card in self.oracle.cards.values() if self.rng.random() < 0.3]
            yield Event(morning, "extend", {"cards": cards, "quarter": "2024-Q1", "ends": EXTENDED_TO})
        if day == STOP:
            yield Event(datetime.combine(day, time(9)), "stop", {"stopped": True})
            yield Event(datetime.combine(day, time(12)), "stop", {"stopped": False})
        if day in (date(2024, 9, 9), date(2024, 9, 23)):
            yield Event(morning, "agreement", {"shop": self.closing, "open": day.day > 10})
        if day.weekday() == 0:
            yield Event(morning, "coming_of_age", {})
        yield from self._cards(day)

    def _cards(self, day):
        """PINs forgotten, cards lost and found again, new heads."""
        tries = self.oracle.rule("tries", datetime.combine(day, time(6)))
        for card in list(self.oracle.cards.values()):
            at = datetime.combine(day, time(7, self.rng.randrange(60)))
            if card.closed:
                continue
            if card.wrong >= tries and self.rng.random() < 0.4:
                yield Event(at, "new_pin", {"card": card})
            elif "holder_death" in card.blocks:
                if self.rng.random() < 0.1:
                    yield Event(at, "new_head", {"card": card, "person": self._successor(card.household, day)})
            elif card.blocks:
                if self.rng.random() < 0.05:
                    yield Event(at, "unblock", {"card": card, "reason": min(card.blocks)})
            elif self.rng.random() < 0.06 / 366:
                yield Event(at, "block", {"card": card, "reason": self.rng.choice(("lost", "taxes"))})

    def _verdicts(self, quarter):
        """What the office finds for the cards that it has not decided on."""
        verdicts = []
        for card in self.oracle.cards.values():
            known = card.checks.get(quarter)
            if not card.closed and known in (None, "open"):
                chances = (1, 0, 0) if known else (94, 3, 3)
                verdicts.append((card, self.rng.choices(("passed", "failed", "open"), chances)[0]))
        return verdicts

    @staticmethod
    def _successor(family, day):
        """The eldest adult who is left, or None."""
        adults = [person for person in family.members(day) if age(person.birth, day) >= 18]
        return min(adults, key=lambda person: person.birth, default=None)

    def _applications(self, day):
        for family in self.applications.get(day, []):
            yield Event(family.filed, "apply", {"family": family})
            decided = day + timedelta(days=self.rng.randint(2, 9))
            self.applications.setdefault((decided,), []).append(family)
        for family in self.applications.pop((day,), []):
            yield Event(datetime.combine(day, time(10, self.rng.randrange(60))), "decide", {"family": family})

    # ------------------------------------------------------------------ life

    def _life(self, day):
        """Births, deaths, arrivals and departures; at most one a household and day."""
        rng = self.rng
        at = datetime.combine(day, time(8, rng.randrange(60)))
        for family in self.population.households:
            chance = rng.random() * 366
            members = family.members(day)
            if chance > 0.1 or not members or any(person.since >= day for person in members):
                continue
            if chance < 0.02:
                child = self.population.person(day, "child", since=day)
                yield Event(at, "birth", {"family": family, "person": child})
            elif chance < 0.05:
                weights = [max(1, age(person.birth, day) - 40) ** 2 for person in members]
                yield Event(at, "death", {"family": family, "person": rng.choices(members, weights)[0]})
            elif chance < 0.07:
                born = day - timedelta(days=rng.randrange(366 * 19, 366 * 80))
                person = self.population.person(born, "relative", since=day)
                yield Event(at, "move_in", {"family": family, "person": person})
            elif chance < 0.09:
                others = [person for person in members if person.relation != "head"]
                if others:
                    yield Event(at, "move_out", {"family": family, "people": [rng.choice(others)]})
            elif chance < 0.095:
                yield Event(at, "move_out", {"family": family, "people": members})

    # ------------------------------------------------------------------ shops

    def _sales(self, day):
        """Purchases and what becomes of them."""
        rng = self.rng
        if day < SALES_FROM:
            return
        cards = [card for card in self.oracle.cards.values() if card.state != "closed" or rng.random() < 0.05]
        mean = len(cards) * self.purchases / 280
        for _number in range(int(mean) + (rng.random() < mean % 1) if cards else 0):
            card = rng.choice(cards)
            at = datetime.combine(day, time(rng.randrange(6, 18), rng.randrange(60), rng.randrange(60)))
            yield Event(at, "sale", {"ask": self._ask(card), "fate": self._fate()})
        old = [payment for payment in self._captured() if rng.random() < 0.0004]
        for payment in old:
            at = datetime.combine(day, time(18, rng.randrange(60)))
            if rng.random() < 0.3:
                yield Event(at, "reverse", {"payment": payment})
                continue
            cents = payment.amount if rng.random() < 0.5 else rng.randint(1, payment.amount + 100)
            yield Event(at, "refund", {"payment": payment, "key": self.key(), "cents": cents})

    def _captured(self):
        """Payments that could be given back."""
        return [p for p in self.oracle.payments.values() if p.state == "captured" and not p.origin]

    def key(self):
        """A new idempotency key."""
        return str(UUID(int=self.rng.getrandbits(128), version=4))

    def _fate(self):
        """What the till does after a yes: capture, void, forget; and whether it asks twice."""
        return self.rng.choices(("capture", "void", "forget", "twice", "conflict"), (84, 7, 6, 2, 1))[0]

    def _ask(self, card):
        """What a till asks: mostly honest."""
        rng = self.rng
        shop = rng.choice(self.population.shops)
        if shop.activity in CLOSED_TO_ALL and rng.random() < 0.7:
            shop = rng.choice(self.population.shops)
        total = rng.choice((rng.randint(500, 3000), rng.randint(1000, 9000), rng.randint(3000, 25000)))
        lines, requested, identifier, pin = [(total, None)], None, "code", card.pin
        mood = rng.random()
        if mood < 0.08:
            requested = rng.randint(1, max(1, total // 2))
        elif mood < 0.12:
            requested = rng.randint(total // 2 + 1, total)
        elif mood < 0.15:
            lines = [(rng.randint(1, 999), None)]
        elif mood < 0.2:
            lines.append((rng.randint(100, 2000), "tobacco"))
        elif mood < 0.22:
            lines.append((-rng.randint(1, total // 2), None))
        elif mood < 0.25 or (card.wrong and mood < 0.6):
            pin = f"{(int(card.pin) + 1) % 100000:05d}"
        elif mood < 0.26:
            identifier = "unknown"
        elif mood < 0.265:
            identifier = "nonsense"
        elif mood < 0.27:
            lines = [(-total, None)]
        elif mood < 0.275:
            requested = 0
        return Ask(self.key(), card, identifier, pin, shop, lines, requested, f"order-{rng.getrandbits(40):x}")
