import base64
import csv
import io
from datetime import datetime, timedelta
from unittest.mock import patch

import openpyxl
from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from odoo.addons.family_card.models import family_card_export

from .common import NOW, CorletoCase


@tagged("post_install", "-at_install")
class TestExport(CorletoCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.officer = cls.user("accountant", "family_card.group_officer")
        cls.mine, cls.pin = cls.card({"COMMERCIO": "56.25"})
        cls.mine.holder_id.name = "=HYPERLINK(1)"
        cls.other, _pin = cls.card({"COMMERCIO": "10.00"})
        cls.credit_run = cls.env["family.card.credit.run"].create(
            {"program_id": cls.program.id, "period_id": cls.q2.id}
        )

    def export(self, content, active=None, **vals):
        """An export as the officer prepares it."""
        context = {"active_model": active._name, "active_ids": active.ids} if active else {}
        model = self.env["family.card.export"].with_user(self.officer).with_context(**context)
        vals = {"program_id": self.program.id, **vals} if active is None else vals
        export = model.create({**({"content": content} if content else {}), **vals})
        export.action_prepare()
        return export

    def rows(self, export):
        """Rows of the file, titles first."""
        content = base64.b64decode(export.file)
        if export.file_format == "xlsx":
            return [[cell.value for cell in row] for row in openpyxl.load_workbook(io.BytesIO(content)).active]
        return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""), delimiter=";"))

    def test_movements_for_the_accountant(self):
        """R-004-46, R-004-47: date, card, account, kind, amount, balance, shop, receipt — and nobody's name."""
        self.charge(self.mine, self.pin, "20.00")

        export = self.export("movement")

        rows = self.rows(export)
        self.assertEqual((export.state, export.row_count, len(rows)), ("done", 3, 4))
        self.assertEqual(
            rows[-1][:8],
            [
                datetime(2024, 4, 3, 10, 15),
                self.mine.number,
                "COMMERCIO",
                "Debit",
                -10,
                46.25,
                "Alimentari Rossi",
                "COMMERCIO",
            ],
        )
        self.assertNotIn("HYPERLINK", str(rows))
        self.assertNotIn(self.mine.fiscal_code, str(rows))

    def test_days_are_local(self):
        """R-004-47: from the first to the last local day."""
        self.credit(self.mine, {"ARTIGIANATO": "5.00"})
        self.charge(self.mine, self.pin, "20.00")

        april = self.export("movement", date_from="2024-04-03", date_to="2024-04-03")

        self.assertEqual(april.row_count, 1)
        with self.assertRaises(UserError):
            self.export("movement", date_from="2024-04-04")

    def test_cards_for_the_accountant(self):
        """Issue 3, formulas in cells: names are text, fiscal codes masked."""
        book = self.export("card")

        row = next(row for row in self.rows(book) if row[0] == self.mine.number)
        self.assertEqual((row[1], row[6], row[7], row[8]), ("=HYPERLINK(1)", datetime(2024, 4, 3), 450, 56.25))
        self.assertIn("***", row[2])
        page = openpyxl.load_workbook(io.BytesIO(base64.b64decode(book.file))).active
        self.assertNotIn("f", {cell.data_type for line in page for cell in line})
        text = self.rows(self.export("card", file_format="csv"))
        self.assertIn("'=HYPERLINK(1)", [row[1] for row in text])

    def test_lines_of_a_run_for_the_accountant(self):
        """R-004-47."""
        self.credit_run.action_run()

        rows = self.rows(self.export("line"))

        self.assertEqual({row[1]: row[5] for row in rows[1:]}, {self.mine.number: 112.5, self.other.number: 112.5})

    def test_rows_marked_in_a_list(self):
        """Issue 3: the action of the list exports what is marked there."""
        export = self.export(None, active=self.mine)

        self.assertEqual((export.content, export.row_count, export.chosen_count), ("card", 1, 1))
        self.assertEqual(self.rows(export)[1][0], self.mine.number)

    def test_a_large_export_is_left_to_a_job(self):
        """Issue 3, long work: in the background, safe to begin again."""
        with patch.object(family_card_export, "DIRECT_ROWS", 1):
            export = self.export("movement")
        self.assertEqual((export.state, export.job_state, export.row_count), ("working", "waiting", 0))

        export._job_prepare()
        before = export.file
        export._job_prepare()

        self.assertEqual((export.state, export.row_count, export.file), ("done", 2, before))

    def test_a_job_given_up_can_be_asked_for_again(self):
        with patch.object(family_card_export, "DIRECT_ROWS", 1):
            export = self.export("movement")

        export.action_job_cancel()
        export._job_prepare()

        self.assertEqual(export.state, "draft")
        export.action_prepare()
        self.assertEqual(export.state, "done")

    def test_too_many_rows_for_a_workbook(self):
        """Issue 3, bad input: a clear sentence, CSV instead."""
        with patch.object(family_card_export, "XLSX_ROWS", 1):
            with self.assertRaises(UserError):
                self.export("movement")
            self.assertEqual(self.export("movement", file_format="csv").state, "done")

    def test_a_prepared_export_stays(self):
        export = self.export("movement")

        for call in (lambda: export.write({"content": "card"}), export.action_prepare):
            with self.assertRaises(UserError):
                call()
        for vals in ({"file": "eA=="}, {"state": "done"}):
            with self.subTest(str(vals)), self.assertRaises(UserError):
                self.env["family.card.export"].with_user(self.officer).create({"program_id": self.program.id, **vals})

    def test_exports_are_ones_own(self):
        """Default deny: another officer's file names people too."""
        export = self.export("card")
        colleague = self.user("colleague", "family_card.group_officer")
        operator = self.user("export_operator", "merchant_circuit.group_operator")

        self.assertFalse(self.env["family.card.export"].with_user(colleague).search([]))
        for user in (colleague, operator):
            with self.subTest(user.login), self.assertRaises(AccessError):
                export.with_user(user).read(["file_name"])

    def test_only_what_the_user_may_read_is_exported(self):
        """Design 5: cards of another municipality, named by id, are left out."""
        other = self.env["res.company"].create({"name": "Comune di Guardia Perticara"})
        stranger = self.user("export_stranger", "family_card.group_manager")
        stranger.write({"company_ids": [(6, 0, other.ids)], "company_id": other.id})
        model = self.env["family.card.export"].with_user(stranger).with_context(allowed_company_ids=other.ids)

        with self.assertRaises(AccessError):
            model.create({"program_id": self.program.id, "content": "card"})

    def test_files_are_forgotten_after_a_week(self):
        """R-004-100: no copy of personal data stays for longer than it is needed."""
        export = self.export("card")
        self.env.flush_all()
        self.env.cr.execute("UPDATE family_card_export SET create_date = %s", [NOW - timedelta(days=6)])
        export.invalidate_recordset()

        self.env["family.card.export"]._gc_exports()
        self.assertTrue(export.exists())
        with freeze_time(NOW + timedelta(days=2)):
            self.env["family.card.export"]._gc_exports()

        self.assertFalse(export.exists())
