import io
from datetime import datetime
from unittest.mock import patch

from openpyxl import load_workbook

from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged

from ..models import (
    merchant_statement_document,
    merchant_statement_send,
)
from .document_common import DocumentCase


@tagged("post_install", "-at_install")
class TestStatementDocument(DocumentCase):
    # ------------------------------------------------------------------ paper

    def test_nobody_prints_what_is_not_theirs(self):
        """R-004-97, SEC: Odoo's report page takes any number from any login; the statement itself refuses."""
        statement = self.statement(15)
        report = self.env["ir.actions.report"]
        for login, groups in (("doc_citizen", "base.group_portal"), ("doc_employee", "base.group_user")):
            user = new_test_user(self.env, login, groups=groups)
            with self.subTest(login), self.assertRaises(AccessError):
                report.with_user(user)._render_qweb_html("merchant_settlement.report_statement", statement.ids)

    def test_what_the_pdf_says(self):
        """R-004-96, R-001-18: merchant, body, department, month, every operation, the sum in figures and words."""
        statement = self.statement(15, 5, 5, 41.25, month="2024-04-01")

        [text] = self.pages(self.printed(statement))

        for part in (
            "Alimentari Rossi snc",
            "Da Rossi",
            "IT00743110157",
            "Settore Welfare",
            "Corleto Family Card 2024",
            "April 2024",
            statement.name,
            "000004",
            "41.25",
            "66.25",
            "sixty-six/25",
            "RSS***80A",
            "d" * 64,
            "05/05/2024",
            "Page 1 of 1",
            "Draft, not sent yet",
        ):
            self.assertIn(part, text)
        # 22:31 UTC of 1 April is 2 April in Rome
        self.assertIn("04/02/2024 00:31", text)

    def test_a_long_statement_repeats_its_head_and_cuts_no_row(self):
        """R-004-96: 230 operations, one of them a correction of March: on each page the head and page x of y."""
        correction = {
            "kind": "correction",
            "amount": -15,
            "reference": "C00001",
            "origin_reference": "009999",
            "origin_month": "2024-03-01",
        }
        statement = self.statement(*[10] * 229, lines=[correction])

        pages = self.pages(self.printed(statement))

        count = len(pages)
        self.assertGreater(count, 4)
        for number, text in enumerate(pages, 1):
            self.assertIn(f"Page {number} of {count}", text)
            self.assertIn(statement.name, text)
        # the last one may hold only the signature
        for text in pages[:-1]:
            self.assertIn("Date and time", text)
        everything = " ".join(pages)
        for index in range(1, 230):
            self.assertEqual(everything.count(f" {index:06d} "), 1, index)
        self.assertIn("009999, March 2024", everything)

    def test_long_statements_are_printed_in_tables_of_bounded_length(self):
        """R-004-96: a table of all rows would keep an old WebKit busy for ever."""
        statement = self.statement(*[1] * 7)

        with patch.object(merchant_statement_document, "TABLE_ROWS", 3):
            tables = statement._in_its_language()._document()["tables"]

        self.assertEqual([len(rows) for rows in tables], [3, 3, 1])

    def test_very_long_statements_are_printed_by_day(self):
        """R-004-96: the sums of the days are those of the operations, and the workbook still has every row."""
        correction = {"kind": "correction", "amount": -15, "reference": "C00001"}
        statement = self.statement(10, 20, 30, lines=[correction])

        with patch.object(merchant_statement_document, "PAPER_ROWS", 3):
            document = statement._in_its_language()._document()

        [[payments, corrections]] = document["tables"]
        self.assertTrue(document["by_day"])
        self.assertEqual((payments["reference"], payments["amount"]), ("3", "60.00"))
        self.assertEqual((corrections["reference"], corrections["amount"]), ("1", "-15.00"))
        self.assertEqual(len([row for row in self.sheet(statement) if row[2] and row[0] and row[1]]), 5)

    def test_a_very_long_statement_is_sent_with_its_workbook(self):
        """R-004-97: the paper shows days only, so the rows come along."""
        statement = self.statement(10, 20)

        with patch.object(merchant_statement_send, "PAPER_ROWS", 1):
            statement._send()

        names = sorted(self.mails(statement).attachment_ids.mapped("name"))
        self.assertEqual(names, [f"{statement._file_stem()}.{ending}" for ending in ("pdf", "xlsx")])

    def test_the_language_is_the_merchant_s(self):
        """R-004-96: whoever prints it, amounts, dates and words are those of the merchant's language."""
        self.env["res.lang"]._activate_lang("it_IT")
        self.merchant.lang = "it_IT"
        statement = self.statement(1234.56, month="2024-04-01")

        document = statement._in_its_language()._document()

        self.assertEqual(document["words"], "milleduecentotrentaquattro/56")
        self.assertEqual(document["month"], "aprile 2024")
        self.assertEqual(document["tables"][0][0]["amount"], "1.234,56")

    def test_stamp_duty_borne_by_the_body_is_added(self):
        """R-004-96, N3: the stamp duty, who bears it, and the law that asks for it."""
        statement = self.statement(1234.56, stamp=2, stamp_borne_by="body", payable=1236.56)

        document = statement._in_its_language()._document()

        self.assertIn("1,236.56", document["payable"])
        self.assertEqual(document["words"], "one thousand, two hundred and thirty-six/56")
        self.assertIn("Imposta di bollo, art. 13 tariffa DPR 642/1972", document["notes"])

    def test_a_negative_month_asks_for_no_signature(self):
        """R-004-96, N6: nothing is paid, the paper says that it is carried over."""
        reversal = {"kind": "correction", "amount": -8, "reference": "C00001"}
        statement = self.statement(lines=[reversal], state="carried")

        html = statement._pdf().decode()

        self.assertIn("no signature is needed", html)
        self.assertNotIn("Signature of the merchant", html)

    # ------------------------------------------------------------------ sheet

    def test_the_sheet_has_the_rows_of_the_paper(self):
        """R-004-96: the same rows, amounts as numbers, days as days."""
        statement = self.statement(15, 41.25)

        cells = self.sheet(statement)

        [head] = [index for index, row in enumerate(cells) if row[0] == "No."]
        self.assertEqual(
            cells[head + 1],
            [1, datetime(2024, 4, 2, 0, 31), "000001", "Payment", "RSS***80A", self.category.name, None, 15],
        )
        self.assertEqual([row[7] for row in cells[head + 1 : head + 3]], [15, 41.25])
        self.assertIn(["Total", 56.25], [row[6:] for row in cells])

    def test_no_text_of_the_sheet_is_a_formula(self):
        """R-004-96: a shop's name that begins like a formula stays a text."""
        self.merchant.write({"name": "=1+1", "shop_name": "@shop"})
        statement = self.statement(15)

        sheet = load_workbook(io.BytesIO(statement._xlsx())).active

        self.assertIn(("=1+1", "s"), [(cell.value, cell.data_type) for row in sheet.iter_rows() for cell in row])
