"""Dated members of households."""

from datetime import date, timedelta

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
