from datetime import timedelta
from unittest.mock import patch

from odoo import fields
from odoo.tests import tagged

from .common import ApiCase


@tagged("post_install", "-at_install")
class TestRate(ApiCase):
    def test_a_key_has_so_many_requests_a_minute(self):
        """SEC: above them 429 and when to come back; the answers tell what is left."""
        self.circuit.api_per_minute = 2

        replies = [self.call("GET", "/key") for _time in range(3)]

        self.assertEqual([reply.headers["RateLimit-Remaining"] for reply in replies], ["1", "0", "0"])
        self.assertProblem(replies[2], 429, "TOO_MANY")
        self.assertTrue(0 < int(replies[2].headers["Retry-After"]) <= 60)

    def test_keys_do_not_block_each_other(self):
        """SEC: two tills behind one address, one of them in a loop."""
        self.circuit.api_per_minute = 1
        self.call("GET", "/key")

        self.assertEqual(self.call("GET", "/key").status_code, 429)
        self.assertEqual(self.call("GET", "/key", text=self.other_text).status_code, 200)

    def test_the_minute_begins_anew(self):
        """SEC."""
        rate = self.env["circuit.api.rate"]
        now = fields.Datetime.now()
        with patch.object(fields.Datetime, "now", lambda: now):
            first = [rate._count(self.key.id, 1).allowed for _time in range(2)]
        with patch.object(fields.Datetime, "now", lambda: now + timedelta(seconds=60)):
            then = rate._count(self.key.id, 1)

        self.assertEqual((first, then.allowed, then.left, then.reset), ([True, False], True, 0, 60))

    def test_the_last_use_is_written_down_later(self):
        """Views: not on the way of a charge."""
        self.call("GET", "/key")
        self.assertFalse(self.key.last_used_at)

        self.env["circuit.api.rate"]._cron_last_used()

        self.assertTrue(self.key.last_used_at)
        self.assertFalse(self.other_key.last_used_at)

    def test_the_counter_waits_for_no_disk(self):
        """Speed: the table is not logged."""
        self.env.cr.execute("SELECT relpersistence FROM pg_class WHERE oid = 'circuit_api_rate'::regclass")

        self.assertEqual(self.env.cr.fetchone()[0], "u")
