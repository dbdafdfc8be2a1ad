import io
from decimal import Decimal

import openpyxl

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import PrivacyCase


@tagged("post_install", "-at_install")
class TestTransparency(PrivacyCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for number in range(2):
            cls.card(
                {"COMMERCIO": "50.00", "ARTIGIANATO": "10.00"},
                family=cls.household(cls.person(name=f"=cmd Qwertazzi {number}")),
            )

    def export(self, **vals):
        """The rows of the file, titles first."""
        wizard = self.env["family.transparency.export"].with_user(self.manager)
        wizard = wizard.create({"program_id": self.program.id, "file_format": "csv", **vals})
        wizard.action_export()
        content = self.decode(wizard, "data")
        if wizard.file_format == "xlsx":
            sheet = openpyxl.load_workbook(io.BytesIO(content)).active
            return [list(row) for row in sheet.iter_rows(values_only=True)]
        return [line.split(";") for line in content.decode("utf-8-sig").splitlines()]

    def test_totals_without_names(self):
        """R-004-101: what was credited, spent and is left, by period and account."""
        self.spend()
        self.credit(self.the_card, {"ARTIGIANATO": "5.00"})

        rows = self.export()[1:]

        [commercio] = [row for row in rows if row[2] == "COMMERCIO"]
        self.assertEqual(commercio[3:], ["3", "200.00", "10.00", "0", "190.00"])

    def test_few_households_are_not_told(self):
        """R-004-101: fewer than three could be recognised."""
        rows = self.export()[1:]

        [artigianato] = [row for row in rows if row[2] == "ARTIGIANATO"]
        self.assertEqual(artigianato[3:], ["fewer than 3", "", "", "", ""])

    def test_the_smallest_group_is_a_parameter(self):
        """R-004-101: dated privacy terms."""
        self.env["family.privacy.terms"].create({"valid_from": "2024-04-01", "least_people": 1})

        rows = self.export()[1:]

        [artigianato] = [row for row in rows if row[2] == "ARTIGIANATO"]
        self.assertEqual(artigianato[3:5], ["2", "20.00"])

    def test_households_under_a_code(self):
        """R-004-101: no name, no fiscal code; sums agree with the books."""
        self.spend()

        titles, *rows = self.export(content="beneficiaries", file_format="xlsx")

        self.assertEqual(len(rows), 3)
        self.assertEqual(sum(Decimal(str(row[1])) for row in rows), Decimal("220"))
        self.assertEqual(sum(Decimal(str(row[2] or 0)) for row in rows), Decimal("10"))
        text = str([titles, *rows])
        for secret in ("Qwertazzi", "cmd", self.code, self.the_card.number):
            self.assertNotIn(secret, text)

    def test_a_list_of_too_few_is_not_made(self):
        """R-004-101."""
        self.env["family.privacy.terms"].create({"valid_from": "2024-04-01", "least_people": 4})

        with self.assertRaises(UserError):
            self.export(content="beneficiaries")

    def test_an_officer_publishes_nothing(self):
        """R-004-101."""
        with self.assertRaises(AccessError):
            self.env["family.transparency.export"].with_user(self.officer).create({"program_id": self.program.id})

    def test_nothing_credited_nothing_published(self):
        """A clear sentence instead of an empty file."""
        program = self.program.copy({"code": "EMPTY", "year": 2025})

        with self.assertRaises(UserError):
            self.export(program_id=program.id)
