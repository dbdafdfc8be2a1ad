import base64
import hashlib
import io
from datetime import datetime, timedelta
from unittest.mock import patch

from openpyxl import load_workbook
from pdfminer.high_level import extract_pages
from pdfminer.layout import LTTextContainer

from odoo.exceptions import AccessError, UserError
from odoo.tests import TransactionCase, new_test_user, tagged

from odoo.addons.queue_job.tests.common import trap_jobs

from ..models import (
    ir_actions_report,
    merchant_statement_document,
    merchant_statement_run_send,
    merchant_statement_send,
)


@tagged("post_install", "-at_install")
class TestStatementDocument(TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        env = cls.env
        cls.circuit = env["circuit.circuit"].create({"name": "Test circuit"})
        cls.funder = env["circuit.funder"].create({"name": "Corleto Family Card 2024", "circuit_id": cls.circuit.id})
        cls.terms = env["settlement.terms"].create(
            {
                "funder_id": cls.funder.id,
                "valid_from": "2020-01-01",
                "department": "Settore Welfare",
                "stamp_borne_by": "body",
            }
        )
        cls.merchant = env["res.partner"].create(
            {
                "name": "Alimentari Rossi snc",
                "shop_name": "Da Rossi",
                "is_merchant": True,
                "email": "rossi@example.com",
                "vat": "IT00743110157",
            }
        )
        cls.category = env.ref("merchant_circuit.category_commercio")
        cls.clerk = new_test_user(env, "doc_clerk", groups="merchant_settlement.group_clerk")
        cls.officer = new_test_user(env, "doc_officer", groups="merchant_circuit.group_officer")

    @classmethod
    def statement(cls, *amounts, lines=(), **vals):
        """A draft of April 2024 whose payments have these amounts."""
        number = cls.env["merchant.statement"].search_count([]) + 1
        rows = [
            {"kind": "payment", "amount": amount, "reference": f"{index:06d}"}
            for index, amount in enumerate(amounts, 1)
        ] + list(lines)
        total = round(sum(row["amount"] for row in rows), 2)
        return cls.env["merchant.statement"].create(
            {
                "name": f"EC/2024/04/{number:04d}",
                "merchant_id": cls.merchant.id,
                "funder_id": cls.funder.id,
                "terms_id": cls.terms.id,
                "month": f"{2000 + number}-04-01",
                "transaction_count": len(rows),
                "charged": round(sum(row["amount"] for row in rows if row["kind"] == "payment"), 2),
                "corrected": round(sum(row["amount"] for row in rows if row["kind"] == "correction"), 2),
                "total": total,
                "payable": total,
                "digest": "d" * 64,
                "due_on": "2024-05-05",
                "pay_from": "2024-05-01",
                "line_ids": [
                    (
                        0,
                        0,
                        {
                            "sequence": index,
                            "company_id": cls.env.company.id,
                            "captured_at": datetime(2024, 4, 1, 22, 30) + timedelta(minutes=index),
                            "holder_mask": "RSS***80A",
                            "category_id": cls.category.id,
                            "hash": "h" * 64,
                            **row,
                        },
                    )
                    for index, row in enumerate(rows, 1)
                ],
                **vals,
            }
        )

    def printed(self, statement):
        """PDF, made as a server makes it."""
        return statement.with_context(force_report_rendering=True)._pdf()

    def pages(self, content):
        """Text of each page."""
        return [
            " ".join(" ".join(box.get_text() for box in page if isinstance(box, LTTextContainer)).split())
            for page in extract_pages(io.BytesIO(content))
        ]

    def sheet(self, statement):
        """Cells of the workbook, row by row."""
        return [[cell.value for cell in row] for row in load_workbook(io.BytesIO(statement._xlsx())).active.iter_rows()]

    # ------------------------------------------------------------------ paper

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

    # ------------------------------------------------------------------ sending

    def mails(self, statement):
        """Mails about a statement."""
        return self.env["mail.mail"].search(
            [("model", "=", "merchant.statement"), ("res_id", "=", statement.id), ("email_to", "!=", False)]
        )

    def test_what_is_sent_is_kept_with_its_digest(self):
        """R-004-97: the very file that has to come back signed; the mail brings it, and the way to the portal."""
        statement = self.statement(15)

        statement.with_user(self.clerk).action_send()

        self.assertEqual(statement.state, "sent")
        content = base64.b64decode(statement.pdf_file)
        self.assertEqual(statement.pdf_digest, hashlib.sha256(content).hexdigest())
        self.assertEqual(statement.sent_to, "rossi@example.com")
        self.assertNotIn(b"Draft, not sent yet", content)
        mail = self.mails(statement)
        self.assertEqual(mail.attachment_ids.raw, content)
        self.assertEqual(mail.attachment_ids.name, statement.pdf_name)
        self.assertIn(statement._portal_path(), mail.body_html)

    def test_sent_twice_is_sent_once(self):
        """R-004-97: the second time says so, and neither file nor mail are made again."""
        statement = self.statement(15)
        statement._send()
        digest = statement.pdf_digest

        self.assertFalse(statement._send())
        with self.assertRaisesRegex(UserError, "sent already"):
            statement.action_send()

        self.assertEqual((statement.pdf_digest, len(self.mails(statement))), (digest, 1))

    def test_a_merchant_without_address_finds_it_in_the_portal(self):
        """R-004-97: it counts as sent, and the chatter says that no mail went out."""
        self.merchant.email = False
        statement = self.statement(15)

        statement._send()

        self.assertEqual((statement.state, statement.sent_to), ("sent", False))
        self.assertFalse(self.mails(statement))
        self.assertIn("no mail address", statement.message_ids[0].body)

    def test_a_print_that_fails_changes_nothing(self):
        """R-004-97: the reason is told, the statement still waits to be sent."""
        statement = self.statement(15)

        with (
            patch.object(type(statement), "_pdf", side_effect=UserError("no paper")),
            self.assertRaisesRegex(UserError, "no paper"),
        ):
            statement._send()

        self.assertEqual((statement.state, statement.pdf_file), ("draft", False))
        self.assertFalse(self.mails(statement))

    def test_what_was_sent_is_printed_as_it_was_sent(self):
        """R-004-97: also after the merchant's name has changed."""
        statement = self.statement(15).with_context(force_report_rendering=True)
        statement._send()
        self.merchant.name = "Somebody else"

        reports = self.env["ir.actions.report"].with_context(force_report_rendering=True)
        content, _kind = reports._render_qweb_pdf("merchant_settlement.action_report_statement", statement.ids)

        self.assertEqual(content, base64.b64decode(statement.pdf_file))

    def test_a_month_is_printed_together(self):
        """R-004-96: what was sent from its file, drafts made now, in the order of the list."""
        sent, draft = self.statement(15), self.statement(25)
        sent.with_context(force_report_rendering=True)._send()

        reports = self.env["ir.actions.report"].with_context(force_report_rendering=True)
        content, _kind = reports._render_qweb_pdf("merchant_settlement.action_report_statement", (draft | sent).ids)

        pages = self.pages(content)
        self.assertEqual(
            [statement.name in page for statement, page in zip(draft | sent, pages, strict=True)], [True] * 2
        )
        self.assertEqual(["Draft" in page for page in pages], [True, False])

    def test_many_drafts_are_not_printed_at_once(self):
        """R-004-96: each takes seconds; the sentence says what to do."""
        drafts = self.statement(15) | self.statement(16)

        with (
            patch.object(ir_actions_report, "DRAFTS_AT_ONCE", 1),
            self.assertRaisesRegex(UserError, "Send them first"),
        ):
            self.env["ir.actions.report"].with_context(force_report_rendering=True)._render_qweb_pdf(
                "merchant_settlement.action_report_statement", drafts.ids
            )

    def test_who_sends(self):
        """R-004-97: clerks send; who only looks prints, and nobody writes the kept file."""
        statement = self.statement(15)

        with self.assertRaises(AccessError):
            statement.with_user(self.officer).action_send()
        self.assertTrue(statement.with_user(self.officer)._pdf())
        self.assertTrue(statement.with_user(self.officer)._xlsx())
        with self.assertRaises(AccessError):
            statement.with_user(self.clerk).pdf_file = base64.b64encode(b"other")

    # ------------------------------------------------------------------ a whole month

    def run_of(self, *statements):
        """A finished run with these statements."""
        run = self.env["merchant.statement.run"].create(
            {"funder_id": self.funder.id, "month": "2024-04-01", "state": "done"}
        )
        for statement in statements:
            statement.run_id = run
        return run

    def test_a_run_is_sent_in_one_go(self):
        """R-004-97: every draft of the month; nothing is left to send."""
        drafts = self.statement(15) | self.statement(25)
        run = self.run_of(*drafts)

        with patch.object(merchant_statement_run_send, "read_committed"):
            run.with_user(self.clerk).action_send()

        self.assertEqual(drafts.mapped("state"), ["sent", "sent"])
        with self.assertRaisesRegex(UserError, "no statement of this month to send"):
            run.action_send()

    def test_what_takes_long_is_left_to_the_queue(self):
        """R-004-97: out of time the rest is one job, which sends what is left only."""
        drafts = self.statement(15) | self.statement(25)
        run = self.run_of(*drafts)

        with trap_jobs() as trap, patch.object(merchant_statement_run_send, "REQUEST_SECONDS", -1):
            run.action_send()
            trap.assert_jobs_count(1, only=run._job_send)
        drafts[0]._send()
        with patch.object(merchant_statement_run_send, "read_committed"):
            run._job_send()

        self.assertEqual(drafts.mapped("state"), ["sent", "sent"])
        self.assertEqual(len(self.mails(drafts[0])), 1)
