"""Months of statements and the days that follow from them."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo


def month_of(day: date) -> date:
    """First day of the month of a day."""
    return day.replace(day=1)


def plus_months(month: date, count: int) -> date:
    """First day of the month ``count`` months later (earlier when negative)."""
    index = month.year * 12 + month.month - 1 + count
    return date(index // 12, index % 12 + 1, 1)


def last_day(month: date) -> date:
    """Last day of a month."""
    return plus_months(month, 1) - timedelta(days=1)


def bounds(month: date, tz: str) -> tuple[datetime, datetime]:
    """The instants a local month begins and is over, as naive UTC; the second one is not in it.

    :param month: first day
    :param tz: IANA name such as ``Europe/Rome``
    """
    return _midnight(month, tz), _midnight(plus_months(month, 1), tz)


def _midnight(day: date, tz: str) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(tz)).astimezone(UTC).replace(tzinfo=None)


def due_on(month: date, day: int) -> date:
    """Day by which the statement of a month comes back signed (R-004-98, example N1).

    :param month: first day of the statement's month
    :param day: day of the following month, 1–28
    """
    return plus_months(month, 1).replace(day=day)


def pay_from(month: date, hold_days: int) -> date:
    """First day on which the statement of a month may be paid.

    :param month: first day
    :param hold_days: days after the end of the month in which transactions can still be reversed
    """
    return plus_months(month, 1) + timedelta(days=hold_days)
