"""Dated members of households."""

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rules_loader import load

household = load("family_card", "household")

DAY = date(2024, 1, 1)


def member(person, first=0, last=None, family=1, head=False):
    end = None if last is None else DAY + timedelta(days=last)
    return household.Membership(family, person, head, DAY + timedelta(days=first), end)


def test_a_person_moves_from_one_household_to_another():
    """R-004-17: one household at a date; the last day is included."""
    assert not household.double_memberships([member(1, 0, 9, family=1), member(1, 10, family=2)])
    assert household.double_memberships([member(1, 0, 10, family=1), member(1, 10, family=2)]) == {1}


def test_a_new_head_follows_the_old_one():
    """R-004-15."""
    assert not household.double_heads([member(1, 0, 9, head=True), member(2, 10, head=True)])
    assert household.double_heads([member(1, 0, head=True), member(2, 10, head=True)]) == {1}
    assert not household.double_heads([member(1, head=True), member(2, family=2, head=True)])


def test_the_first_day_without_a_head():
    """B3: after the head's death the household needs a new one."""
    died = [member(1, 0, 9, head=True), member(2)]

    assert household.first_headless_day(died) == DAY + timedelta(days=10)
    assert household.first_headless_day([*died[:1], member(2, 0, 9), member(2, 10, head=True)]) is None
    assert household.first_headless_day([]) is None


spans = st.builds(
    lambda person, family, head, first, length: member(
        person, first, None if length is None else first + length, family, head
    ),
    st.integers(1, 3),
    st.integers(1, 2),
    st.booleans(),
    st.integers(0, 30),
    st.none() | st.integers(0, 20),
)


@given(st.lists(spans, max_size=6))
def test_against_a_look_at_every_day(members):
    """The rules say what a day-by-day look says."""
    every_day = [DAY + timedelta(days=offset) for offset in range(60)]
    persons, families, headless = set(), set(), None
    for day in every_day:
        present = [m for m in members if household.covers(m, day)]
        persons |= {m.person for m in present if [x.person for x in present].count(m.person) > 1}
        heads = [m.household for m in present if m.is_head]
        families |= {family for family in heads if heads.count(family) > 1}
        if present and not heads and headless is None:
            headless = day

    assert household.double_memberships(members) == persons
    assert household.double_heads(members) == families
    assert household.first_headless_day(members) == headless


NOON = datetime(2024, 1, 1, 12, 0)


def recorded(fact, since=0, until=None):
    return household.Recorded(
        fact, NOON + timedelta(days=since), None if until is None else NOON + timedelta(days=until)
    )


def test_what_we_knew_then_and_what_we_know_now():
    """R-004-51: a death of day 5 that was learnt on day 20."""
    lines = [recorded(member(1), until=20), recorded(member(1, 0, 5), since=20)]
    day = DAY + timedelta(days=10)

    assert household.members_on(lines, day, NOON + timedelta(days=19)) == [member(1)]
    assert household.members_on(lines, day, NOON + timedelta(days=20)) == []
    assert household.members_on(lines, DAY, NOON + timedelta(days=20)) == [member(1, 0, 5)]


@given(st.lists(st.tuples(spans, st.integers(0, 9), st.none() | st.integers(0, 9)), max_size=6), st.integers(0, 20))
def test_a_correction_never_changes_what_was_known(lines, day):
    """Closing a line at a later instant leaves every earlier view as it was."""
    before = [recorded(fact, since, None if length is None else since + length) for fact, since, length in lines]
    closed = [line if line.recorded_to else line._replace(recorded_to=NOON + timedelta(days=50)) for line in before]
    on = DAY + timedelta(days=day)

    for hours in range(0, 50 * 24, 24):
        at = NOON + timedelta(hours=hours)
        assert household.members_on(before, on, at) == household.members_on(closed, on, at)


def of_one_person(drawn):
    """A timeline of one person without overlaps, from drawn gaps and lengths."""
    lines, first = [], 0
    for gap, length in drawn:
        first += gap
        lines.append(member(1, first, first + length))
        first += length + 1
    return lines


timelines = st.lists(st.tuples(st.integers(0, 5), st.integers(0, 9)), max_size=4).map(of_one_person)


@given(timelines, st.integers(0, 60))
def test_after_the_end_nothing_is_left(lines, offset):
    """R-004-51: after a death or a departure the person is nowhere, and before it where they were."""
    last = DAY + timedelta(days=offset)
    after = household.edited(lines, household.end_of(lines, last))

    for step in range(80):
        day = DAY + timedelta(days=step)
        expected = [m for m in lines if household.covers(m, day)] if day <= last else []
        assert len([m for m in after if household.covers(m, day)]) == len(expected)


@given(timelines, st.integers(0, 60))
def test_a_change_leaves_one_household_a_day(lines, offset):
    """R-004-17: the new membership follows the old one, or a later one on record is named."""
    new = member(1, offset, family=2)
    if any(line.first >= new.first for line in lines):
        with pytest.raises(ValueError):
            household.change_of(lines, new)
        return

    after = [*household.edited(lines, household.change_of(lines, new)), new]

    assert not household.double_memberships(after)


def test_coming_of_age():
    """R-004-54: art. 2963 c.c. for who was born on 29 February."""
    year = (date(2024, 1, 1), date(2024, 12, 31))

    assert household.comes_of_age(date(2006, 5, 15), *year) == date(2024, 5, 15)
    assert household.comes_of_age(date(2007, 1, 1), *year) is None
    assert household.comes_of_age(date(2008, 2, 29), date(2026, 1, 1), date(2026, 12, 31)) == date(2026, 2, 28)
