"""Quarters, the first quarter of an application and the day a load is due."""

from datetime import UTC, date, datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo


class Quarter(NamedTuple):
    """A calendar quarter: January–March is number 1 (R-004-30)."""

    year: int
    number: int

    @property
    def code(self) -> str:
        """Name such as ``2024-Q1``."""
        return f"{self.year}-Q{self.number}"

    @property
    def start(self) -> date:
        """First day."""
        return date(self.year, 3 * self.number - 2, 1)

    @property
    def end(self) -> date:
        """Last day."""
        return date.fromordinal(self.plus(1).start.toordinal() - 1)

    def plus(self, count: int) -> "Quarter":
        """The quarter ``count`` quarters later (earlier when negative)."""
        index = self.year * 4 + self.number - 1 + count
        return Quarter(index // 4, index % 4 + 1)


class Window(NamedTuple):
    """Applications filed from ``first`` to ``last`` (local days, both included) start at ``quarter``."""

    first: date
    last: date
    quarter: Quarter


def quarter_of(day: date) -> Quarter:
    """The calendar quarter that contains a day."""
    return Quarter(day.year, (day.month - 1) // 3 + 1)


def local_day(instant: datetime, tz: str) -> date:
    """The calendar day of an instant in a place.

    :param instant: UTC, naive (as Odoo stores it) or aware
    :param tz: IANA name such as ``Europe/Rome``
    """
    aware = instant if instant.tzinfo else instant.replace(tzinfo=UTC)
    return aware.astimezone(ZoneInfo(tz)).date()


def midnight(day: date, tz: str) -> datetime:
    """The instant a local day begins, as naive UTC.

    :param day: local calendar day
    :param tz: IANA name
    """
    local = datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(tz))
    return local.astimezone(UTC).replace(tzinfo=None)


def first_quarter(filed_at: datetime, tz: str, opens_on: date, windows: tuple[Window, ...] = ()) -> Quarter | None:
    """First quarter credited to an application (R-004-20, R-004-21, R-004-22, A13).

    :param filed_at: filing instant, UTC
    :param tz: where the day boundaries are
    :param opens_on: first local day on which applications are accepted
    :param windows: exceptions to "the quarter after the one of filing"
    :returns: the quarter, or None when filed before the opening
    """
    day = local_day(filed_at, tz)
    if day < opens_on:
        return None
    for window in windows:
        if window.first <= day <= window.last:
            return window.quarter
    return quarter_of(day).plus(1)


def load_by(quarter: Quarter, day: int = 10) -> date:
    """Last day on which a quarter may be loaded without being late (R-004-32).

    :param quarter: the quarter to load
    :param day: day of its first month (1–28)
    """
    return quarter.start.replace(day=day)


def is_late(run_at: datetime, due: date, tz: str) -> bool:
    """Whether a load happens after its due day.

    :param run_at: instant of the load, UTC
    :param due: last good local day
    """
    return local_day(run_at, tz) > due
