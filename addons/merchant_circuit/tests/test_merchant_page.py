from odoo.tests import new_test_user, tagged

from .common import ShopCase


@tagged("post_install", "-at_install")
class TestMerchantPage(ShopCase):
    def test_who_is_no_merchant_finds_no_page(self):
        """Default deny."""
        new_test_user(self.env, "no-shop", groups="base.group_portal", password="shop-password")
        self.authenticate("no-shop", "shop-password")

        for address in ("/merchant", "/merchant/live", "/merchant/transactions", "/merchant/help"):
            with self.subTest(address):
                self.assertEqual(self.url_open(address).status_code, 404)

    def test_the_area_leads_to_till_help_and_sticker(self):
        """R-004-95, R-004-92: operations, advantages, instructions and sticker in one reserved area."""
        self.login(self.merchant)

        page = self.url_open("/merchant/help").text

        for address in (
            '"/merchant"',
            '"/merchant/transactions"',
            '"/merchant/offers"',
            f"/merchant/sticker/{self.agreement.id}",
        ):
            with self.subTest(address):
                self.assertIn(address, page)

    def test_the_sticker_names_the_shop(self):
        """R-004-92: printable, with the circuit, the shop and the way to the public list."""
        sticker = self.env["ir.qweb"]._render(
            "merchant_circuit.report_sticker", {"docs": self.agreement, "image_data_uri": lambda image: ""}
        )

        for text in ("Alimentari Rossi", "Test circuit", "COMMERCIO", "data:image/png;base64,"):
            with self.subTest(text):
                self.assertIn(text, str(sticker))

    def test_the_merchant_prints_its_sticker(self):
        """R-004-92: as PDF, or as a page where the server makes no PDF."""
        self.login(self.merchant)

        sticker = self.url_open(f"/merchant/sticker/{self.agreement.id}")

        self.assertEqual(sticker.status_code, 200)
        self.assertIn(sticker.headers["Content-Type"], ("application/pdf", "text/html; charset=utf-8"))

    def test_another_shops_sticker_is_not_found(self):
        """R-004-92: one's own only."""
        self.login(self.merchant)

        self.assertEqual(self.url_open(f"/merchant/sticker/{self.other_agreement.id}").status_code, 404)

    def test_pages_speak_the_users_language(self):
        """A shopkeeper who reads Italian gets Italian, whatever the browser says."""
        self.env["res.lang"]._activate_lang("it_IT")
        user = self.login(self.merchant)
        user.lang = "it_IT"

        self.assertIn('lang="it-IT"', self.url_open("/merchant", headers={"Accept-Language": "en"}).text)
