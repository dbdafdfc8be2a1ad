"""Who is in a household when, and who is its head."""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple


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
