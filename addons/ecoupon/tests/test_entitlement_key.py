from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ..rules import person
from .entitlement_common import EntitlementCase


@tagged("post_install", "-at_install")
class TestEntitlementKeyNew(EntitlementCase):
    def wizard(self, user=None, **values):
        """The form that makes a key."""
        return (
            self.env["ecoupon.entitlement.key.new"]
            .with_user(user or self.region)
            .create({"circuit_id": self.circuit.id, "name": "Region 2026", **values})
        )

    def test_drawn_and_shown_once(self):
        """R-000-31: the Region gets a key to hash with; afterwards nobody sees it."""
        wizard = self.wizard()

        shown = wizard._make()["context"]

        key = self.env["ecoupon.entitlement.key"].search([("name", "=", "Region 2026")])
        self.assertEqual((key.secret, key.check_value), (shown["default_secret"], shown["default_check_value"]))
        self.assertEqual(person.check_value(key.secret), key.check_value)
        self.assertFalse(wizard.secret)

    def test_short_keys_are_refused(self):
        """R-000-31: a key that can be guessed would give the codes away."""
        with self.assertRaisesRegex(UserError, "at least 32"):
            self.wizard(secret="short")._make()

    def test_one_name_one_key(self):
        """R-000-31: lists name their key."""
        self.wizard()._make()

        with self.assertRaisesRegex(UserError, "this name"):
            self.wizard()._make()

    def test_the_name_of_the_servers_key(self):
        """R-000-31: it is taken before the first list was read, and a name of blanks is none."""
        with self.assertRaisesRegex(UserError, "this name"):
            self.wizard(name=" server ")._make()
        with self.assertRaisesRegex(UserError, "how the lists name"):
            self.wizard(name="  ")._make()
        self.assertTrue(self.key().own)

    def test_only_the_region(self):
        """R-000-31: the office makes no keys."""
        with self.assertRaises(AccessError):
            self.wizard(user=self.officer)
