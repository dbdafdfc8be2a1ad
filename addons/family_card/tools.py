"""Small helpers shared by the models."""

from datetime import UTC
from zoneinfo import ZoneInfo

from odoo.addons.stored_value.tools import to_decimal

__all__ = ["local_time", "to_decimal"]


def local_time(instant, tz):
    """An Odoo instant as wall-clock time.

    :param datetime instant: naive UTC
    :param str tz: IANA name
    :return: aware datetime in ``tz``
    """
    return instant.replace(tzinfo=UTC).astimezone(ZoneInfo(tz))
