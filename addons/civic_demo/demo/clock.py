"""Turn the clock back while the demo's past is made."""

from contextlib import contextmanager
from unittest.mock import patch

from odoo import fields


@contextmanager
def at(moment):
    """Let the addons believe it is another moment.

    They all ask ``fields.Datetime.now``; the database's own time stamps
    (``create_date``) still tell when the demo was installed.

    :param moment: naive UTC.
    """
    with patch.object(fields.Datetime, "now", staticmethod(lambda *args: moment)):
        yield
