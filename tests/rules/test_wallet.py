"""The virtual wallet: expiry, points, the ceiling of a purchase, limits of rewards."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import NamedTuple
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rules_loader import load

wallet = load("ecoupon", "wallet")

CENTS = st.integers(0, 10**7).map(lambda cents: Decimal(cents) / 100)
VALUES = st.integers(1, 10**6).map(lambda value: Decimal(value) / 10**4)


class Line(NamedTuple):
    amount: Decimal
    payable: bool = True


LINES = st.lists(
    st.builds(Line, st.integers(-(10**5), 10**6).map(lambda cents: Decimal(cents) / 100), st.booleans()), max_size=8
)


@given(st.dates(date(2020, 1, 1), date(2090, 1, 1)), st.integers(1, 4000))
def test_a_reward_lives_until_a_local_midnight(day, days):
    """R-000-17: whole days of the circuit, also over the change of the clocks."""
    end = wallet.expires_at(day, days, "Europe/Rome").replace(tzinfo=UTC).astimezone(ZoneInfo("Europe/Rome"))

    assert (end.hour, end.minute, end.second) == (0, 0, 0)
    assert end.date() - timedelta(days=days + 1) == day


def test_its_last_day():
    """R-000-17: one further day: all of tomorrow; in winter Rome is an hour ahead, in summer two."""
    assert wallet.expires_at(date(2026, 1, 10), 1, "Europe/Rome") == datetime(2026, 1, 11, 23)
    assert wallet.expires_at(date(2026, 3, 28), 1, "Europe/Rome") == datetime(2026, 3, 29, 22)


@given(CENTS, VALUES)
def test_points_are_never_worth_more_than_the_money(amount, value):
    """B05: whole points, rounded down."""
    points = wallet.points(amount, value)

    assert points * value <= amount < (points + 1) * value


def test_points_worth_nothing():
    """B05: no division by zero."""
    assert wallet.points(Decimal("12.50"), Decimal("0.01")) == 1250
    for value in ("0", "-1"):
        with pytest.raises(ValueError):
            wallet.points(Decimal(1), Decimal(value))


@given(LINES, CENTS)
def test_a_wallet_pays_what_is_payable_and_not_paid_yet(lines, paid):
    """R-000-16: neither more than is bought, nor than is payable, nor than others leave; never less than nothing."""
    answer = wallet.ceiling(lines, paid)
    total = sum((line.amount for line in lines), Decimal(0))
    payable = sum((line.amount for line in lines if line.payable), Decimal(0))

    assert 0 <= answer.most <= answer.eligible <= max(payable, 0)
    assert answer.eligible <= max(total, 0)
    assert answer.most == 0 or answer.most + paid <= total


@given(CENTS.filter(bool), st.integers(0, 5), CENTS, st.integers(0, 40))
def test_limits_hold_however_many_come(amount, most_times, budget, many):
    """R-000-17, B05: one after the other, as under the behaviour's lock."""
    done = wallet.Done()
    for _one in range(many):
        if wallet.obstacle(amount, most_times, budget, done) is None:
            done = wallet.Done(done.times + 1, done.granted + amount)

    assert not most_times or done.times <= most_times
    assert not budget or done.granted <= budget
    if not most_times and not budget:
        assert done.times == many
