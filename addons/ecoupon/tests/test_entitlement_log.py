from datetime import date

from freezegun import freeze_time
from psycopg2 import IntegrityError

from odoo.exceptions import AccessError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .entitlement_common import CODES, ListCase


@tagged("post_install", "-at_install")
class TestEntitlementLog(ListCase):
    def test_append_only(self):
        """R-000-31: nobody rewrites the log, not even in the database."""
        self.apply(f"{CODES[0]};TRDA;2026-01-01;;")
        for statement in ("UPDATE %s SET kind = 'ended'", "DELETE FROM %s", "TRUNCATE %s"):
            with (
                self.assertRaisesRegex(IntegrityError, "append-only"),
                mute_logger("odoo.sql_db"),
                self.env.cr.savepoint(),
            ):
                self.env.cr.execute(statement % "ecoupon_entitlement_event")

    def test_ends_are_logged_once(self):
        """R-000-31: the end of an entitlement is logged on the day after, once."""
        self.apply(f"{CODES[0]};TRDA;2026-01-01;2026-06-15;")
        entitlements = self.env["ecoupon.entitlement"]
        entitlements._cron_ends()
        self.assertEqual(len(self.log()), 1)

        with freeze_time("2026-06-15 22:30:00"):  # half past midnight in Rome
            entitlements._cron_ends()
            entitlements._cron_ends()

        self.assertEqual([kind for kind, *_days in self.log()], ["added", "ended"])

    def test_the_region_reads_the_log(self):
        """R-000-31: the Region reads additions, removals and ends, and writes none."""
        self.apply(f"{CODES[0]};TRDA;2026-01-01;;")
        events = self.env["ecoupon.entitlement.event"].with_user(self.region)

        self.assertEqual(events.search([("policy_id", "=", self.policy.id)]).mapped("kind"), ["added"])
        with self.assertRaises(AccessError):
            events.create({"entitlement_id": self.entitlements().id, "kind": "ended", "at": "2026-01-01 00:00:00"})

    def test_history_outlives_the_entitlement(self):
        """R-000-33: who was taken off reads what was, with policy and days."""
        self.prove()
        self.apply(f"{CODES[0]};TRDA;2026-01-01;;")
        self.apply(f"{CODES[0]};TRDA;;;remove")

        history = self.anna.with_user(self.citizen)._entitlement_history(self.circuit)

        self.assertFalse(self.holds())
        self.assertEqual(
            [(row["kind"], row["policy"], row["date_from"]) for row in history],
            [(kind, "Reddito di Autonomia", date(2026, 1, 1)) for kind in ("removed", "added")],
        )

    def test_history_needs_the_identity(self):
        """R-000-33: somebody else's fiscal code shows nobody's history."""
        self.apply(f"{CODES[0]};TRDA;2026-01-01;;")

        self.assertEqual(self.anna._entitlement_history(self.circuit), [])

    def test_states(self):
        """R-000-31: each entitlement says where it stands, and can be searched by it."""
        self.apply(
            f"{CODES[0]};TRDA;2026-01-01;;",
            f"{CODES[2]};TRDA;2026-07-01;;",
            f"{CODES[3]};TRDA;2026-01-01;2026-06-14;",
            f"{CODES[4]};TRDA;2026-01-01;;",
        )
        self.apply(f"{CODES[4]};TRDA;;;remove")
        entitlements = self.env["ecoupon.entitlement"].with_user(self.region)

        for code, state in zip((0, 2, 3, 4), ("running", "coming", "ended", "removed"), strict=True):
            mine = self.entitlements(CODES[code])
            self.assertEqual(mine.state, state)
            self.assertEqual(entitlements.search([("state", "=", state)]).sudo() & mine, mine)
