import io

from pdfminer.high_level import extract_text
from pdfminer.pdfpage import PDFPage

from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import CorletoCase

FORMULA = "Firma autografa sostituita a mezzo stampa ex art. 3, c. 2, D.lgs. 39/93"


@tagged("post_install", "-at_install")
class TestPrint(CorletoCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        family = cls.household(cls.person(name="Anna Verdi"), cls.person(name="Luca Verdi"))
        cls.the_card, cls.pin = cls.card(family=family)

    def print(self, report):
        """PDF of the card by a report, made as a server makes it."""
        reports = self.env["ir.actions.report"].with_context(force_report_rendering=True)
        content, kind = reports._render_qweb_pdf(f"family_card.action_report_{report}", self.the_card.ids)
        self.assertEqual(kind, "pdf")
        return content

    def text(self, content):
        return " ".join(extract_text(io.BytesIO(content)).split())

    def test_the_card(self):
        """R-004-14, R-004-16: nominative, with the name of the programme and the household; never the PIN."""
        content = self.print("card")

        text = self.text(content)
        for part in ("Corleto Family Card 2024", "Anna Verdi", "Luca Verdi", self.the_card.number):
            self.assertIn(part, text)
        self.assertNotIn(self.pin, text)
        pages = list(PDFPage.get_pages(io.BytesIO(content)))
        self.assertEqual([[round(side / 72 * 25.4) for side in page.mediabox[2:]] for page in pages], [[86, 54]] * 2)

    def test_the_household_may_be_left_out(self):
        """R-004-16: whether the card lists the household is the programme's choice."""
        self.program.card_lists_members = False

        self.assertNotIn("Luca Verdi", self.text(self.print("card")))

    def test_the_letter(self):
        """R-004-105: holder, number and the configured closing formula."""
        self.program.write({"signatory_name": "Dott. Rocco Neri", "signatory_role": "Responsabile dell'Area"})

        text = self.text(self.print("letter"))

        for part in ("Anna Verdi", self.the_card.number, "Dott. Rocco Neri", "Responsabile dell'Area", FORMULA):
            self.assertIn(part, text)
        self.assertNotIn(self.pin, text)

    def test_the_formula_and_the_text_are_the_programme_s(self):
        """R-004-105: both are configured."""
        self.program.write({"closing_formula": "Signed by hand", "letter_text": "<p>Come and fetch it.</p>"})

        text = self.text(self.print("letter"))

        self.assertIn("Signed by hand", text)
        self.assertIn("Come and fetch it.", text)
        self.assertNotIn(FORMULA, text)

    def test_a_request_has_nothing_to_print(self):
        """R-004-13: no card on paper before it is issued."""
        with self.assertRaisesRegex(UserError, "Issue the card"):
            self.env["report.family_card.report_card"]._get_report_values(self.request_card().ids)
