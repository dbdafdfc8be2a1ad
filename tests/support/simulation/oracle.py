"""What the notice says must happen, in the simplest possible code.

Nothing here is shared with the addons: amounts are whole cents, an account is a list of lots, and every question is
answered by walking through lists. A clever idea in this file is a mistake.
"""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

ROME = ZoneInfo("Europe/Rome")
STANDARD = {"COMMERCIO": 50, "ARTIGIANATO": 40, "SOMMINISTRAZIONE": 10}
CLOSED_TO_ALL = {"tobacco", "pharmacy", "parapharmacy", "prescription_drugs", "fuel", "insurance", "gaming"}
OPEN_TO_SPECIAL = {"pharmacy", "parapharmacy", "health", "personal_services"}
CUT_OFF = date(2023, 12, 31)
HOLD = timedelta(minutes=30)
QUARTERS = ("2024-Q1", "2024-Q2", "2024-Q3", "2024-Q4")


def start_of(day):
    """The UTC instant at which a day begins in Rome."""
    return datetime(day.year, day.month, day.day, tzinfo=ROME).astimezone(UTC).replace(tzinfo=None)


def day_of(at):
    """The day in Rome of a UTC instant."""
    return at.replace(tzinfo=UTC).astimezone(ROME).date()


def age(birth, day):
    """Completed years."""
    return day.year - birth.year - ((day.month, day.day) < (birth.month, birth.day))


def first_day_of(quarter, later=0):
    """First day of a quarter ("2024-Q2"), or of the one `later` quarters after it."""
    index = int(quarter[:4]) * 4 + int(quarter[-1]) - 1 + later
    return date(index // 4, index % 4 * 3 + 1, 1)


@dataclass(eq=False)
class Lot:
    """One credit: cents, spendable from `starts` until before `ends` (UTC)."""

    quarter: str
    amount: int
    remaining: int
    starts: datetime
    ends: datetime

    def open(self, at):
        """Whether it can be spent from at an instant."""
        return self.remaining > 0 and self.starts <= at < self.ends


@dataclass(eq=False)
class Account:
    """A purse with its lots in the order of their credits."""

    label: str
    lots: list = field(default_factory=list)

    def available(self, at):
        """Cents that can be spent at an instant."""
        return sum(lot.remaining for lot in self.lots if lot.open(at))

    def balance(self):
        """Cents in it."""
        return sum(lot.remaining for lot in self.lots)


@dataclass(eq=False)
class Card:
    """A card as the oracle keeps it."""

    household: object
    holder: object
    kind: str
    first: str
    pin: str
    issued: date
    accounts: dict
    closed: bool = False
    blocks: set = field(default_factory=set)
    wrong: int = 0
    wrong_at: datetime = datetime.min
    credited: dict = field(default_factory=dict)
    checks: dict = field(default_factory=dict)

    @property
    def state(self):
        """active, suspended or closed: some reasons stop purchases, others only new credit."""
        if self.closed:
            return "closed"
        return "suspended" if self.blocks & {"holder_death", "lost"} else "active"


@dataclass(eq=False)
class Payment:
    """A payment or refund: what it took from (or gave to) which lots, in cents."""

    key: str
    card: Card
    account: Account
    shop: object
    amount: int
    at: datetime
    request: tuple
    answer: dict
    taken: list
    state: str = "authorized"
    refunds: list = field(default_factory=list)
    origin: object = None

    def left(self):
        """Cents of it that were not given back yet."""
        return self.amount - sum(refund.amount for refund in self.refunds)


class Oracle:
    """The notice. `rules` are (first day, {name: value}) in the order of their days; amounts in cents."""

    def __init__(self, funds):
        """Begin the year without cards. `funds` is the cents of each source, in the order in which they pay."""
        self.funds = list(funds)
        self.rules = [
            (date(2024, 1, 1), {"minimum": 1000, "share": 50, "quarters": 2, "tries": 3, "wait": 30, "growth": 4}),
        ]
        self.spendable_from = datetime(2024, 3, 31, 22)
        self.stopped = False
        self.cards = {}
        self.payments = {}
        self.holds = {}
        self.journal = []
        self.lost = {}
        self.adults = set()

    # ------------------------------------------------------------------ facts

    def rule(self, name, at):
        """Value of a parameter at an instant."""
        found = None
        for first, values in self.rules:
            if first <= day_of(at) and name in values:
                found = values[name]
        return found

    def act(self, first, changes):
        """A giunta act changes parameters from a day."""
        self.rules.append((first, changes))

    @staticmethod
    def yearly(household, day):
        """Cents a year of a household by the demonstration table, None when nobody lives there."""
        members = household.members(day)
        if not members:
            return None
        total = 45000 + 9000 * (len(members) - 1)
        total += 12000 * min(2, sum(person.disability != "none" for person in members))
        small = [p for p in members if p.relation in ("child", "foster") and age(p.birth, day) < 3]
        return total + 4500 * len(small)

    def of_age(self, households, today):
        """Fiscal codes of the members who turned eighteen within the last 366 days and were not named before."""
        found = set()
        for household in households:
            for person in household.members(today):
                birthday = date(person.birth.year + 18, person.birth.month, min(person.birth.day, 28))
                if (person.birth.month, person.birth.day) != (2, 29):
                    birthday = birthday.replace(day=person.birth.day)
                if today - timedelta(days=366) <= birthday <= today and person.code not in self.adults:
                    found.add(person.code)
        self.adults |= found
        return sorted(found)

    @staticmethod
    def kind(household):
        """Standard, senior or special, by the ages at the end of 2023."""
        if household.special:
            return "special"
        births = [person.birth for person in household.members(CUT_OFF)]
        if len(births) == 1:
            birth = births[0]
            seventy = date(birth.year + 70, birth.month, 28 if (birth.month, birth.day) == (2, 29) else birth.day)
            return "senior" if seventy < CUT_OFF else "standard"
        ages = [age(birth, CUT_OFF) for birth in births]
        return "senior" if sum(ages) > 68 * len(ages) else "standard"

    @staticmethod
    def first_quarter(filed):
        """First quarter credited to whoever applied at an instant."""
        day = day_of(filed)
        if day <= date(2024, 3, 4):
            return "2024-Q1"
        return f"{day.year}-Q{(day.month - 1) // 3 + 2}"

    def issue(self, household, day, pin):
        """A card is issued to the head."""
        kind = self.kind(household)
        labels = list(STANDARD) if kind == "standard" else ["UNICO"]
        card = Card(
            household,
            household.head(day),
            kind,
            self.first_quarter(household.filed),
            pin,
            day,
            {label: Account(label) for label in labels},
        )
        self.cards[household.number] = card
        return card

    # ------------------------------------------------------------------ credit

    def check(self, card, quarter, verdict):
        """What the office found for a quarter: passed, failed or open; who no longer lives here has failed. What was
        found in order at the application need not be looked at again for what is not older."""
        day = first_day_of(quarter) - timedelta(days=1)
        if card.issued >= day:
            verdict = "passed"
        if day_of(card.household.filed) >= day:
            card.checks[quarter] = verdict
            return
        then = {person.code for person in card.household.members(CUT_OFF)}
        resident = any(person.code in then for person in card.household.members(day))
        card.checks[quarter] = verdict if resident else "failed"

    def credit_reason(self, card, quarter, ends, at):
        """Why a card gets nothing for a quarter, or None."""
        if card.closed:
            return "closed"
        if card.blocks & {"holder_death", "taxes"}:
            return "suspended" if card.state == "suspended" else "blocked"
        if quarter < card.first:
            return "before_first"
        if ends <= at:
            return "expired"
        return {"passed": None, "failed": "check_failed"}.get(card.checks.get(quarter), "check_open")

    def credit(self, card, quarter, at):
        """Credit a quarter on a card, once. Returns (state, reason, cents)."""
        if quarter in card.credited:
            return "credited", None, 0
        ends = start_of(first_day_of(quarter, self.rule("quarters", at) + 1))
        reason = self.credit_reason(card, quarter, ends, at)
        if reason:
            return "skipped", reason, 0
        # what counts is the household on the last day before the quarter
        yearly = self.yearly(card.household, first_day_of(quarter) - timedelta(days=1))
        number = int(quarter[-1])
        cents = yearly // 4 + (1 if number <= yearly % 4 else 0)
        for label, part in self.split(card, cents).items():
            for piece in self.draw(part):
                lot = Lot(quarter, piece, piece, at, ends)
                card.accounts[label].lots.append(lot)
                self.write(card, label, lot, "credit", piece)
        card.credited[quarter] = cents
        return "credited", None, cents

    def draw(self, cents):
        """Take an amount from the funds in their order; each fund pays a lot of its own."""
        pieces = []
        for place, left in enumerate(self.funds):
            piece = min(left, cents)
            if piece:
                self.funds[place] -= piece
                cents -= piece
                pieces.append(piece)
        return pieces

    @staticmethod
    def split(card, cents):
        """A quarter over the accounts: whole cents, the odd ones to the largest fractions."""
        if card.kind != "standard":
            return {"UNICO": cents}
        parts = {label: cents * weight // 100 for label, weight in STANDARD.items()}
        fractions = {label: cents * weight % 100 for label, weight in STANDARD.items()}
        while sum(parts.values()) < cents:
            largest = max(fractions.values())
            label = next(label for label in fractions if fractions[label] == largest)
            parts[label] += 1
            fractions[label] = -1
        return parts

    def extend(self, card, quarter, ends):
        """An act lets the lots of a quarter live longer, when they still live."""
        for account in card.accounts.values():
            for lot in account.lots:
                if lot.quarter == quarter:
                    lot.ends = ends
                    self.write(card, account.label, lot, "extension", 0)

    def expire(self, at):
        """What is past its time is lost. Returns the number of lots."""
        count = 0
        for card in self.cards.values():
            for account in card.accounts.values():
                for lot in account.lots:
                    if lot.remaining and lot.ends <= at:
                        self.write(card, account.label, lot, "expiry", -lot.remaining)
                        lot.remaining = 0
                        count += 1
        return count

    def write(self, card, label, lot, kind, cents):
        """Note a movement for the evening's comparison."""
        self.journal.append((card, label, lot, kind, cents))
        if kind == "expiry":
            self.lost[lot] = self.lost.get(lot, 0) - cents
