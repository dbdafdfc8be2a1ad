"""Small helpers shared by the models."""

from datetime import UTC
from zoneinfo import ZoneInfo

from odoo.addons.stored_value.tools import to_decimal

__all__ = ["batched", "local_time", "to_decimal"]

CHUNK = 1000


def local_time(instant, tz):
    """An Odoo instant as wall-clock time.

    :param datetime instant: naive UTC
    :param str tz: IANA name
    :return: aware datetime in ``tz``
    """
    return instant.replace(tzinfo=UTC).astimezone(ZoneInfo(tz))


def batched(items, size=CHUNK):
    """Slices of a sequence or recordset, one after the other.

    :param int size: items a slice
    """
    for start in range(0, len(items), size):
        yield items[start : start + size]
