"""When a credit stops being spendable."""

from datetime import date, datetime

from .periods import midnight, quarter_of

REFERENCE_QUARTER = "reference_quarter"
CREDIT_QUARTER = "credit_quarter"


def last_day(reference: date, credited_on: date, quarters: int, basis: str) -> date:
    """Last local day on which a lot is spendable (R-004-55, A10, A11).

    :param reference: any day of the quarter the credit refers to
    :param credited_on: local day on which it was loaded
    :param quarters: how many further quarters it lives (2 in the notice)
    :param basis: ``reference_quarter`` or ``credit_quarter``
    :raises ValueError: unknown basis or negative number of quarters
    """
    if basis not in (REFERENCE_QUARTER, CREDIT_QUARTER) or quarters < 0:
        raise ValueError("unknown expiry rule")
    start = reference if basis == REFERENCE_QUARTER else credited_on
    return quarter_of(start).plus(quarters).end


def expires_at(
    reference: date, credited_on: date, quarters: int, basis: str, tz: str, year_end: int | None = None
) -> datetime:
    """First instant at which a lot is no longer spendable, as naive UTC (R-004-55, A12).

    It is the midnight that ends the last day in ``tz``; see :func:`last_day`.

    :param year_end: year at whose end the lot dies at the latest; None: it may live into the next one
    """
    day = last_day(reference, credited_on, quarters, basis)
    if year_end is not None:
        day = min(day, date(year_end, 12, 31))
    return midnight(date.fromordinal(day.toordinal() + 1), tz)
