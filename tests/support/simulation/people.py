"""Invented people, households and shops."""

from dataclasses import dataclass, field
from datetime import date, timedelta

from stdnum.it import codicefiscale

CONSONANTS = "BCDFGLMNPRSTVZ"
MONTHS = "ABCDEHLMPRST"
SIZES = {1: 33, 2: 27, 3: 19, 4: 15, 5: 5, 6: 1}
FIRST_DAY = date(2020, 1, 1)

# macro-category and activity of the shops; those of the last rows accept only special cards, or none at all
TRADES = [
    ("COMMERCIO", "grocery"),
    ("ARTIGIANATO", "hairdresser"),
    ("SOMMINISTRAZIONE", "bar"),
    ("COMMERCIO", "clothing"),
    ("ARTIGIANATO", "mechanic"),
    ("SOMMINISTRAZIONE", "restaurant"),
    ("COMMERCIO", "bookshop"),
    ("COMMERCIO", "pharmacy"),
    ("ARTIGIANATO", "plumber"),
    ("COMMERCIO", "household_goods"),
    ("ARTIGIANATO", "sport"),
    ("COMMERCIO", "tobacco"),
    ("SOMMINISTRAZIONE", "bar"),
    ("ARTIGIANATO", "personal_services"),
    ("COMMERCIO", "fuel"),
]


@dataclass(eq=False)
class Person:
    """A resident; `since` and `until` are the first and last day in the household."""

    name: str
    code: str
    birth: date
    relation: str
    disability: str = "none"
    since: date = FIRST_DAY
    until: date | None = None

    def present(self, day):
        """Whether the person belongs to the household on a day."""
        return self.since <= day and (self.until is None or day <= self.until)


@dataclass(eq=False)
class Household:
    """People who live together; `filed` is when they apply (UTC) and `special` whether the giunta grants a special
    card."""

    number: int
    people: list = field(default_factory=list)
    special: bool = False
    filed: object = None
    phone: str = ""

    def members(self, day):
        """Who belongs to it on a day."""
        return [person for person in self.people if person.present(day)]

    def head(self, day):
        """The head on a day, or None."""
        return next((person for person in self.members(day) if person.relation == "head"), None)


@dataclass(eq=False)
class Shop:
    """A shop with its macro-category and activity; `open` is whether its agreement is in force."""

    number: int
    category: str
    activity: str
    open: bool = True


class Population:
    """Draws households and shops."""

    def __init__(self, rng, households, shops):
        """Draw them all from a random.Random."""
        self.rng = rng
        self.codes = 0
        self.households = [self._household(number) for number in range(households)]
        self.shops = [Shop(number, *TRADES[number % len(TRADES)]) for number in range(shops)]

    def person(self, birth, relation, **facts):
        """Somebody new with a valid fiscal code of a place that is nowhere."""
        number, letters = self.codes, ""
        self.codes += 1
        for _place in range(6):
            number, rest = divmod(number, len(CONSONANTS))
            letters += CONSONANTS[rest]
        day = birth.day + self.rng.choice((0, 40))
        code = f"{letters}{birth.year % 100:02d}{MONTHS[birth.month - 1]}{day:02d}Z999"
        code += codicefiscale.calc_check_digit(code)
        return Person(f"Resident {self.codes}", code, birth, relation, **facts)

    def _born(self, youngest, oldest):
        """A birthday of somebody who is between two ages at the end of 2023."""
        return date(2023, 12, 31) - timedelta(days=self.rng.randrange(youngest * 365 + 1, oldest * 365 + 300))

    def _household(self, number):
        rng = self.rng
        size = rng.choices(list(SIZES), SIZES.values())[0]
        old = rng.random() < {1: 0.55, 2: 0.4}.get(size, 0.03)
        family = Household(number, special=rng.random() < 0.02, phone=f"+39333{number:07d}")
        family.people.append(self.person(self._born(66, 95) if old else self._born(25, 65), "head"))
        if size > 1 and rng.random() < 0.85:
            family.people.append(self.person(self._born(60, 90) if old else self._born(25, 60), "spouse"))
        while len(family.people) < size:
            parent = rng.random() < 0.06
            family.people.append(self.person(self._born(70, 97), "parent") if parent else self._child())
        for person in family.people:
            if rng.random() < 0.04:
                person.disability = rng.choice(("medium", "severe", "not_self_sufficient"))
        return family

    def _child(self):
        return self.person(self._born(0, 24), "child")
