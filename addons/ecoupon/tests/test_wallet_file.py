import base64
import io
from datetime import date
from decimal import Decimal

import xlsxwriter

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, new_test_user, tagged

from .entitlement_common import CODES
from .wallet_common import WalletCase


@tagged("post_install", "-at_install")
class TestRewardFile(WalletCase):
    """A partner's file: all of it, or nothing."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.bike = cls.make_behaviour(name="Bike to work", code="BIKE", amount=2, evidence="file")
        cls.walk = cls.make_behaviour(name="Walk to school", code="WALK", amount=1, evidence="file")

    def setUp(self):
        super().setUp()
        self.bruno = new_test_user(self.env, "bruno", groups="base.group_portal").partner_id
        self.bruno.l10n_it_codice_fiscale = CODES[2]
        self.prove(self.bruno)
        self.entitle(CODES[2], day_from="2020-01-01")

    def wizard(self, *rows, content=None, **values):
        """The form with a file.

        :param rows: lines of a CSV after its titles
        :param bytes content: another file
        """
        text = "\r\n".join(["Codice fiscale;Comportamento;Data;Riferimento;Prova", *rows])
        values = {
            "circuit_id": self.circuit.id,
            "file": base64.b64encode(content if content is not None else text.encode()),
            "file_name": "bike.csv",
            "reporter_id": self.town.id,
            **values,
        }
        return self.env["ecoupon.reward.import"].with_user(self.officer).create(values)

    def rewards(self):
        """Rewards of the two behaviours."""
        return self.env["ecoupon.reward"].search([("behaviour_id", "in", (self.bike | self.walk).ids)])

    def test_another_officers_file_is_closed(self):
        """R-000-17: it holds fiscal codes; only who has chosen it sees it."""
        wizard = self.wizard(f"{CODES[0]};BIKE;{self.today};K1;log 1")
        other = new_test_user(
            self.env,
            "other-officer",
            groups="merchant_circuit.group_officer",
            company_id=self.officer.company_id.id,
            company_ids=[(6, 0, self.officer.company_ids.ids)],
        )

        with self.assertRaises(AccessError):
            wizard.with_user(other).read(["file"])
        self.assertTrue(wizard.read(["file"]))

    def test_a_file_credits_everybody_in_it(self):
        """R-000-17: CSV; first what it would credit, then the credit."""
        day = f"{self.today:%d/%m/%Y}"
        wizard = self.wizard(f"{CODES[0].lower()};bike;{day};K1;log 1", f"{CODES[2]};WALK;{self.today};K2;")

        wizard.action_check()
        self.assertEqual((wizard.state, wizard.row_count, wizard.total), ("checked", 2, 3.0))
        self.assertFalse(self.rewards())
        wizard.action_import()

        first, second = self.rewards().sorted("reference")
        self.assertEqual((first.partner_id, first.channel, first.evidence), (self.anna, "file", "log 1"))
        self.assertEqual((second.partner_id, second.amount, second.reporter_id), (self.bruno, 1, self.town))
        self.assertTrue(second.evidence.startswith("bike.csv "))
        self.assertEqual(self.held(), Decimal("2.00"))

    def test_a_sheet(self):
        """R-000-17: XLSX is known by its content, whatever it is called; one behaviour for all rows."""
        content = io.BytesIO()
        with xlsxwriter.Workbook(content) as book:
            sheet = book.add_worksheet()
            sheet.write_row(0, 0, ["Fiscal code", "Reference", "Date"])
            sheet.write_row(1, 0, [CODES[0], 17])
            sheet.write_datetime(1, 2, date(2025, 5, 4), book.add_format({"num_format": "dd/mm/yyyy"}))

        wizard = self.wizard(content=content.getvalue(), behaviour_id=self.bike.id)
        wizard.action_check()
        wizard.action_import()

        self.assertEqual((self.rewards().reference, self.rewards().day), ("17", date(2025, 5, 4)))

    def test_every_row_that_is_wrong_is_told(self):
        """R-000-17: a sentence each, no fiscal code in full, and nothing is credited."""
        day = self.today
        wizard = self.wizard(
            f"{CODES[0]};BIKE;{day};K1;",
            f"{CODES[0]};BIKE;{day};K1;",
            f"RSSMRA80A01H501X;BIKE;{day};K2;",
            f";BIKE;{day};K3;",
            f"{CODES[0]};;{day};K4;",
            f"{CODES[0]};SWIM;{day};K5;",
            f"{CODES[0]};BIKE;31/02/2026;K6;",
            f"{CODES[0]};BIKE;;K7;",
            f"{CODES[0]};BIKE;{day};;",
            f"{CODES[0]};BIKE;{day};{'K' * 65};",
            f"{CODES[0]};BIKE;{day};K9;;one more",
        )

        wizard.action_import()

        lines = wizard.problems.splitlines()
        for line, (row, words) in zip(
            lines,
            (
                (3, "are in row 2 too"),
                (4, "RSS***********1X is not valid"),
                (5, "fiscal code is missing"),
                (6, "names no behaviour"),
                (7, "“SWIM”"),
                (8, "“31/02/2026” is no date"),
                (9, "the day is missing"),
                (10, "the reference is missing"),
                (11, "longer than 64"),
                (12, "not as many cells"),
            ),
            strict=True,
        ):
            self.assertTrue(line.startswith(f"Row {row}:") and words in line, line)
        self.assertNotIn(CODES[0], wizard.problems)
        self.assertEqual(wizard.state, "wrong")
        self.assertFalse(self.rewards())

    def test_every_row_that_is_not_rewarded_is_told(self):
        """R-000-15, R-000-17: the same words for who is unknown and who is not entitled; limits count within the file."""
        self.bike.most_times = 1
        wizard = self.wizard(
            f"{CODES[0]};BIKE;{self.today};K1;",
            f"{CODES[0]};BIKE;{self.today};K2;",
            f"{CODES[3]};BIKE;{self.today};K3;",
            f"{CODES[2]};BIKE;2019-12-31;K4;",
        )

        wizard.action_import()

        second, third, fourth = wizard.problems.splitlines()
        self.assertIn("Row 3: “Bike to work” is rewarded at most 1 times a year", second)
        self.assertIn("Row 4: Nobody with a wallet", third)
        self.assertIn("Row 5: “Bike to work” is not rewarded on", fourth)
        self.assertFalse(self.rewards())

    def test_the_same_file_again(self):
        """R-000-17: every row says that it was rewarded."""
        row = f"{CODES[0]};BIKE;{self.today};K1;"
        first = self.wizard(row)
        first.action_check()
        first.action_import()
        again = self.wizard(row)

        again.action_import()

        self.assertIn("K1 was rewarded already", again.problems)
        self.assertEqual(self.held(), Decimal("2.00"))

    def test_what_was_checked_is_credited(self):
        """R-000-17: another file or behaviour than was checked is checked first, and its figures are shown."""
        wizard = self.wizard(f"{CODES[0]};;{self.today};K1;", behaviour_id=self.walk.id)
        wizard.action_check()
        other = self.wizard(f"{CODES[0]};;{self.today};K1;", f"{CODES[2]};;{self.today};K2;").file

        for values, total in (({"file": other}, 2.0), ({"behaviour_id": self.bike.id}, 4.0)):
            with self.subTest(list(values)):
                wizard.write(values)
                wizard.action_import()
                self.assertFalse(self.rewards())
                self.assertEqual((wizard.state, wizard.total), ("checked", total))
        wizard.action_import()
        self.assertEqual(len(self.rewards()), 2)

    def test_another_choice_is_a_draft(self):
        """R-000-17: the form forgets what it told of another file."""
        wizard = self.wizard(f"{CODES[0]};BIKE;{self.today};K1;")
        wizard.action_check()

        with Form(wizard) as form:
            form.behaviour_id = self.walk
            self.assertEqual((form.state, form.row_count), ("draft", 0))

    def test_a_code_in_the_wrong_column(self):
        """R-000-17: of swapped columns no fiscal code is told in full."""
        wizard = self.wizard(f"{CODES[0]};{CODES[2]};{CODES[3]};K1;")

        wizard.action_check()

        self.assertEqual(wizard.state, "wrong")
        for code in (CODES[2], CODES[3]):
            self.assertNotIn(code, wizard.problems)

    def test_files_that_are_none(self):
        """R-000-17: each with a sentence that says what to do."""
        for content, words in (
            (b"", "no rows"),
            (b"%PDF-1.7 x", "neither an XLSX"),
            (b"PK\x03\x04 broken", "no XLSX sheet"),
            (b"a;b\n1;2", "No column is known"),
            (b"Codice fiscale;Data\nX;Y", "columns are missing"),
            (b'Codice fiscale;Data;Riferimento\n"X;Y;Z', "quotation mark"),
            (b"Codice fiscale;Data;Riferimento\n" + b"X;Y;Z\n" * 5001, "more than 5000 rows"),
        ):
            with self.subTest(words), self.assertRaisesRegex(UserError, words):
                self.wizard(content=content).action_check()

    def test_who_imports(self):
        """R-000-17: the office; not the Region, not citizens."""
        for user in (self.region, self.citizen):
            with self.subTest(user.login), self.assertRaises(AccessError):
                self.wizard().with_user(user).action_import()
