from odoo.exceptions import AccessError, ValidationError
from odoo.tests import tagged

from .common import PDF, PortalCase


@tagged("post_install", "-at_install")
class TestProgramPages(PortalCase):
    """What anybody can read of a programme."""

    def setUp(self):
        super().setUp()
        self.log_in()

    def url(self):
        return f"/family-card/{self.program.id}"

    def test_running_programmes_are_listed(self):
        """R-001-19: the way to an application begins online."""
        self.assert_on_page("Corleto Family Card 2024", self.get("/family-card"))

    def test_page_shows_contacts_regulation_and_clause(self):
        """R-004-04, R-004-07, R-004-99."""
        self.program.write(
            {
                "responsible": "ing. Verdi",
                "contact_email": "card@example.org",
                "regulation_url": "https://example.org/regulation",
            }
        )
        page = self.get(self.url())
        for text in ("ing. Verdi", "card@example.org", "https://example.org/regulation", "are not party to disputes"):
            self.assert_on_page(text, page)

    def test_page_says_that_nobody_has_to_move(self):
        """R-001-20: no movement of the citizen and no delivery at home."""
        self.assert_on_page("Nobody has to come to the office", self.get(self.url()))

    def test_year_and_shops_are_told(self):
        """R-004-102: valid at all shops for the whole year."""
        page = self.get(self.url())
        self.assert_on_page("valid at all affiliated shops for the whole year 2024", page)
        self.assert_on_page(self.circuit._directory_url(), page)

    def test_programme_in_preparation_has_no_page(self):
        """Nothing is public before the programme starts."""
        self.program.state = "draft"
        self.document()
        self.assertEqual(self.get(self.url()).status_code, 404)
        self.assertEqual(self.get("/family-card/999999999").status_code, 404)

    # --------------------------------------------------------------- documents

    def test_published_document_is_downloaded_as_it_is(self):
        """R-004-03: the notice and its attachments are downloadable."""
        document = self.document("Quotient table", kind="quotient")
        self.assert_on_page("Quotient table", self.get(self.url()))
        file = self.get(f"/family-card/document/{document.id}")
        self.assertEqual(file.content, PDF)
        self.assertIn("attachment", file.headers["Content-Disposition"])
        self.assertEqual(file.headers["Content-Type"], "application/pdf")

    def test_unpublished_document_does_not_exist_outside(self):
        """Only what is flagged is public."""
        document = self.document("Internal note", public=False)
        self.assert_not_on_page("Internal note", self.get(self.url()))
        self.assertEqual(self.get(f"/family-card/document/{document.id}").status_code, 404)
        self.assertEqual(self.get("/family-card/document/999999999").status_code, 404)

    def test_document_is_told_by_its_content(self):
        """A page or a program with the name of a PDF is refused."""
        for content in (b"<html><script>alert(1)</script></html>", b"MZ\x90\x00" + b"\0" * 60, b"plain text"):
            with self.subTest(content[:8]), self.assertRaises(ValidationError):
                self.document(content=content)

    # ------------------------------------------------------------------ videos

    def test_videos_of_citizens_and_merchants_are_two_sets(self):
        """R-001-23: one set for merchants, one for citizens."""
        self.env["family.card.help"].create(
            [
                {"program_id": self.program.id, "name": "How to pay", "url": "https://example.org/pay"},
                {
                    "program_id": self.program.id,
                    "name": "How to charge",
                    "url": "https://example.org/charge",
                    "audience": "merchant",
                },
            ]
        )
        citizens, merchants = self.get("/family-card/help"), self.get("/family-card/help/merchant")
        self.assert_on_page("https://example.org/pay", citizens)
        self.assert_not_on_page("https://example.org/charge", citizens)
        self.assert_on_page("https://example.org/charge", merchants)
        self.assert_not_on_page("https://example.org/pay", merchants)
        self.assertEqual(self.get("/family-card/help/nobody").status_code, 404)

    def test_merchants_reach_their_videos_from_their_page(self):
        """R-001-23."""
        cashier = self.portal_user("cashier")
        cashier.merchant_id = self.grocery
        self.log_in(cashier)
        self.assert_on_page("/family-card/help/merchant", self.get("/merchant"))

    def test_a_shop_finds_its_videos_among_its_instructions(self):
        """R-001-23: those of its own circuit's programme."""
        self.env["family.card.help"].create(
            {
                "program_id": self.program.id,
                "name": "How to charge",
                "url": "https://example.org/charge",
                "audience": "merchant",
            }
        )
        cashier = self.portal_user("cashier")
        cashier.merchant_id = self.grocery
        self.log_in(cashier)
        self.assert_on_page("https://example.org/charge", self.get("/merchant/help"))

    def test_links_that_are_no_web_pages_are_refused(self):
        """R-001-23: a link shown to citizens cannot run a script."""
        for url in ("javascript:alert(1)", "data:text/html,x", "ftp://example.org/a", "https://", "https://a@b.org/"):
            with self.subTest(url):
                with self.assertRaises(ValidationError):
                    self.env["family.card.help"].create({"program_id": self.program.id, "name": "x", "url": url})
                with self.assertRaises(ValidationError):
                    self.program.regulation_url = url

    # ------------------------------------------------------------------ access

    def test_only_managers_write_the_texts(self):
        """Default deny: citizens and other offices read no model, officers read, managers write."""
        other = self.env["res.company"].create({"name": "Another town"})
        users = {
            "employee": (self.user("employee", "base.group_user"), False, False),
            "portal": (self.citizen, False, False),
            "officer": (self.user("officer", "family_card.group_officer"), True, False),
            "manager": (self.user("manager", "family_card.group_manager"), True, True),
        }
        for model in ("family.card.document", "family.card.help"):
            for name, (user, reads, writes) in users.items():
                with self.subTest(f"{name} {model}"):
                    self.assertEqual(self.env[model].with_user(user).has_access("read"), reads)
                    self.assertEqual(self.env[model].with_user(user).has_access("write"), writes)
        document = self.document()
        foreign = self.user("foreign", "family_card.group_manager")
        foreign.write({"company_ids": [(6, 0, other.ids)], "company_id": other.id})
        with self.assertRaises(AccessError):
            document.with_user(foreign).with_company(other).read(["name"])
