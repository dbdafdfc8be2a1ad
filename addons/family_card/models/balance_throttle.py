import ipaddress
from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL, hmac

#: Tries per window: (what is counted, length of the window, parameter, default).
#: A fiscal code is no secret, so the PIN must not be guessable behind it; the
#: limit per address is generous because a whole library may share one.
LIMITS = (
    ("code", timedelta(minutes=15), "family_card.balance_tries_15_minutes", 5),
    ("code", timedelta(days=1), "family_card.balance_tries_day", 20),
    ("address", timedelta(minutes=15), "family_card.balance_tries_address", 100),
)


class FamilyCardBalanceThrottle(models.Model):
    """How often somebody asked for a balance; holds no fiscal code and no address."""

    _name = "family.card.balance.throttle"
    _description = "Family Card Balance Throttle"
    _log_access = False

    key = fields.Char(required=True, help="Keyed hash of what is counted.")
    hits = fields.Integer(required=True)
    expires_at = fields.Datetime(required=True, index=True)

    _key_unique = models.UniqueIndex("(key)")

    @api.model
    def _count(self, fiscal_code, address):
        """Count one try and tell whether it may go on.

        One statement, so that parallel tries cannot read the same number; the
        caller runs it in READ COMMITTED and commits at once.

        :param fiscal_code: normalised code, known or not.
        :param address: the visitor's IP address, may be None.
        :return: False when any limit is passed.
        """
        now = fields.Datetime.now()
        limits = {
            self._key(what, window, fiscal_code, address): (now + window, self._limit(name, default))
            for what, window, name, default in LIMITS
        }
        # Always in the same order: two tries that share rows must not deadlock.
        rows = SQL(", ").join(SQL("(%s, 1, %s)", key, limits[key][0]) for key in sorted(limits))
        self.env.cr.execute(
            SQL(
                """
            INSERT INTO family_card_balance_throttle AS t (key, hits, expires_at)
            VALUES %(rows)s
            ON CONFLICT (key) DO UPDATE
               SET hits = CASE WHEN t.expires_at <= %(now)s THEN 1 ELSE t.hits + 1 END,
                   expires_at = CASE WHEN t.expires_at <= %(now)s THEN excluded.expires_at ELSE t.expires_at END
            RETURNING key, hits
            """,
                rows=rows,
                now=now,
            )
        )
        return all(hits <= limits[key][1] for key, hits in self.env.cr.fetchall())

    @api.model
    def _forget(self, fiscal_code):
        """Forget the tries of a code whose owner gave the right PIN.

        :param fiscal_code: normalised code.
        """
        keys = [self._key("code", window, fiscal_code, None) for what, window, *_ in LIMITS if what == "code"]
        self.env.cr.execute(SQL("DELETE FROM family_card_balance_throttle WHERE key = ANY(%s)", keys))

    @api.model
    def _key(self, what, window, fiscal_code, address):
        counted = fiscal_code if what == "code" else self._network(address)
        return hmac(self.env(su=True), "family_card_balance", (what, int(window.total_seconds()), counted))

    @api.model
    def _network(self, address):
        # One household gets a whole IPv6 /64: counting single addresses would count nothing.
        try:
            parsed = ipaddress.ip_address(address or "")
        except ValueError:
            return "unknown"
        return str(ipaddress.ip_network((parsed, 64), strict=False)) if parsed.version == 6 else str(parsed)

    @api.model
    def _limit(self, name, default):
        # sudo: the limit is no secret, and the visitor is nobody.
        return int(self.env["ir.config_parameter"].sudo().get_param(name, default))

    @api.autovacuum
    def _gc_throttle(self):
        """Remove windows that are over."""
        self.env.cr.execute(
            SQL("DELETE FROM family_card_balance_throttle WHERE expires_at < %s", fields.Datetime.now())
        )
