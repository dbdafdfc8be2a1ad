from datetime import UTC
from zoneinfo import ZoneInfo

from odoo import fields, models


class CircuitCircuit(models.Model):
    """The circuit's calendar: entitlements hold from midnight to midnight of its own time."""

    _inherit = "circuit.circuit"

    def _local_day(self, at=None):
        """The circuit's day at an instant.

        :param datetime at: naive UTC; None: now
        :return: date
        """
        self.ensure_one()
        at = at or fields.Datetime.now()
        return at.replace(tzinfo=UTC).astimezone(ZoneInfo(self.tz or "Europe/Rome")).date()
