"""R-000-11: until when a coupon can be spent, as people read it."""

from datetime import datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st
from rules_loader import load

last_moment = load("ecoupon", "last_moment")


@given(st.dates(min_value=datetime(2000, 1, 2).date(), max_value=datetime(2100, 1, 1).date()))
def test_a_midnight_ends_with_the_day_before(day):
    """R-000-11: at midnight of a day the last day is the one before."""
    midnight = datetime(day.year, day.month, day.day)

    assert last_moment.last_day(midnight) == day - timedelta(days=1)


@given(st.datetimes().filter(lambda at: at.time() != datetime.min.time()))
def test_any_other_instant_is_told_to_the_minute(at):
    """R-000-11: no day is told as whole that is not."""
    assert last_moment.last_day(at) is None
