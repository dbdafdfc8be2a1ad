import io
import json

import openpyxl

from odoo.http import Request
from odoo.tests import HttpCase, tagged

from .common import CorletoCase

FORMULAS = ('=HYPERLINK("http://example.org";"Rossi")', "@SUM(1+1)*cmd", "+39 Rossi", "\tRossi")


@tagged("post_install", "-at_install")
class TestExportSafety(CorletoCase, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.officer = cls.user("clerk", "family_card.group_officer,base.group_allow_export")
        for name in FORMULAS:
            card, _pin = cls.card()
            card.holder_id.name = name
        cls.cards = cls.env["family.card"].search([("program_id", "=", cls.program.id)], order="id")

    def export(self, kind, **params):
        """Export the cards as Odoo's list does."""
        self.authenticate("clerk", "clerk")
        data = {
            "model": "family.card",
            "fields": [
                {"name": "holder_id/name", "label": "=1+1", "type": "char"},
                {"name": "annual_amount", "label": "Yearly credit", "type": "monetary"},
            ],
            "ids": self.cards.ids,
            "domain": [],
            "import_compat": False,
            "context": {"allowed_company_ids": self.company.ids},
            **params,
        }
        response = self.url_open(
            f"/web/export/{kind}", {"data": json.dumps(data), "csrf_token": Request.csrf_token(self)}
        )
        response.raise_for_status()
        return response

    def test_xlsx_export_shows_names_as_text(self):
        """Issue 3, formulas in cells: a holder called "=HYPERLINK(…)" is a text in the exported list."""
        page = openpyxl.load_workbook(io.BytesIO(self.export("xlsx").content)).active

        self.assertEqual({cell.data_type for cell in page["A"]}, {"s"})
        self.assertIn(FORMULAS[0], [cell.value for cell in page["A"]])
        self.assertEqual({cell.data_type for cell in page["B"][1:]}, {"n"})

    def test_grouped_xlsx_export_shows_names_as_text(self):
        """Issue 3, formulas in cells: also the titles of groups."""
        page = openpyxl.load_workbook(io.BytesIO(self.export("xlsx", groupby=["holder_id"]).content)).active

        self.assertNotIn("f", {cell.data_type for row in page for cell in row})

    def test_csv_export_neutralises_names(self):
        """Issue 3, formulas in cells."""
        text = self.export("csv").text

        for name in FORMULAS:
            with self.subTest(name):
                self.assertIn("\"'" + name.replace('"', '""'), text)
