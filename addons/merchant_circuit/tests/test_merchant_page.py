from odoo.tests import HttpCase, new_test_user, tagged

from .common import TillCase


@tagged("post_install", "-at_install")
class TestMerchantPage(TillCase, HttpCase):
    def login(self, merchant):
        """Log a portal user of a merchant in."""
        user = new_test_user(self.env, f"shop-{merchant.id}", groups="base.group_portal", password="shop-password")
        user.sudo().merchant_id = merchant
        self.authenticate(user.login, "shop-password")

    def test_merchant_sees_its_own_transactions(self):
        """R-001-17."""
        reply = self.authorize()
        self.capture(reply)
        self.login(self.merchant)

        page = self.url_open("/merchant?period=month").text

        self.assertIn(reply["reference"], page)
        self.assertIn("Alimentari Rossi", page)

    def test_merchant_sees_nobody_elses(self):
        """R-000-27: never another merchant's data, whatever the address says."""
        reply = self.authorize()
        self.login(self.other_merchant)

        page = self.url_open(f"/merchant/page/-1?period=month&merchant={self.merchant.id}")

        self.assertNotIn(reply["reference"], page.text)

    def test_who_is_no_merchant_finds_no_page(self):
        """Default deny."""
        new_test_user(self.env, "no-shop", groups="base.group_portal", password="shop-password")
        self.authenticate("no-shop", "shop-password")

        self.assertEqual(self.url_open("/merchant").status_code, 404)
