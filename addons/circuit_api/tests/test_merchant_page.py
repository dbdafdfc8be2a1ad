import re

from odoo.tests import new_test_user, tagged

from .common import ApiCase


@tagged("post_install", "-at_install")
class TestMerchantPage(ApiCase):
    def login(self, merchant):
        """Log a portal user of a merchant in."""
        user = new_test_user(self.env, f"shop-{merchant.id}", groups="base.group_portal", password="shop-password")
        user.sudo().merchant_id = merchant
        self.authenticate(user.login, "shop-password")
        return user

    def post(self, path, **values):
        """Send a form of the page."""
        token = re.search(r'name="csrf_token" value="([^"]+)"', self.url_open("/merchant/api").text)[1]
        return self.url_open(path, data={"csrf_token": token, **values})

    def test_a_merchant_makes_a_key_and_sees_it_once(self):
        """R-004-70: in its reserved area."""
        user = self.login(self.merchant)

        page = self.post("/merchant/api/new", name="Bottega online", status="1", password="shop-password")

        text = re.search(r"cck_\w{8}_\w{40}", page.text)[0]
        self.assertEqual(self.call("GET", "/key", text=text).json()["scopes"], ["status"])
        again = self.url_open("/merchant/api").text
        self.assertIn("Bottega online", again)
        self.assertNotIn(text, again)
        self.assertEqual(
            self.keys.search([("name", "=", "Bottega online"), ("merchant_id", "=", self.merchant.id)]).create_uid, user
        )

    def test_a_key_of_one_of_several_places(self):
        """R-000-04: a merchant with a shop and a web shop says which of them the key is for."""
        self.login(self.merchant)
        self.assertNotIn('name="place"', self.url_open("/merchant/api").text)
        online = self.env["circuit.place"].create(
            {"name": "Web shop", "merchant_id": self.merchant.id, "kind": "online", "url": "https://shop.example.com"}
        )
        good = {"name": "Bottega online", "status": "1", "password": "shop-password"}

        for place in ("", "x", str(self.other_merchant.place_ids[:1].id)):
            with self.subTest(place):
                self.assertIn("Choose where", self.post("/merchant/api/new", **good, place=place).text)
        page = self.post("/merchant/api/new", **good, place=online.id).text

        self.assertRegex(page, r"cck_\w{8}_\w{40}")
        key = self.keys.search([("name", "=", "Bottega online"), ("merchant_id", "=", self.merchant.id)])
        self.assertEqual(key.place_id, online)

    def test_the_password_is_asked_again(self):
        """SEC: an unattended browser makes no key; what was typed stays, but the password."""
        self.login(self.merchant)

        page = self.post("/merchant/api/new", name="Bottega online", status="1", password="wrong-password").text

        self.assertFalse(self.keys.search([("name", "=", "Bottega online"), ("merchant_id", "=", self.merchant.id)]))
        self.assertIn("Bottega online", page)
        self.assertNotIn("wrong-password", page)

    def test_strange_forms_are_answered(self):
        """Bad input: a sentence, no key."""
        self.login(self.merchant)
        good = {"name": "Strange", "status": "1", "password": "shop-password"}
        for changes in (
            {"name": ""},
            {"status": ""},
            {"last_day": "31/12"},
            {"last_day": "2000-01-01"},
            {"name": "x" * 65},
        ):
            with self.subTest(changes):
                page = self.post("/merchant/api/new", **{**good, **changes})
                self.assertIn("alert-danger", page.text)
        self.assertFalse(self.keys.search([("name", "in", ["Strange", "x" * 65])]))

    def test_a_merchant_revokes_its_own_keys_only(self):
        """R-000-27."""
        self.login(self.merchant)

        mine = self.post(f"/merchant/api/{self.key.prefix}/revoke")
        foreign = self.post(f"/merchant/api/{self.other_key.prefix}/revoke")

        self.assertEqual((mine.status_code, foreign.status_code), (200, 404))
        self.assertEqual((self.key.state, self.other_key.state), ("revoked", "valid"))

    def test_a_merchant_sees_its_own_keys_only(self):
        """R-000-27."""
        self.login(self.merchant)

        page = self.url_open("/merchant/api").text

        self.assertIn(self.key.prefix, page)
        self.assertNotIn(self.other_key.prefix, page)

    def test_the_public_body_may_keep_the_keys_to_itself(self):
        """Parameter of the circuit."""
        self.login(self.merchant)
        token_page = self.post
        self.circuit.api_self_service = False

        self.assertEqual(
            token_page("/merchant/api/new", name="Shop", status="1", password="shop-password").status_code, 404
        )
        self.assertNotIn("/merchant/api/new", self.url_open("/merchant/api").text)

    def test_who_is_no_merchant_finds_no_page(self):
        """Default deny."""
        new_test_user(self.env, "no-shop", groups="base.group_portal", password="shop-password")
        self.authenticate("no-shop", "shop-password")

        self.assertEqual(self.url_open("/merchant/api").status_code, 404)
