from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import CorletoCase


@tagged("post_install", "-at_install")
class TestPortalAccess(CorletoCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.head = cls.person(name="Anna Verdi", email="anna@example.org")
        cls.child = cls.person(
            name="Luca Verdi", l10n_it_codice_fiscale=False, birth_date="2015-01-01", email="luca@example.org"
        )
        cls.the_card, _pin = cls.card(family=cls.household(cls.head, cls.child))
        cls.officer = cls.user("desk", "family_card.group_officer")

    def access(self, **vals):
        """The wizard of an officer."""
        wizard = self.env["family.card.portal.access"].with_user(self.officer)
        return wizard.create({"card_id": self.the_card.id, **vals})

    def test_a_login_for_the_holder(self):
        """R-004-101: an officer gives access; the login is a portal user linked to the resident."""
        self.access().action_grant()

        user = self.env["res.users"].search([("login", "=", "anna@example.org")])
        self.assertEqual(user._citizen(), self.head)
        self.assertTrue(user._is_portal())
        self.assertNotEqual(user.partner_id, self.head, "editing the login does not edit the registry")
        self.assertTrue(self.env["mail.mail"].search_count([("model", "=", "res.users"), ("res_id", "=", user.id)]))

    def test_a_login_that_exists(self):
        """R-004-101: a login of the portal is linked, one of the office or of somebody else is not."""
        user = self.user("anna@example.org", "base.group_portal")
        self.user("clerk@example.org", "base.group_user")

        with self.assertRaises(UserError):
            self.access(email="clerk@example.org").action_grant()
        self.access().action_grant()

        self.assertEqual(user._citizen(), self.head)
        with self.assertRaises(UserError):
            self.access().action_grant()

    def test_only_adults_of_the_household(self):
        """R-004-101: no minor, nobody from elsewhere, no bad address."""
        for vals in ({"person_id": self.child.id}, {"person_id": self.person().id}, {"email": "nobody"}):
            with self.subTest(str(vals)), self.assertRaises(UserError):
                self.access(**vals).action_grant()

    def test_access_is_taken_away(self):
        """R-004-101: the login sees nothing of the household any more."""
        self.access().action_grant()
        user = self.env["res.users"].search([("login", "=", "anna@example.org")])

        self.access().action_revoke()

        self.assertFalse(user._citizen())

    def test_officers_only(self):
        """R-004-101: default deny."""
        with self.assertRaises(AccessError):
            self.env["family.card.portal.access"].with_user(self.user("other", "base.group_user")).create(
                {"card_id": self.the_card.id}
            )
