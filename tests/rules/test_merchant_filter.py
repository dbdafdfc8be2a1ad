"""Which transactions a merchant wants to see (merchant_circuit)."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rules_loader import load

rules = load("merchant_circuit", "merchant_filter")

DAYS = st.dates(date(1991, 1, 1), date(2198, 12, 31))
PERIODS = st.sampled_from(rules.PERIODS)
TEXTS = st.text(max_size=80)


@given(PERIODS, DAYS)
def test_a_period_holds_its_day_and_no_other_period_does(period, day):
    """R-004-95: the periods follow each other without gap or overlap."""
    first, last = rules.bounds(period, day)
    assert first <= day <= last
    assert rules.bounds(period, first) == rules.bounds(period, last) == (first, last)
    assert rules.bounds(period, last + timedelta(days=1))[0] == last + timedelta(days=1)


@pytest.mark.parametrize(
    ("period", "first", "last"),
    [
        ("day", date(2024, 2, 29), date(2024, 2, 29)),
        ("week", date(2024, 2, 26), date(2024, 3, 3)),
        ("month", date(2024, 2, 1), date(2024, 2, 29)),
        ("quarter", date(2024, 1, 1), date(2024, 3, 31)),
    ],
)
def test_periods_of_a_leap_day(period, first, last):
    """R-004-95: weeks begin on Monday."""
    assert rules.bounds(period, date(2024, 2, 29)) == (first, last)


@given(PERIODS, DAYS)
def test_a_step_forth_and_back_changes_nothing(period, day):
    """R-004-95."""
    chosen = rules.parse({"period": period, "on": day.isoformat(), "kind": "refund"}, day)
    assert rules.step(rules.step(chosen, 1), -1) == chosen
    assert rules.step(chosen, -1).last == chosen.first - timedelta(days=1)


@given(
    st.fixed_dictionaries(
        {},
        optional={
            "period": PERIODS | TEXTS,
            "on": DAYS.map(str) | TEXTS,
            "from": DAYS.map(str) | TEXTS,
            "to": DAYS.map(str) | TEXTS,
            "kind": st.sampled_from(rules.KINDS) | TEXTS,
            "state": st.sampled_from(rules.STATES) | TEXTS,
            "q": TEXTS,
        },
    ),
    DAYS,
)
def test_any_address_is_a_choice_that_can_be_written_again(params, today):
    """Bad input: nothing is refused, and what was read is written so that it reads the same."""
    chosen = rules.parse(params, today)
    assert (chosen.first is None) == (chosen.last is None)
    assert chosen.first is None or chosen.first <= chosen.last
    assert chosen.first is not None or chosen.query
    assert rules.parse(rules.arguments(chosen), today) == chosen


def test_nothing_chosen_is_today():
    """R-004-95."""
    today = date(2024, 4, 3)
    assert rules.parse({}, today) == rules.Filter("day", today, today)


def test_at_the_edges_of_time_there_is_no_step():
    """Bad input: years that the database or the calendar do not know."""
    chosen = rules.parse({"period": "quarter", "on": "1990-02-01"}, date(2024, 1, 1))
    assert rules.step(chosen, -1) is None
    assert rules.step(rules.parse({"from": "2024-01-01"}, date(2024, 1, 1)), 1) is None
