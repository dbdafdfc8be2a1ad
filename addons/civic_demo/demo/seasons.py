"""The notice of 2024 replayed on the running year: which quarters, and when."""

from datetime import UTC, date, datetime, time, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

TZ = ZoneInfo("Europe/Rome")

#: Days on which the quarters were loaded, as (month, day): the first with the second (notice §4).
LOADS = {1: (4, 5), 2: (4, 5), 3: (7, 8), 4: (10, 7)}


class Load(NamedTuple):
    """One quarter's load."""

    quarter: int
    at: datetime


class Season(NamedTuple):
    """The programme's year as seen from today; instants are naive UTC."""

    year: int
    now: datetime
    loads: tuple[Load, ...]

    @property
    def spendable_from(self):
        """1 April at midnight in Rome (R-004-33)."""
        return instant(date(self.year, 4, 1), time(0))

    @property
    def filing_opens(self):
        """First day for applications: 5 February (R-004-20)."""
        return date(self.year, 2, 5)


def instant(day, clock):
    """A Roman wall-clock time as naive UTC.

    :param day: local date.
    :param clock: local time.
    """
    return datetime.combine(day, clock, TZ).astimezone(UTC).replace(tzinfo=None)


def season(now=None):
    """The last year whose credit can already be spent.

    From January to March the notice's year has not begun to pay (cards work
    from 1 April), so the year before is still the running one.

    :param now: naive UTC, now when empty.
    """
    now = (now or datetime.now(UTC).replace(tzinfo=None)).replace(microsecond=0)
    today = now.replace(tzinfo=UTC).astimezone(TZ).date()
    year = today.year if today >= date(today.year, 4, 1) else today.year - 1
    loads = []
    for quarter, (month, day) in LOADS.items():
        first = date(year, month, 1)
        if today < first:
            break
        # In the first days of a quarter the load happened a minute ago.
        at = min(instant(date(year, month, day), time(9, quarter)), now - timedelta(minutes=5 - quarter))
        loads.append(Load(quarter, at))
    return Season(year, now, tuple(loads))
