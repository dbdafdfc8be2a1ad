from base64 import b64encode

from odoo.exceptions import AccessError, ValidationError
from odoo.tests import new_test_user, tagged

from .common import ShopCase

PDF = b"%PDF-1.4 an agreement"


@tagged("post_install", "-at_install")
class TestAgreementDocument(ShopCase):
    def document(self, agreement=None, **vals):
        """A document that staff put there."""
        return self.env["circuit.agreement.document"].create(
            {
                "agreement_id": (agreement or self.agreement).id,
                "name": "Convenzione firmata",
                "file": b64encode(PDF),
                **vals,
            }
        )

    def test_the_merchant_reads_its_agreement(self):
        """R-001-03, R-004-95: dates, category, activities, state and documents."""
        document = self.document()
        self.login(self.merchant)

        page = self.url_open("/merchant/agreement").text

        for text in (
            self.agreement.name,
            "Test circuit",
            "Signed",
            "Groceries",
            "Convenzione firmata",
            f"/merchant/agreement/document/{document.id}",
        ):
            with self.subTest(text):
                self.assertIn(text, page)

    def test_the_merchant_reads_why_it_is_suspended(self):
        """R-004-95: ground and reason, as the office wrote them."""
        self.agreement._suspend("non_compliance", "Refused the card on 3 April.")
        self.login(self.merchant)

        self.assertIn("Refused the card on 3 April.", self.url_open("/merchant/agreement").text)

    def test_drafts_are_the_offices_own(self):
        """R-004-95."""
        other = self.env["circuit.circuit"].create({"name": "Not signed yet"})
        draft = self.agreement.copy({"circuit_id": other.id})
        document = self.document(draft)
        self.login(self.merchant)

        self.assertNotIn("Not signed yet", self.url_open("/merchant/agreement").text)
        self.assertEqual(self.url_open(f"/merchant/agreement/document/{document.id}").status_code, 404)

    def test_documents_are_downloaded_as_what_they_are(self):
        """R-004-95: the type follows the content, never the name."""
        document = self.document(filename="agreement.html")
        self.login(self.merchant)

        answer = self.url_open(f"/merchant/agreement/document/{document.id}")

        self.assertEqual((answer.content, answer.headers["Content-Type"]), (PDF, "application/pdf"))
        self.assertIn("attachment", answer.headers["Content-Disposition"])
        self.assertEqual(answer.headers["X-Content-Type-Options"], "nosniff")

    def test_another_merchants_documents_are_not_found(self):
        """R-000-27: one's own only, and nothing without login."""
        document = self.document(self.other_agreement)
        address = f"/merchant/agreement/document/{document.id}"
        self.login(self.merchant)

        self.assertEqual(self.url_open(address).status_code, 404)
        self.authenticate(None, None)
        self.assertNotIn(PDF, self.url_open(address).content)

    def test_other_files_are_refused(self):
        """Bad input: pages, programs and empty files, whatever they are called."""
        for content in (b"<html><script>alert(1)</script>", b"MZ\x90\x00", b"Subject: a mail\n\nBody", b" "):
            with self.subTest(content), self.assertRaises(ValidationError):
                self.document(file=b64encode(content), filename="agreement.pdf")

    def test_staff_of_another_municipality_reads_none(self):
        """R-003-08; employees and portal users read none either (R-004-101)."""
        document = self.document()
        other = self.env["res.company"].create({"name": "Comune di Viggiano (test)"})
        foreign = new_test_user(
            self.env,
            "document-foreign",
            groups="merchant_circuit.group_officer",
            company_id=other.id,
            company_ids=[(6, 0, other.ids)],
        )

        self.assertFalse(self.env["circuit.agreement.document"].with_user(foreign).search([]))
        for group in ("base.group_user", "base.group_portal"):
            user = new_test_user(self.env, f"document-{group}", groups=group)
            with self.subTest(group), self.assertRaises(AccessError):
                document.with_user(user).read(["name"])

    def test_the_operator_reads_and_does_not_write(self):
        """R-004-103: of its own circuits only."""
        company = self.env["res.partner"].create({"name": "Gestore s.r.l.", "is_company": True})
        operator = new_test_user(self.env, "document-operator", groups="merchant_circuit.group_operator")
        operator.partner_id.parent_id = company
        document = self.document()
        before = self.env["circuit.agreement.document"].with_user(operator).search([])
        self.circuit.operator_id = company
        after = self.env["circuit.agreement.document"].with_user(operator).search([])

        self.assertEqual((before, after), (document.browse(), document.with_user(operator)))
        self.assertFalse(document.with_user(operator).has_access("write"))
