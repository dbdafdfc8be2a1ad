from datetime import date, timedelta

from odoo.exceptions import AccessError
from odoo.tests import tagged

from .entitlement_common import CODES, EntitlementCase


@tagged("post_install", "-at_install")
class TestEntitlement(EntitlementCase):
    def test_entitled(self):
        """R-000-15: who is proven and on the list is entitled."""
        self.prove()
        self.entitle()

        self.assertTrue(self.holds())

    def test_not_on_the_list(self):
        """R-000-15: who is on no list is not entitled."""
        self.prove()
        self.entitle(CODES[1])

        self.assertFalse(self.holds())

    def test_not_proven(self):
        """R-000-15: to write somebody's fiscal code into one's own profile opens nothing."""
        self.entitle()

        self.assertFalse(self.holds())

    def test_dates(self):
        """R-000-31: it holds from the first to the last day, both included."""
        self.prove()
        self.entitle(day_from="2026-06-01", day_to="2026-06-30")

        days = (date(2026, 5, 31), date(2026, 6, 1), date(2026, 6, 30), date(2026, 7, 1))

        self.assertEqual([self.holds(day=day) for day in days], [False, True, True, False])

    def test_taken_off(self):
        """R-000-31: who was taken off is no longer entitled."""
        self.prove()
        entitlement = self.entitle()

        entitlement.removed_at = "2026-06-15 10:00:00"

        self.assertFalse(self.holds())

    def test_of_a_policy(self):
        """R-000-32: an entitlement is of the policy that produced it."""
        self.prove()
        self.entitle(policy=self.policy)

        self.assertTrue(self.holds(policies=self.policy))
        self.assertTrue(self.holds(policies=self.policy | self.other_policy))
        self.assertFalse(self.holds(policies=self.other_policy))

    def test_of_a_circuit(self):
        """R-000-15: entitlements of another circuit open nothing here."""
        self.prove()
        other = self.env["circuit.circuit"].create({"name": "Piemonte"})
        self.entitle(circuit=other)

        self.assertFalse(self.holds())
        self.assertEqual(self.anna._entitled_circuits(self.day), other)

    def test_archived_key(self):
        """R-000-31: a key that was put away takes no lists, its people stay entitled."""
        self.prove()
        self.entitle()

        self.key().active = False

        self.assertTrue(self.holds())

    def test_own_key_is_made_once(self):
        """R-000-31: the server's key is drawn when it is first wanted, and stays."""
        key = self.key()

        self.assertEqual(self.key(), key)
        self.assertEqual(len(key.secret), 64)
        self.assertTrue(key.own)

    def test_nobody_reads_a_secret(self):
        """R-000-31: neither the Region nor the office read a key."""
        key = self.key()

        for user in (self.region, self.officer):
            with self.assertRaises(AccessError):
                key.with_user(user).read(["secret"])

    def test_nobody_makes_a_key_by_hand(self):
        """R-000-31: keys are made by their button; afterwards they can be archived only."""
        key = self.key().with_user(self.region)

        with self.assertRaises(AccessError):
            key.write({"name": "other"})
        key.write({"active": False})
        self.assertFalse(key.active)

    def test_nobody_writes_entitlements(self):
        """R-000-31: entitlements come from lists, never from a form."""
        entitlement = self.entitle()

        for user in (self.region, self.officer):
            with self.assertRaises(AccessError):
                entitlement.with_user(user).write({"date_to": self.day + timedelta(days=900)})
            with self.assertRaises(AccessError):
                entitlement.with_user(user).unlink()
