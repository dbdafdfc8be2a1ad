from odoo.tests import HttpCase, new_test_user, tagged

from .common import InvoiceCase

PASSWORD = "member-password"


@tagged("post_install", "-at_install")
class TestInvoicePortal(InvoiceCase, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.agreements[1].sudo().role_issue = True
        cls.spend("5.00")
        cls.spend("3.00", campaign=cls.campaign(issuer_agreement_id=cls.agreements[1].id))
        invoices = cls.invoice_month()
        cls.invoice = invoices.filtered(lambda move: move.partner_id == cls.issuer)
        cls.foreign = invoices - cls.invoice
        cls.member = new_test_user(cls.env, login="member-a", password=PASSWORD, groups="base.group_portal")
        # sudo: members' users are made by the onboarding
        cls.member.sudo().merchant_id = cls.issuer

    def setUp(self):
        super().setUp()
        self.authenticate("member-a", PASSWORD)

    def page(self, address):
        """A page of the member's area.

        :return: response
        """
        return self.url_open(f"/merchant/invoices{address}")

    def test_member_sees_its_own_invoices_only(self):
        """R-000-24: the list has this issuer's invoices; another's is not there and cannot be opened by address."""
        text = self.page("").text

        self.assertIn(self.invoice.name, text)
        self.assertNotIn(self.foreign.name, text)
        for more in ("", "/pdf", "/xml", "/csv"):
            self.assertEqual(self.page(f"/{self.foreign.id}{more}").status_code, 404)

    def test_invoice_shows_values_commission_and_files(self):
        """R-000-20, R-000-24: lines, VAT, what is open; the coupons as a file, each with the shop it was spent at."""
        self.month_run.action_send()
        text = self.page(f"/{self.invoice.id}").text

        for said in (self.invoice.name, "Five off", "Commission", "5.00", "0.15", "5.18", "Electronic invoice"):
            self.assertIn(said, text)
        self.assertIn(b"Groceries C", self.page(f"/{self.invoice.id}/csv").content)
        self.assertIn(b"FatturaElettronica", self.page(f"/{self.invoice.id}/xml").content)
        self.assertIn(self.page(f"/{self.invoice.id}/pdf").headers["Content-Type"][:9], ("applicati", "text/html"))
        self.assertEqual(self.page(f"/{self.invoice.id}/else").status_code, 404)

    def test_nobody_else_gets_in(self):
        """R-000-24: a portal user who works for no member finds no such page."""
        new_test_user(self.env, login="nobody-a", password=PASSWORD, groups="base.group_portal")
        self.authenticate("nobody-a", PASSWORD)

        self.assertEqual(self.page("").status_code, 404)
        self.assertEqual(self.page(f"/{self.invoice.id}").status_code, 404)
