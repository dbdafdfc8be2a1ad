"""Turn the clock back while the demo's past is made."""

from contextlib import contextmanager
from datetime import UTC
from unittest.mock import patch

from odoo import fields

from .seasons import TZ


@contextmanager
def at(moment):
    """Let the addons believe it is another moment.

    They all ask ``fields.Datetime.now`` or for today's date; the database's own
    time stamps (``create_date``) still tell when the demo was installed.

    :param moment: naive UTC.
    """
    today = moment.replace(tzinfo=UTC).astimezone(TZ).date()
    local_day = fields.Date.context_today

    def context_today(record, timestamp=None):
        return local_day(record, timestamp or moment)

    with (
        patch.object(fields.Datetime, "now", staticmethod(lambda *args: moment)),
        patch.object(fields.Date, "today", staticmethod(lambda *args: today)),
        patch.object(fields.Date, "context_today", staticmethod(context_today)),
    ):
        yield
