"""What a file of the registry would change, compared with what is known."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import NamedTuple

from . import fiscal_code
from .registry_file import ERROR, WARNING, Problem, Row, name_key

NEWBORN_DAYS = 365


class Person(NamedTuple):
    """Somebody on file. The household is that of the membership without a last day; ``latest`` is the last day that
    any membership starts or ends on, so that a new one comes after it."""

    id: int
    name: str
    birth_date: date | None
    fiscal_code: str
    death_date: date | None = None
    household: int | None = None
    relation: str | None = None
    first: date | None = None
    latest: date | None = None


class Household(NamedTuple):
    """A household on file; no code when it was entered by hand."""

    id: int
    code: str


class Change(NamedTuple):
    """One thing to do: kind of event and its day, for the person of a row or on file."""

    kind: str
    day: date
    row: Row | None
    person: int | None
    household: int | str | None
    relation: str | None


class Plan(NamedTuple):
    """All there is to do. ``codes``: households on file that get their number; ``completed``: (person, row) that get
    the fiscal code the file knows."""

    changes: list[Change]
    problems: list[Problem]
    codes: list[tuple[int, str]]
    new_households: list[str]
    completed: list[tuple[int, Row]]
    unchanged: int


def compare(
    rows: Sequence[Row],
    people: Sequence[Person],
    households: Sequence[Household],
    as_of: date,
    complete: bool = False,
    aliases: Mapping[str, int] | None = None,
) -> Plan:
    """Plan an import (R-004-51, R-004-52).

    :param rows: good rows of the file
    :param people: everybody on file
    :param households: all households on file
    :param as_of: the day the file tells about
    :param complete: who is on file but not in it has left
    :param aliases: fiscal codes that mean somebody else on file since two were found to be one
    """
    planner = _Planner(people, households, as_of, aliases or {})
    planner.adopt(rows)
    for row in rows:
        planner.row(row)
    if complete:
        planner.missing()
    planner.check_heads()
    return planner.plan()


class _Planner:
    def __init__(self, people, households, as_of, aliases):
        self.people, self.as_of = people, as_of
        self.by_id = {person.id: person for person in people}
        self.by_code = {code: self.by_id[person] for code, person in aliases.items() if person in self.by_id}
        self.by_code |= {p.fiscal_code: p for p in people if p.fiscal_code}
        self.by_base, self.by_name = defaultdict(list), defaultdict(list)
        for person in people:
            if person.fiscal_code:
                self.by_base[fiscal_code.base(person.fiscal_code)].append(person)
            if person.birth_date:
                self.by_name[name_key(person.name), person.birth_date].append(person)
        self.households = {h.code: h.id for h in households if h.code}
        self.coded = {h.id for h in households if h.code}
        self.seen = {}
        self.changes, self.problems, self.codes, self.completed = [], [], [], []
        self.new_households, self.unchanged = {}, 0

    def plan(self):
        return Plan(self.changes, self.problems, self.codes, list(self.new_households), self.completed, self.unchanged)

    def fault(self, row, column, code, value="", level=ERROR):
        self.problems.append(Problem(row.number, column, code, str(value), level))

    def adopt(self, rows):
        """A household entered by hand gets the number under which the file knows its head."""
        for row in rows:
            if row.relation != "head" or row.household in self.households:
                continue
            person = self.find(row, quiet=True)
            if person and person.household and person.relation == "head" and person.household not in self.coded:
                self.households[row.household] = person.household
                self.coded.add(person.household)
                self.codes.append((person.household, row.household))

    def find(self, row, quiet=False):
        """The person on file whom a row means; None: nobody, or it cannot be told."""
        if row.fiscal_code in self.by_code:
            return self.by_code[row.fiscal_code]
        same = self.by_name[name_key(row.name), row.birth_date] if row.birth_date else []
        without = [person for person in same if not person.fiscal_code or not row.fiscal_code]
        if len(same) == len(without) == 1:
            return same[0]
        if quiet:
            return None
        variants = self.by_base[fiscal_code.base(row.fiscal_code)] if row.fiscal_code else []
        if any(name_key(person.name) == name_key(row.name) for person in variants):
            self.fault(row, "fiscal_code", "variant_on_file")
        elif variants:
            self.fault(row, "fiscal_code", "variant_on_file", level=WARNING)
        elif without:
            self.fault(row, "name", "several_on_file")
        elif same:
            self.fault(row, "name", "namesake_on_file", level=WARNING)
        return None

    def row(self, row):
        """Plan one row."""
        before = len(self.problems)
        person = self.find(row)
        if any(problem.level == ERROR for problem in self.problems[before:]):
            return
        if person and person.id in self.seen:
            self.fault(row, "name", "same_person", self.seen[person.id])
            return
        if person:
            self.seen[person.id] = row.number
            if row.fiscal_code and not person.fiscal_code:
                self.completed.append((person.id, row))
        if row.death_date or row.last:
            self.gone(row, person)
        elif person and person.death_date:
            self.fault(row, "death_date", "is_dead", person.death_date.strftime("%d/%m/%Y"))
        else:
            self.present(row, person)

    def gone(self, row, person):
        kind, day = ("death", row.death_date) if row.death_date else ("move_out", row.last)
        if person and person.death_date:
            if kind == "death" and person.death_date != day:
                self.fault(row, "death_date", "other_death", person.death_date.strftime("%d/%m/%Y"))
            else:
                self.unchanged += 1
        elif not person or (kind == "move_out" and not person.household):
            # Who died or left before we ever knew them is no concern of the circuit.
            self.unchanged += 1
        elif person.first and day < person.first and kind == "move_out":
            self.fault(row, "last", "before_entry", person.first.strftime("%d/%m/%Y"))
        else:
            self.changes.append(Change(kind, day, row, person.id, person.household, None))

    def present(self, row, person):
        target = self.households.get(row.household)
        relation = row.relation or (person and person.relation) or "other"
        if person and target and person.household == target:
            if relation == person.relation:
                self.unchanged += 1
                return
            day = self.as_of
        else:
            day = row.first or self.as_of
        if target is None:
            self.new_households.setdefault(row.household)
            target = row.household
        if person and person.latest and day <= person.latest:
            self.fault(row, "first", "not_after", person.latest.strftime("%d/%m/%Y"))
            return
        if person:
            kind = "household_change" if person.household else "move_in"
        elif isinstance(target, int) and self.is_newborn(row, relation):
            kind, day = "birth", row.birth_date
        else:
            kind = "move_in"
        self.changes.append(Change(kind, day, row, person and person.id, target, relation))

    def is_newborn(self, row, relation):
        """A child of less than a year who is new in a household on file, unless the file says it came later; a child
        in foster care arrives there, it is not born there."""
        if row.first:
            return row.first == row.birth_date
        return relation == "child" and (self.as_of - row.birth_date).days < NEWBORN_DAYS

    def missing(self):
        """Who is on file but not in a complete file has left."""
        for person in self.people:
            # Whom no file could mean, for want of code and birth date, is not missing.
            known = person.fiscal_code or person.birth_date
            if known and person.household and person.id not in self.seen and not person.death_date:
                day = self.as_of - timedelta(days=1)
                if person.latest <= day:
                    self.changes.append(Change("move_out", day, None, person.id, person.household, None))

    def check_heads(self):
        """One head in every household that changes; without one it comes on the list of those to settle."""
        members = defaultdict(dict)
        for person in self.people:
            if person.household:
                members[person.household][person.id] = person.relation == "head"
        touched, row_of = {}, {}
        for number, change in enumerate(self.changes):
            key = change.person or f"new {number}"
            if change.person and self.by_id[change.person].household:
                members[self.by_id[change.person].household].pop(key, None)
            if change.kind not in ("death", "move_out"):
                members[change.household][key] = change.relation == "head"
                touched.setdefault(change.household, change.row)
                if change.relation == "head":
                    row_of[change.household] = change.row
        for household, row in touched.items():
            heads = Counter(members[household].values())[True]
            if heads > 1:
                self.fault(row_of.get(household, row), "relation", "two_heads", row.household)
            elif not heads:
                level = ERROR if isinstance(household, str) else WARNING
                self.fault(row, "relation", "no_head", row.household, level)
