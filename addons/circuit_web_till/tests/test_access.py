from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged

from .common import WebTillCase

QUESTIONS = ("open", "pay", "status", "void", "reverse")


@tagged("post_install", "-at_install")
class TestAccess(WebTillCase):
    def officer(self):
        """Somebody of the office."""
        return new_test_user(self.env, "web-officer", groups="merchant_circuit.group_officer")

    def wizard(self, user, **changes):
        """The office's form, filled in."""
        vals = {"partner_id": self.merchant.id, "name": "Carla Rossi", "email": "Carla@Example.org ", **changes}
        return self.env["circuit.web.till.access"].with_user(user).create(vals)

    def give(self, **changes):
        """Give access without sending mail; return the user."""
        with patch.object(type(self.env["portal.wizard.user"]), "_send_email") as send:
            self.wizard(self.officer(), **changes).action_give()
        send.assert_called_once()
        return self.env["res.users"].search([("login", "=", "carla@example.org")])

    def test_who_works_for_no_merchant_finds_nothing(self):
        """R-000-27, R-004-95: default deny for portal and internal users, on the page and on every question."""
        for groups in ("base.group_portal", "base.group_user", "merchant_circuit.group_manager"):
            with self.subTest(groups):
                self.login(self.env["res.partner"], groups.replace(".", "-"), groups=groups)
                self.assertEqual(self.url_open("/merchant/till").status_code, 404)
                for question in QUESTIONS:
                    answer = self.raw(question, **self.sale())
                    self.assertEqual(answer["error"]["code"], 404, question)
        self.assertFalse(self.env["circuit.transaction"].search([("merchant_id", "=", self.merchant.id)]))

    def test_nobody_without_a_login(self):
        """R-004-95: every question of a signed-out browser is refused."""
        for question in QUESTIONS:
            with self.subTest(question):
                self.assertEqual(self.raw(question, **self.sale())["error"]["code"], 100)

    def test_forms_of_other_sites_cannot_charge(self):
        """CSRF: what a form of another page can send is not taken."""
        self.login()
        response = self.url_open("/merchant/till/pay", data={"amount": "30.00", "identifier": "CARD"})
        self.assertGreaterEqual(response.status_code, 400)

    def test_a_shops_user_has_no_right_on_models(self):
        """R-000-27: portal users reach their shop through the page only."""
        user = self.login()
        for model in ("circuit.transaction", "circuit.agreement", "circuit.circuit", "circuit.web.till.access"):
            with self.subTest(model), self.assertRaises(AccessError):
                self.env[model].with_user(user).search([])

    def test_the_office_gives_access(self):
        """R-001-26, R-004-95: a portal login of the shop, invited by mail."""
        user = self.give()

        self.assertTrue(user._is_portal())
        self.assertEqual(user.merchant_id, self.merchant)
        self.assertEqual(user.partner_id.parent_id, self.merchant)
        self.assertIn(user, self.merchant.till_user_ids)

    def test_giving_it_again_creates_nothing_twice(self):
        """R-001-26: the invitation is sent once more."""
        user = self.give()
        with patch.object(type(self.env["portal.wizard.user"]), "_send_email") as send:
            self.wizard(self.env["res.users"].search([("login", "=", "web-officer")])).action_give()

        send.assert_called_once()
        self.assertEqual(self.env["res.users"].search_count([("login", "=", user.login)]), 1)
        self.assertEqual(self.merchant.till_user_ids, user)

    def test_a_login_of_somebody_else_is_left_alone(self):
        """R-000-27: neither the office's, nor another shop's, nor a citizen's."""
        officer = self.officer()
        foreign = new_test_user(self.env, "carla@example.org", groups="base.group_portal")
        for merchant in (self.other_merchant, self.env["res.partner"]):
            foreign.merchant_id = merchant
            with self.subTest(merchant), self.assertRaises(UserError):
                self.wizard(officer).action_give()
        self.assertFalse(self.merchant.till_user_ids)

    def test_bad_input_is_explained(self):
        """R-001-26: not an address, not a merchant."""
        officer = self.officer()
        citizen = self.env["res.partner"].create({"name": "Nobody"})
        for changes in ({"email": "carla"}, {"partner_id": citizen.id}):
            with self.subTest(changes), self.assertRaises(UserError):
                self.wizard(officer, **changes).action_give()

    def test_only_the_office_gives_and_withdraws(self):
        """R-000-27."""
        user = self.give()
        plain = new_test_user(self.env, "plain", groups="base.group_user")
        with self.assertRaises(AccessError):
            self.wizard(plain)
        with self.assertRaises(AccessError):
            user.with_user(plain).action_withdraw_till()

    def test_withdrawn_access_ends_at_the_next_step(self):
        """R-004-95: also for a browser that is signed in."""
        user = self.login()
        user.with_user(self.officer()).action_withdraw_till()

        self.assertEqual(self.raw("pay", **self.sale())["error"]["code"], 404)
        self.assertFalse(self.env["circuit.transaction"].search([("merchant_id", "=", self.merchant.id)]))
