"""Funds in their order, requests in order of arrival."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rules_loader import load

funding = load("family_card", "funding")
CENTS = st.integers(0, 10**8).map(lambda cents: Decimal(cents) / 100)
ASKED = st.integers(1, 10**7).map(lambda cents: Decimal(cents) / 100)


def test_an_amount_at_the_boundary_is_paid_by_two_funds():
    """R-001-05: what is left of the first, the rest from the second."""
    rooms = [Decimal("30.00"), Decimal("100.00")]

    draws = funding.draw(rooms, Decimal("45.00"))

    assert draws == ((0, Decimal("30.00")), (1, Decimal("15.00")))
    assert rooms == [Decimal("0.00"), Decimal("85.00")]


def test_more_than_there_is_takes_nothing():
    """R-001-24."""
    rooms = [Decimal("30.00"), Decimal("10.00")]

    for amount in (Decimal("40.01"), Decimal(0)):
        with pytest.raises(ValueError, match="cover"):
            funding.draw(rooms, amount)

    assert rooms == [Decimal("30.00"), Decimal("10.00")]


@given(st.lists(CENTS, max_size=6), ASKED)
def test_draws_total_the_amount_and_leave_nothing_negative(rooms, amount):
    """R-001-05, R-001-24: every cent has its fund, and earlier funds are used up first."""
    before = list(rooms)
    if amount > sum(rooms):
        with pytest.raises(ValueError, match="cover"):
            funding.draw(rooms, amount)
        assert rooms == before
        return

    draws = funding.draw(rooms, amount)

    assert sum(draw.amount for draw in draws) == amount
    assert all(draw.amount > 0 for draw in draws)
    assert sum(before) - sum(rooms) == amount
    assert min(rooms) >= 0
    assert all(rooms[place] == 0 for place in range(draws[-1].fund))


def test_the_last_request_that_does_not_fit_waits():
    """V5: 390,710.00 in order of arrival."""
    requests = [Decimal("200000.00"), Decimal("190000.00"), Decimal("800.00"), Decimal("100.00")]

    assert funding.served(requests, Decimal("390710.00")) == 2


@given(st.lists(ASKED, max_size=30), CENTS)
def test_nobody_overtakes(requests, room):
    """V5: those served fit together; the first that waits would not."""
    count = funding.served(requests, room)

    assert sum(requests[:count]) <= room
    assert count == len(requests) or sum(requests[: count + 1]) > room
