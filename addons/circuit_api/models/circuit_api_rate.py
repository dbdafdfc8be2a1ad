from datetime import timedelta
from typing import NamedTuple

from odoo import api, fields, models
from odoo.tools import SQL

from odoo.addons.stored_value.tools import kept_transaction

WINDOW = timedelta(minutes=1)


class Allowance(NamedTuple):
    """What is left of a key's requests: limit a minute, how many are left, seconds until it begins anew."""

    limit: int
    left: int
    reset: int
    allowed: bool


class CircuitApiRate(models.Model):
    """How often each key asked in the minute that runs: one row a key, so that keys never wait for each other. The
    table is not logged: after a crash of PostgreSQL the minute begins anew."""

    _name = "circuit.api.rate"
    _description = "Requests of an API key"
    _log_access = False

    key_id = fields.Many2one("circuit.api.key", required=True, ondelete="cascade")
    starts_at = fields.Datetime(required=True)
    hits = fields.Integer(required=True)
    used_at = fields.Datetime(required=True)

    _key_unique = models.UniqueIndex("(key_id)")

    def init(self):
        """A counter is not worth a wait for the disk."""
        self.env.cr.execute("SELECT relpersistence FROM pg_class WHERE oid = 'circuit_api_rate'::regclass")
        if self.env.cr.fetchone()[0] != "u":
            self.env.cr.execute("ALTER TABLE circuit_api_rate SET UNLOGGED")
            self.env.cr.execute("ALTER TABLE circuit_api_rate SET (fillfactor = 50)")

    @api.model
    def _count(self, key_id, limit):
        """Count one request of a key and commit at once, so that its other requests do not wait for this one.

        :param int key_id: circuit.api.key
        :param int limit: requests a minute
        :return: Allowance
        """
        now = fields.Datetime.now()
        with kept_transaction(self.env) as env:
            [(starts_at, hits)] = env.execute_query(
                SQL(
                    "INSERT INTO circuit_api_rate AS r (key_id, starts_at, hits, used_at)"
                    " VALUES (%(key)s, %(now)s, 1, %(now)s) ON CONFLICT (key_id) DO UPDATE SET"
                    " hits = CASE WHEN r.starts_at <= %(over)s THEN 1 ELSE r.hits + 1 END,"
                    " starts_at = CASE WHEN r.starts_at <= %(over)s THEN %(now)s ELSE r.starts_at END, used_at = %(now)s"
                    " RETURNING starts_at, hits",
                    key=key_id,
                    now=now,
                    over=now - WINDOW,
                )
            )
        return Allowance(
            limit, max(0, limit - hits), max(1, int((starts_at + WINDOW - now).total_seconds())), hits <= limit
        )

    @api.model
    def _cron_last_used(self):
        """Scheduled: write down when each key was last used; on the way of a charge it would cost a write."""
        self.env.cr.execute(
            "UPDATE circuit_api_key k SET last_used_at = r.used_at FROM circuit_api_rate r"
            " WHERE r.key_id = k.id AND (k.last_used_at IS NULL OR k.last_used_at < r.used_at)"
        )
        self.env["circuit.api.key"].invalidate_model(["last_used_at"])
