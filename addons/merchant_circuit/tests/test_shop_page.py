from datetime import timedelta
from unittest.mock import patch

from odoo import fields
from odoo.exceptions import ValidationError
from odoo.tests import tagged

from .common import ShopCase


@tagged("post_install", "-at_install")
class TestShopPage(ShopCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.merchant.write(
            {"street": "Via Roma 12", "city": "Corleto Perticara", "phone": "+39 333 1112223", "shop_hours": "8-13"}
        )

    def admit(self, **levels):
        """Let the programmes of the circuit close activities, by the end of their XML name."""
        closed = {self.env.ref(f"merchant_circuit.activity_{code}").id: level for code, level in levels.items()}
        patcher = patch.object(
            type(self.env["circuit.instrument"]), "_circuit_admission", lambda model, circuit_id, day: [closed]
        )
        patcher.start()
        self.addCleanup(patcher.stop)

    def page(self, address):
        """A page as anybody sees it."""
        answer = self.url_open(address, headers={"Accept-Language": "en"})
        self.assertEqual(answer.status_code, 200)
        return answer.text

    def save(self, **values):
        """Send the form of the shop's own page."""
        page = self.url_open("/merchant/shop").text
        token = page.split('name="csrf_token" value="', 1)[1].split('"', 1)[0]
        return self.url_open("/merchant/shop", data={"csrf_token": token, **values})

    def test_everybody_reads_the_shops_page(self):
        """R-004-91, R-004-92: where the sticker leads: name, category, place, hours, advantages; no private data."""
        self.env["circuit.offer"].create(
            {"agreement_id": self.agreement.id, "name": "10% off on bread", "date_from": fields.Date.today()}
        )

        page = self.page(self.agreement._shop_url())

        for text in ("Alimentari Rossi", "Via Roma 12", "8-13", "10% off on bread", self.circuit._directory_url()):
            with self.subTest(text):
                self.assertIn(text, page)
        self.assertNotIn("+39 333 1112223", page)

    def test_the_address_names_no_row(self):
        """R-004-92: a code made at random, the same whatever the shop's name is later."""
        before = self.agreement._shop_url()
        self.merchant.shop_name = "Alimentari Rossi e figli"

        self.assertRegex(before.rsplit("/", 1)[1], r"^alimentari-rossi-[0-9a-f]{10}$")
        self.assertIn("Alimentari Rossi e figli", self.page(before))
        self.assertNotEqual(self.merchant.shop_code, self.other_merchant.shop_code)

    def test_the_list_leads_to_the_page(self):
        """R-004-91."""
        self.assertIn(self.agreement._shop_url(), self.page(self.circuit._directory_url()))

    def test_the_sticker_leads_to_the_page(self):
        """R-004-92."""
        reports = type(self.env["ir.actions.report"])
        with patch.object(reports, "barcode", return_value=b"x") as barcode:
            self.agreement._sticker_qr()

        self.assertTrue(barcode.call_args.args[1].endswith(self.agreement._shop_url()))

    def test_shops_that_are_not_listed_have_no_page(self):
        """R-004-91: no agreement, unlisted, another circuit's, invented."""
        address = self.agreement._shop_url()
        other = self.env["circuit.circuit"].create({"name": "Another circuit"})
        elsewhere = f"{other._public_url()}/merchant/{self.merchant.shop_code}"
        found = [self.url_open(one).status_code for one in (elsewhere, address.rsplit("-", 1)[0], address + "0")]
        self.merchant.in_directory = False
        found.append(self.url_open(address).status_code)
        self.merchant.in_directory = True
        self.agreement.date_to = fields.Date.today() - timedelta(days=1)
        found.append(self.url_open(address).status_code)

        self.assertEqual(found, [404] * 5)

    def test_excluded_shops_are_not_shown_as_if_the_card_worked(self):
        """R-004-79: where no card can be used, there is neither line, nor page, nor sticker."""
        self.admit(grocery="none")
        self.login(self.merchant)

        self.assertNotIn("Alimentari Rossi", self.page(self.circuit._directory_url()))
        self.assertEqual(self.url_open(self.agreement._shop_url()).status_code, 404)
        self.assertEqual(self.url_open(f"/merchant/sticker/{self.agreement.id}").status_code, 404)
        self.assertIn("admits no card", self.page("/merchant/agreement"))

    def test_shops_of_special_cards_say_so(self):
        """R-004-40: in the list, on the page, on the sticker, and to the merchant."""
        self.admit(grocery="special")
        sticker = self.env["ir.qweb"]._render(
            "merchant_circuit.report_sticker", {"docs": self.agreement, "image_data_uri": lambda image: ""}
        )
        self.login(self.merchant)

        for page in (self.page(self.circuit._directory_url()), self.page(self.agreement._shop_url()), str(sticker)):
            self.assertIn("Only special cards", page)
        self.assertIn("special cards only", self.page("/merchant/agreement"))

    def test_goods_the_card_does_not_pay_are_named(self):
        """R-004-79, A25: a bar that sells tobacco too."""
        self.agreement.other_activity_ids = self.env.ref("merchant_circuit.activity_tobacco")
        self.admit(tobacco="none")

        for address in (self.circuit._directory_url(), self.agreement._shop_url()):
            with self.subTest(address):
                self.assertIn("The card does not pay for:", self.page(address))

    def test_the_shop_writes_its_page_and_staff_are_told(self):
        """R-004-91: by its portal user; what changed stands in the agreement's history."""
        user = self.login(self.merchant)

        answer = self.save(
            shop_description="Bread\r\nand <b>cheese</b>", shop_hours="", shop_phone="call me", website="rossi.example"
        )
        refused = self.merchant.shop_description
        saved = self.save(
            shop_description="Bread\r\nand <b>cheese</b>",
            shop_hours="Mon 8-13",
            shop_phone="+39 0971 111111",
            website="rossi.example",
        )

        self.assertIn("Write the phone number with digits", answer.text)
        self.assertFalse(refused)
        self.assertEqual(saved.status_code, 200)
        self.assertEqual(self.merchant.shop_description, "Bread\nand <b>cheese</b>")
        self.assertEqual(self.merchant.website, "https://rossi.example")
        self.assertIn("and &lt;b&gt;cheese&lt;/b&gt;", self.page(self.agreement._shop_url()))
        message = self.agreement.message_ids[0]
        self.assertEqual(message.author_id, user.partner_id)
        self.assertIn("changed its public page", message.body)

    def test_nothing_changed_tells_nobody(self):
        """R-004-91."""
        values = {"shop_description": "", "shop_hours": "8-13", "shop_phone": "", "website": ""}
        before = self.agreement.message_ids

        self.assertFalse(self.merchant._edit_shop(values, self.env.user.partner_id))
        self.assertEqual(self.agreement.message_ids, before)

    def test_what_is_no_text_is_refused(self):
        """Bad input: nothing is half written."""
        for values in ({"website": "javascript:alert(1)"}, {"shop_description": "x" * 601}, {"shop_hours": "x" * 301}):
            with self.subTest(values), self.assertRaises(ValidationError):
                self.merchant._edit_shop(values, self.env.user.partner_id)

    def test_links_that_are_no_sites_are_not_shown(self):
        """Bad input: an address that staff typed years ago."""
        self.env.cr.execute("UPDATE res_partner SET website = 'javascript:alert(1)' WHERE id = %s", [self.merchant.id])
        self.merchant.invalidate_recordset()

        for address in (self.circuit._directory_url(), self.agreement._shop_url()):
            with self.subTest(address):
                self.assertNotIn("javascript:alert", self.page(address))

    def test_the_report_begins_with_the_shop(self):
        """R-004-93: from the shop's page, by its public code."""
        page = self.page(f"{self.circuit._report_url()}?merchant={self.merchant.shop_code}")

        self.assertRegex(page, rf'value="{self.merchant.id}"[^>]*selected')
