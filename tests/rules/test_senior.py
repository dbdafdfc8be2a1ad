"""Senior status at 31/12/2023 (examples 4.2)."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rules_loader import load

senior = load("family_card", "senior")

DAY = date(2023, 12, 31)
births = st.lists(st.dates(min_value=date(1900, 1, 1), max_value=DAY), min_size=1, max_size=8)


def rules(**changes):
    return senior.AgeRule()._replace(**changes)


@pytest.mark.parametrize(
    ("members", "by_day", "by_years"),
    [
        pytest.param([date(1953, 12, 31)], False, False, id="G1-70-that-very-day"),
        pytest.param([date(1953, 12, 30)], True, False, id="G2-the-day-after"),
        pytest.param([date(1952, 12, 31)], True, True, id="G3-71"),
        pytest.param([date(1948, 6, 1), date(1961, 3, 10)], True, True, id="G4-average-68.5"),
        pytest.param([date(1953, 6, 1), date(1957, 6, 1)], False, False, id="G5-average-68"),
        pytest.param([date(1943, 6, 1), date(2023, 6, 1)], False, False, id="G6-with-a-newborn"),
    ],
)
def test_senior_households(members, by_day, by_years):
    """R-004-36, A02, A03."""
    assert senior.is_senior(members, DAY, rules()) is by_day
    assert senior.is_senior(members, DAY, rules(rule="completed_years")) is by_years


def test_average_of_exactly_68_counts_with_at_least():
    """G5 with ``>=``."""
    assert senior.is_senior([date(1953, 6, 1), date(1957, 6, 1)], DAY, rules(op="ge"))


@pytest.mark.parametrize("rule", ["day_after_birthday", "completed_years"])
def test_seventy_that_very_day_counts_with_at_least(rule):
    """G1 with ``>=``."""
    assert senior.is_senior([date(1953, 12, 31)], DAY, rules(op="ge", rule=rule))


def test_average_is_not_rounded():
    """68 and a third is over 68; three people of 69, 68 and 68."""
    members = [date(1954, 1, 1), date(1955, 1, 1), date(1955, 1, 1)]
    assert senior.is_senior(members, DAY, rules())


def test_born_on_29_february_turns_on_the_28th():
    """Art. 2963 c.c.: where the day is missing the term ends on the last day of the month."""
    assert senior.age_on(date(1952, 2, 29), date(2023, 2, 27)) == 70
    assert senior.age_on(date(1952, 2, 29), date(2023, 2, 28)) == 71


@given(births)
def test_at_least_is_never_stricter_than_over(members):
    if senior.is_senior(members, DAY, rules()):
        assert senior.is_senior(members, DAY, rules(op="ge"))


@given(births)
def test_order_of_the_members_does_not_matter(members):
    assert senior.is_senior(members, DAY, rules()) == senior.is_senior(sorted(members), DAY, rules())


@pytest.mark.parametrize(
    ("members", "limits"),
    [
        ([], rules()),
        ([date(2024, 1, 1)], rules(rule="completed_years")),
        ([date(1950, 1, 1)], rules(op="eq")),
        ([date(1950, 1, 1)], rules(rule="guess")),
    ],
)
def test_what_cannot_be_told_is_an_error(members, limits):
    with pytest.raises(ValueError):
        senior.is_senior(members, DAY, limits)
