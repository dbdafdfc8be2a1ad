"""Quarters, first quarter of an application, load days, expiry (examples 4.3 and 4.4)."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rules_loader import load

periods = load("family_card", "periods")
expiry = load("family_card", "expiry")

ROME = "Europe/Rome"
Q = periods.Quarter
OPENS = date(2024, 2, 5)
WINDOWS = (periods.Window(OPENS, date(2024, 3, 4), Q(2024, 1)),)
days = st.dates(min_value=date(2000, 1, 1), max_value=date(2100, 12, 31))


@pytest.mark.parametrize(
    ("filed", "quarter"),
    [
        pytest.param(datetime(2024, 2, 4, 22, 59, 59), None, id="A1-one-second-early"),
        pytest.param(datetime(2024, 2, 4, 23, 0, 0), Q(2024, 1), id="A1-opening"),
        pytest.param(datetime(2024, 2, 5, 8, 0, 0), Q(2024, 1), id="A2"),
        pytest.param(datetime(2024, 3, 4, 22, 59, 59), Q(2024, 1), id="A3-last-second"),
        pytest.param(datetime(2024, 3, 4, 23, 0, 0), Q(2024, 2), id="A4-next-day"),
        pytest.param(datetime(2024, 4, 20, 10, 0, 0), Q(2024, 3), id="A4-second-quarter"),
        pytest.param(datetime(2024, 12, 31, 23, 0, 0), Q(2025, 2), id="rome-is-already-in-2025"),
    ],
)
def test_first_quarter_by_instant_of_filing(filed, quarter):
    """R-004-20, R-004-21, R-004-22."""
    assert periods.first_quarter(filed, ROME, OPENS, WINDOWS) == quarter
    assert periods.first_quarter(filed.replace(tzinfo=UTC), ROME, OPENS, WINDOWS) == quarter


@pytest.mark.parametrize(
    ("quarter", "due"),
    [
        (Q(2024, 2), date(2024, 4, 10)),
        (Q(2024, 3), date(2024, 7, 10)),
        (Q(2024, 4), date(2024, 10, 10)),
        (Q(2025, 1), date(2025, 1, 10)),
    ],
)
def test_a_quarter_is_loaded_by_the_tenth(quarter, due):
    """A5, R-004-32."""
    assert periods.load_by(quarter) == due
    assert not periods.is_late(datetime(due.year, due.month, due.day, 12), due, ROME)


def test_a_run_on_the_eleventh_is_late():
    """A5: late from 00:00 Rome of 11/07, which is 22:00 UTC of 10/07."""
    assert periods.is_late(datetime(2024, 7, 10, 22, 0), date(2024, 7, 10), ROME)
    assert not periods.is_late(datetime(2024, 7, 10, 21, 59, 59), date(2024, 7, 10), ROME)


@pytest.mark.parametrize(
    ("reference", "last"),
    [
        pytest.param(date(2024, 1, 1), date(2024, 9, 30), id="X1-Q1"),
        pytest.param(date(2024, 6, 30), date(2024, 12, 31), id="X1-Q2-example-of-the-notice"),
        pytest.param(date(2024, 7, 1), date(2025, 3, 31), id="X1-Q3"),
        pytest.param(date(2024, 12, 31), date(2025, 6, 30), id="X1-Q4"),
    ],
)
def test_a_lot_lives_two_more_quarters(reference, last):
    """R-004-55."""
    assert expiry.last_day(reference, date(2024, 4, 5), 2, "reference_quarter") == last


def test_expiry_is_midnight_in_rome():
    """X2: spendable at 23:59:59 of 31/12/2024 in Rome, not at 00:00."""
    assert expiry.expires_at(date(2024, 4, 1), date(2024, 4, 5), 2, "reference_quarter", ROME) == datetime(
        2024, 12, 31, 23, 0
    )


def test_expiry_in_summer_time():
    """X4: 30/09/2024 ends at 22:00 UTC, for Rome is two hours ahead."""
    assert expiry.expires_at(date(2024, 1, 1), date(2024, 4, 5), 2, "reference_quarter", ROME) == datetime(
        2024, 9, 30, 22, 0
    )


def test_expiry_by_the_quarter_of_the_credit():
    """X7: Q1 loaded in April lives until 31/12/2024."""
    assert expiry.last_day(date(2024, 1, 1), date(2024, 4, 5), 2, "credit_quarter") == date(2024, 12, 31)


@pytest.mark.parametrize(("quarters", "basis"), [(-1, "reference_quarter"), (2, "someday")])
def test_an_unknown_expiry_rule_is_refused(quarters, basis):
    with pytest.raises(ValueError):
        expiry.last_day(date(2024, 1, 1), date(2024, 1, 1), quarters, basis)


@given(days)
def test_a_day_lies_in_its_quarter(day):
    """R-004-30: the quarters cover the year without gap or overlap."""
    quarter = periods.quarter_of(day)

    assert quarter.start <= day <= quarter.end
    assert quarter.plus(1).start == quarter.end + timedelta(days=1)
    assert quarter.plus(7).plus(-7) == quarter


@given(days, st.integers(0, 12))
def test_expiry_is_a_local_midnight_after_the_last_day(reference, quarters):
    """Also across the changes of summer time."""
    instant = expiry.expires_at(reference, reference, quarters, "reference_quarter", ROME)
    local = instant.replace(tzinfo=UTC).astimezone(ZoneInfo(ROME))
    last = expiry.last_day(reference, reference, quarters, "reference_quarter")

    assert (local.hour, local.minute) == (0, 0)
    assert local.date() == last + timedelta(days=1)
    assert last >= reference


def test_a_lot_may_die_with_the_year():
    """A12: the third quarter of 2024 lives until 31/03/2025, or until midnight of 31/12/2024 in Rome."""
    lot = (date(2024, 7, 1), date(2024, 7, 5), 2, "reference_quarter", ROME)

    assert expiry.expires_at(*lot) == datetime(2025, 3, 31, 22)
    assert expiry.expires_at(*lot, 2024) == datetime(2024, 12, 31, 23)


@given(days, st.integers(0, 12), st.integers(1990, 2090))
def test_the_end_of_the_year_only_shortens(reference, quarters, year):
    """A12: no lot lives longer for it, and none beyond the year."""
    lot = (reference, reference, quarters, "reference_quarter", ROME)
    capped = expiry.expires_at(*lot, year)

    assert capped == min(expiry.expires_at(*lot), periods.midnight(date(year + 1, 1, 1), ROME))
