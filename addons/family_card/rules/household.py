"""Who is in a household when, and who is its head."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import NamedTuple

from .senior import birthday


class Membership(NamedTuple):
    """A person in a household from the first to the last day, both included; no last day: still."""

    household: int
    person: int
    is_head: bool
    first: date
    last: date | None


def covers(membership: Membership, day: date) -> bool:
    """Whether the membership holds on a day."""
    return membership.first <= day and (membership.last is None or day <= membership.last)


def overlap(a: Membership, b: Membership) -> bool:
    """Whether two memberships share a day."""
    return covers(a, b.first) or covers(b, a.first)


def double_memberships(memberships: Sequence[Membership]) -> set[int]:
    """Persons who would be in a household twice on the same day (R-004-17)."""
    return {a.person for a, b in _pairs(memberships) if a.person == b.person and overlap(a, b)}


def double_heads(memberships: Sequence[Membership]) -> set[int]:
    """Households that would have two heads on the same day (R-004-15)."""
    return {
        a.household
        for a, b in _pairs(memberships)
        if a.household == b.household and a.is_head and b.is_head and overlap(a, b)
    }


def first_headless_day(memberships: Sequence[Membership]) -> date | None:
    """First day on which one household has members but no head, or None.

    Who is there can only change on a first day or on the day after a last day.
    """
    days = {m.first for m in memberships}
    days |= {date.fromordinal(m.last.toordinal() + 1) for m in memberships if m.last}
    for day in sorted(days):
        present = [m for m in memberships if covers(m, day)]
        if present and not any(m.is_head for m in present):
            return day
    return None


def _pairs(memberships: Sequence[Membership]):
    ordered = sorted(memberships, key=lambda m: (m.person, m.household, m.first))
    for index, first in enumerate(ordered):
        for second in ordered[index + 1 :]:
            yield first, second


class Recorded(NamedTuple):
    """Something that was held true from one instant up to another, excluded; no end: still."""

    fact: Membership
    recorded_from: datetime
    recorded_to: datetime | None


def was_known(recorded_from: datetime, recorded_to: datetime | None, at: datetime) -> bool:
    """Whether a line recorded from one instant up to another (excluded) was held true at an instant."""
    return recorded_from <= at and (recorded_to is None or at < recorded_to)


def members_on(lines: Sequence[Recorded], day: date, known_at: datetime) -> list[Membership]:
    """Who was in a household on a day, as it was known at an instant (R-004-17, R-004-51)."""
    return [
        line.fact
        for line in lines
        if was_known(line.recorded_from, line.recorded_to, known_at) and covers(line.fact, day)
    ]


class Edit(NamedTuple):
    """What becomes of one membership: ``last`` is its new last day, None: it never happened."""

    position: int
    last: date | None


def end_of(lines: Sequence[Membership], last: date) -> list[Edit]:
    """How the memberships of one person end for good on a day (death, departure).

    :param lines: memberships of one person as known now
    :param last: last day in any household
    :return: edits by position; what would start later never happened
    """
    edits = []
    for position, line in enumerate(lines):
        if line.first > last:
            edits.append(Edit(position, None))
        elif line.last is None or line.last > last:
            edits.append(Edit(position, last))
    return edits


def change_of(lines: Sequence[Membership], new: Membership) -> list[Edit]:
    """How the memberships of one person give way to a new one.

    :param lines: memberships of one person as known now
    :param new: the membership that begins; it has no last day
    :return: edits by position; empty when nothing is in the way
    :raises ValueError: a membership that starts on that day or later is on record
    """
    if any(line.first >= new.first for line in lines):
        raise ValueError("a later membership is on record")
    return end_of(lines, new.first - timedelta(days=1))


def edited(lines: Sequence[Membership], edits: Sequence[Edit]) -> list[Membership]:
    """Memberships after their edits, in the same order."""
    last = {edit.position: edit.last for edit in edits}
    return [
        line._replace(last=last[position]) if position in last else line
        for position, line in enumerate(lines)
        if position not in last or last[position] is not None
    ]


def comes_of_age(birth: date, first: date, last: date, age: int = 18) -> date | None:
    """The day a person comes of age, if it lies between two days, both included (R-004-54).

    :param age: years; majority is at eighteen (art. 2 c.c.)
    """
    day = birthday(birth, age)
    return day if first <= day <= last else None
