"""Ends as people read them: a coupon that ends at midnight ends with the day before."""

from datetime import date, datetime, time, timedelta


def last_day(local: datetime) -> date | None:
    """The last whole day before an instant.

    :param local: first instant on which something no longer holds, on the clock of the place
    :return: the day, or None when the instant is not a midnight
    """
    if local.time() != time():
        return None
    return (local - timedelta(days=1)).date()
