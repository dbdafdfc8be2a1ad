import io

import openpyxl

from odoo.tests import HttpCase, new_test_user, tagged

from .common import TillCase


@tagged("post_install", "-at_install")
class TestMerchantPage(TillCase, HttpCase):
    def login(self, merchant):
        """Log a portal user of a merchant in."""
        user = new_test_user(self.env, f"shop-{merchant.id}", groups="base.group_portal", password="shop-password")
        user.sudo().merchant_id = merchant
        self.authenticate(user.login, "shop-password")
        return user

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

    def test_days_and_kind_are_chosen(self):
        """R-001-17, R-004-95: by date and kind; what makes no sense shows today."""
        reply = self.authorize()
        self.capture(reply)
        self.login(self.merchant)
        shown = {
            "?from=2000-01-01&to=2099-12-31": True,
            "?from=2099-12-31&to=2000-01-01": True,
            "?period=week&kind=payment": True,
            "?period=week&kind=refund": False,
            "?from=2000-01-01&to=2000-12-31": False,
            "?from=9999-99-99&period=century&kind=%27": True,
        }
        for query, expected in shown.items():
            with self.subTest(query):
                page = self.url_open(f"/merchant{query}")
                self.assertEqual((page.status_code, reply["reference"] in page.text), (200, expected))

    def test_transactions_are_downloaded(self):
        """R-001-17, R-004-95: as a spreadsheet and as text, refunds negative, only one's own."""
        origin = self.authorize()
        self.capture(origin)
        self.transaction(origin)._reverse("Goods returned")
        foreign = self.transaction(self.authorize("10.00", terminal=self.other_terminal))
        self.login(self.merchant)

        text = self.url_open("/merchant/transactions.csv?period=week").content.decode("utf-8-sig")
        book = openpyxl.load_workbook(io.BytesIO(self.url_open("/merchant/transactions.xlsx?period=week").content))

        rows = list(book.active.iter_rows(values_only=True))
        self.assertEqual([row[7] for row in rows[1:]], [-15, 15])
        self.assertEqual(len(text.splitlines()), 3)
        self.assertNotIn(foreign.reference, text)

    def test_downloads_hold_no_formulas(self):
        """Bad input: a cell that a spreadsheet would compute is harmless."""
        reply = self.authorize()
        self.capture(reply)
        self.env.cr.execute(
            "UPDATE circuit_transaction SET holder_mask = '=HYPERLINK(1)' WHERE key = %s", [reply["key"]]
        )
        self.env["circuit.transaction"]._forget()
        self.login(self.merchant)

        text = self.url_open("/merchant/transactions.csv?period=week").text

        self.assertIn("'=HYPERLINK(1)", text)

    def test_downloads_of_other_kinds_do_not_exist(self):
        """Bad input."""
        self.login(self.merchant)

        self.assertEqual(self.url_open("/merchant/transactions.exe").status_code, 404)

    def test_the_area_leads_to_till_help_and_sticker(self):
        """R-004-95, R-004-92: operations, advantages, instructions and sticker in one reserved area."""
        self.login(self.merchant)

        page = self.url_open("/merchant/help").text

        for address in ('"/merchant"', '"/merchant/offers"', f"/merchant/sticker/{self.agreement.id}"):
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
