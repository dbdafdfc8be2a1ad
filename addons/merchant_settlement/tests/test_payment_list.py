import base64
import csv
import io
from decimal import Decimal

import openpyxl

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .payment_common import IBANS, PaymentCase


@tagged("post_install", "-at_install")
class TestPaymentList(PaymentCase):
    def test_collects_what_may_be_paid(self):
        """R-004-96: approved statements come into the list with IBAN, cause and amount; the control sum is theirs."""
        first, second = self.statement("66.25"), self.statement("1236.56", self.merchants[1])

        found = self.make_list()
        found.action_collect()

        self.assertEqual(found.line_ids.statement_id, first | second)
        self.assertEqual(found.line_ids.mapped("iban"), list(IBANS[:2]))
        self.assertEqual((found.line_count, found.total), (2, 1302.81))
        self.assertEqual(set((first | second).mapped("state")), {"paying"})
        self.assertFalse(found.left_out)

    def test_numbers_and_causes_are_what_banks_take(self):
        """R-004-96: references and causes hold only characters of the SEPA guidelines."""
        self.statement()

        line = self.confirmed().line_ids

        self.assertRegex(line.reference, r"^LIQ/2024/\d{4}-1$")
        self.assertRegex(line.cause, r"^[A-Za-z0-9/\-?:().,'+ ]{10,140}$")
        self.assertIn("EC/2024/04/", line.cause)

    def test_leaves_out_what_may_not_be_paid_and_says_why(self):
        """R-004-96: each statement that cannot be paid is named with what is missing."""
        blocked = self.statement(block_reason="arrears")
        early = self.statement(merchant=self.merchants[1], pay_from="2024-05-21")
        bad = self.statement(merchant=self.merchants[2])
        bare = self.statement(
            merchant=self.env["res.partner"].create(
                {"name": "Bare", "is_merchant": True, "property_account_payable_id": self.payable.id}
            )
        )
        self.merchants[2].bank_ids.acc_number = "DE89370400440532013001"

        found = self.make_list(date="2024-06-30")
        found.action_collect()

        self.assertFalse(found.line_ids)
        lines = found.left_out.split("\n")
        self.assertTrue(lines[0].startswith(f"{blocked.name}, {blocked.merchant_id.name}: payment is blocked: arrears"))
        self.assertIn(f"{early.name}, {early.merchant_id.name}: it may be paid from 05/21/2024", lines[1])
        self.assertIn(f"{bad.name}, {bad.merchant_id.name}: the IBAN DE89370400440532013001 is not valid", lines[2])
        self.assertIn(f"{bare.name}, Bare: the merchant has no IBAN", lines[3])
        self.assertIn("neither a fiscal code nor a VAT number", lines[4])

    def test_takes_no_statement_twice(self):
        """R-004-96: what is in one list is not collected into another."""
        statement = self.statement()
        self.make_list().action_collect()

        with self.assertRaisesRegex(UserError, "no approved statement"):
            self.make_list().action_collect()
        with self.assertRaisesRegex(UserError, "In a payment list"):
            statement.with_user(self.clerk).action_pay()

    def test_takes_only_one_programme_when_told(self):
        """R-001-18: a list may be of one programme alone."""
        other = self.env["circuit.funder"].create({"name": "Buoni", "circuit_id": self.circuit.id})
        terms = self.env["settlement.terms"].create({"funder_id": other.id, "valid_from": "2024-01-01"})
        self.statement()
        mine = self.statement(funder_id=other.id, terms_id=terms.id)

        found = self.make_list(funder_id=other.id)
        found.action_collect()

        self.assertEqual(found.line_ids.statement_id, mine)

    def test_binary_fractions_stop_no_payment(self):
        """R-004-96: 10 + 1.12 in binary fractions is 11.12 as on the bill."""
        statement = self.statement("11.12")
        statement.payable = 10 + 112 / 100

        found = self.make_list()
        found.action_collect()

        self.assertEqual((found.line_ids.amount, found.total, found.left_out), (11.12, 11.12, False))

    def test_chosen_statements_make_a_list(self):
        """R-004-96: statements chosen by hand open as a list of their own."""
        statements = self.statement() | self.statement(merchant=self.merchants[1])

        action = statements.with_user(self.clerk).action_pay()

        found = self.env["merchant.payment.list"].browse(action["res_id"])
        self.assertEqual(found.line_ids.statement_id, statements)

    def test_somebody_else_confirms(self):
        """R-004-96: neither who collected nor who added confirms; an approver who took no part does."""
        self.statement()
        found = self.make_list(self.approver)
        found.action_collect()

        with self.assertRaisesRegex(UserError, "somebody else must confirm"):
            found.action_confirm()
        with self.assertRaisesRegex(UserError, "Only an approver"):
            found.with_user(self.clerk).action_confirm()
        found.with_user(self.other).action_confirm()

        self.assertEqual((found.state, found.confirmed_by_id), ("confirmed", self.other))

    def test_who_changed_the_day_took_part(self):
        """R-004-96: changing a list is preparing it."""
        self.statement()
        found = self.make_list()
        found.action_collect()
        found.with_user(self.approver).date = "2024-05-25"

        with self.assertRaisesRegex(UserError, "somebody else must confirm"):
            found.with_user(self.approver).action_confirm()

    def test_an_empty_list_is_not_confirmed(self):
        """R-004-96: nothing to pay, nothing to confirm."""
        with self.assertRaisesRegex(UserError, "holds no payment"):
            self.make_list().with_user(self.approver).action_confirm()

    def test_confirmation_looks_again(self):
        """R-004-96: an IBAN changed or a statement blocked after collecting is found, and named by its reference."""
        self.statement()
        blocked = self.statement(merchant=self.merchants[1])
        found = self.make_list()
        found.action_collect()
        self.merchants[0].bank_ids.acc_number = IBANS[2]
        blocked.block_reason = "complaint"

        with self.assertRaises(UserError) as refusal:
            found.with_user(self.approver).action_confirm()

        first, second = found.line_ids.mapped("reference")
        self.assertIn(f"{first}: The merchant's IBAN changed", str(refusal.exception))
        self.assertIn(f"{second}: {blocked.name}, Ferramenta Neri: payment is blocked", str(refusal.exception))

    def test_what_is_taken_out_can_be_collected_again_under_another_reference(self):
        """R-004-96: a reference is used once, even when its payment was taken out."""
        statement = self.statement()
        found = self.make_list()
        found.action_collect()
        first = found.line_ids.reference

        found.line_ids.action_take_out()
        self.assertEqual((statement.state, found.total, found.line_count), ("approved", 0, 0))
        found.action_collect()

        self.assertNotEqual(found.line_ids.reference, first)

    def test_a_confirmed_list_does_not_change(self):
        """R-004-96: after confirmation lines, day and journal stay; taken back they may change."""
        statement = self.statement()
        found = self.confirmed()

        for step in (
            found.line_ids.action_take_out,
            found.action_collect,
            found.unlink,
            lambda: found.write({"date": "2024-05-30"}),
        ):
            with self.assertRaisesRegex(UserError, "Confirmed"):
                step()
        found.action_back()
        self.assertFalse(found.confirmed_by_id)
        found.unlink()
        self.assertEqual(statement.state, "approved")

    def test_fields_of_the_buttons_are_not_written(self):
        """R-004-96: state, sum and lines change through the buttons alone."""
        self.statement()
        found = self.make_list()
        found.action_collect()

        for name, value in (("state", "confirmed"), ("total", 1), ("prepared_by_ids", [(5,)])):
            with self.assertRaises(AccessError):
                found.write({name: value})
        with self.assertRaises(AccessError):
            found.line_ids.write({"iban": IBANS[2]})

    def test_the_list_leaves_the_office_confirmed_only(self):
        """R-004-96: no file of a draft."""
        self.statement()
        found = self.make_list()
        found.action_collect()

        with self.assertRaisesRegex(UserError, "confirm the list"):
            found.action_export_xlsx()
        with self.assertRaisesRegex(UserError, "confirm the list"):
            found.action_hand_over()

    def _file(self, found, extension):
        attachment = self.env["ir.attachment"].search(
            [
                ("res_model", "=", found._name),
                ("res_id", "=", found.id),
                ("name", "=", f"{found.name.replace('/', '-')}.{extension}"),
            ]
        )
        return base64.b64decode(attachment.datas)

    def test_the_treasurers_workbook(self):
        """R-004-96, R-001-18: IBAN, fiscal code, cause, CUP, department and amount as a number; texts are no formulas;
        the sum is that of the list."""
        self.merchants[0].name = "=HYPERLINK(1)"
        self.statement("66.25", arrears_reference="Prot. 12")
        self.statement("0.10", self.merchants[1])
        found = self.confirmed()

        found.action_export_xlsx()

        sheet = openpyxl.load_workbook(io.BytesIO(self._file(found, "xlsx"))).active
        titles = [cell.value for cell in sheet[1]]
        row = dict(zip(titles, sheet[2], strict=True))
        self.assertEqual(row["Reference"].value, found.line_ids[0].reference)
        self.assertEqual((row["Merchant"].value, row["Merchant"].data_type), ("=HYPERLINK(1)", "s"))
        self.assertTrue(row["Merchant"].quotePrefix)
        self.assertEqual(row["IBAN"].value, IBANS[0])
        self.assertEqual(row["Fiscal code"].value, "RSSMRA85T10A562S")
        self.assertEqual((row["Amount"].value, row["Amount"].data_type), (66.25, "n"))
        self.assertEqual((row["Department"].value, row["CUP"].value), ("Welfare", "B11B24000010001"))
        self.assertEqual(row["Arrears check"].value, "Prot. 12")
        last = [cell.value for cell in sheet[sheet.max_row]]
        self.assertEqual((last[1], last[2], last[5]), ("Total", 2, 66.35))

    def test_the_treasurers_csv(self):
        """R-004-96: the same as CSV, a name that begins like a formula is marked as text."""
        self.merchants[0].name = "=cmd|' /C calc'!A0"
        self.statement("66.25")
        found = self.confirmed()

        found.action_export_csv()

        rows = list(csv.DictReader(io.StringIO(self._file(found, "csv").decode("utf-8-sig")), delimiter=";"))
        self.assertEqual(rows[0]["Merchant"], "'=cmd|' /C calc'!A0")
        self.assertEqual(Decimal(rows[0]["Amount"]), Decimal("66.25"))

    def test_another_body_does_not_see_it(self):
        """R-003-08: lists and payments belong to their company."""
        self.statement()
        found = self.confirmed().with_env(self.env)
        stranger = self.env["res.company"].create({"name": "Altro Comune"})
        self.clerk.write({"company_ids": [(6, 0, stranger.ids)], "company_id": stranger.id})

        for model, record in ((found._name, found), ("merchant.payment.line", found.line_ids)):
            seen = (
                self.env[model]
                .with_user(self.clerk)
                .with_context(allowed_company_ids=stranger.ids)
                .search([("id", "in", record.ids)])
            )
            self.assertFalse(seen)
        with self.assertRaises(AccessError):
            found.with_user(self.clerk).with_context(allowed_company_ids=stranger.ids).action_hand_over()
