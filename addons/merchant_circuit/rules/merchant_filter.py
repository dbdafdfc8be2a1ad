"""Which of its transactions a merchant wants to see, out of the address of the page."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import NamedTuple

PERIODS = ("day", "week", "month", "quarter")
KINDS = ("payment", "refund")
STATES = ("authorized", "captured", "refunded", "voided", "expired")
FIRST_YEAR, LAST_YEAR = 1990, 2199
QUERY_MAX = 64


class Filter(NamedTuple):
    """What is shown. ``first`` and ``last`` are local days, both included; both are None when a number is searched
    for whenever it was."""

    period: str
    first: date | None
    last: date | None
    kind: str = ""
    state: str = ""
    query: str = ""


def as_day(text) -> date | None:
    """A day out of an address or a form.

    :param text: "2024-04-30"
    :returns: date, or None for anything else
    """
    try:
        day = date.fromisoformat(str(text or ""))
    except ValueError:
        return None
    return day if FIRST_YEAR <= day.year <= LAST_YEAR else None


def bounds(period: str, day: date) -> tuple[date, date]:
    """First and last day of the calendar period that contains a day; weeks begin on Monday.

    :param period: day, week, month or quarter
    """
    if period == "day":
        return day, day
    if period == "week":
        first = day - timedelta(days=day.weekday())
        return first, first + timedelta(days=6)
    months = 1 if period == "month" else 3
    first = day.replace(month=(day.month - 1) // months * months + 1, day=1)
    year, month = divmod(first.year * 12 + first.month - 1 + months, 12)
    return first, date(year, month + 1, 1) - timedelta(days=1)


def parse(params: Mapping, today: date) -> Filter:
    """What the visitor asked to see; anything strange is left out, nothing at all shows today (R-004-95).

    :param params: arguments of the address: period with on (a day in it), or from and to, kind, state, q
    :param today: local day
    """
    kind = params.get("kind") if params.get("kind") in KINDS else ""
    state = params.get("state") if params.get("state") in STATES else ""
    query = "".join(char for char in str(params.get("q") or "") if char.isprintable()).strip()[:QUERY_MAX]
    first, last = as_day(params.get("from")), as_day(params.get("to"))
    if first or last:
        first, last = sorted((first or last, last or first))
        return Filter("", first, last, kind, state, query)
    period = params.get("period") if params.get("period") in PERIODS else ""
    if query and not period:
        return Filter("", None, None, kind, state, query)
    period = period or "day"
    return Filter(period, *bounds(period, as_day(params.get("on")) or today), kind, state, query)


def step(chosen: Filter, count: int) -> Filter | None:
    """The period before or after.

    :param chosen: a choice
    :param count: -1 or 1
    :returns: the same choice of that period; None where there are no periods to step through
    """
    if not chosen.period:
        return None
    day = chosen.first - timedelta(days=1) if count < 0 else chosen.last + timedelta(days=1)
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        return None
    first, last = bounds(chosen.period, day)
    return chosen._replace(first=first, last=last)


def arguments(chosen: Filter) -> dict[str, str]:
    """The choice as arguments of an address; :func:`parse` reads them back to the same choice."""
    if chosen.period:
        days = {"period": chosen.period, "on": chosen.first.isoformat()}
    elif chosen.first:
        days = {"from": chosen.first.isoformat(), "to": chosen.last.isoformat()}
    else:
        days = {}
    rest = {"kind": chosen.kind, "state": chosen.state, "q": chosen.query}
    return days | {name: value for name, value in rest.items() if value}
