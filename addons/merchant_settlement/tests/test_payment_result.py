import base64
from datetime import date
from decimal import Decimal

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from odoo.addons.stored_value.tools import write_csv, write_xlsx

from .payment_common import IBANS, PaymentCase

TITLES = ["Riferimento", "Mandato", "Data", "Esito", "Motivo", "Importo"]


@tagged("post_install", "-at_install")
class TestPaymentResult(PaymentCase):
    def wizard(self, found=None, **vals):
        """The wizard of a clerk."""
        results = self.env["merchant.payment.result"].with_user(self.clerk).with_company(self.company)
        return results.create({"list_id": found.id if found else False, **vals})

    def load(self, rows, found=None, writer=write_csv):
        """The wizard with a file."""
        return self.wizard(found, content=base64.b64encode(writer(TITLES, rows)))

    def test_paid_statements_close_their_bills(self):
        """R-004-96: payments are booked against the bank and reconciled; statement and list are paid."""
        first, second = self.statement("66.25"), self.statement("1236.56", self.merchants[1])
        found = self.handed_over()
        one, two = found.line_ids.mapped("reference")

        wizard = self.load(
            [[one, "77", "22/05/2024", "pagato", "", "66,25"], [two, "78", "22/05/2024", "pagato", "", "1.236,56"]],
            found,
        )
        with self.assertRaisesRegex(UserError, "in the future"):
            wizard.action_check()
        wizard = self.load(
            [[one, "77", "20/05/2024", "pagato", "", "66,25"], [two, "78", "20/05/2024", "pagato", "", "1.236,56"]],
            found,
        )
        wizard.action_check()
        self.assertIn("Paid: 2, 1,302.81", wizard.summary)
        self.assertEqual(found.state, "sent")
        wizard.action_apply()

        self.assertEqual((first.state, first.paid_on, second.state), ("paid", date(2024, 5, 20), "paid"))
        self.assertEqual((found.state, found.line_ids.mapped("mandate_number")), ("done", ["77", "78"]))
        self.assertEqual((self.residual(first), self.residual(second)), (0, 0))
        self.assertEqual((self.balance(self.payable), self.balance(self.outstanding)), (0, Decimal("-1302.81")))
        self.assertEqual(found.line_ids.payment_move_id.journal_id, self.treasury)

    def test_sums_agree(self):
        """R-004-96: what the statements say, the list's control sum, the bills and the payments are one amount."""
        amounts = [f"{number}.{number:02}" for number in range(1, 30)]
        statements = self.env["merchant.statement"]
        for number, amount in enumerate(amounts):
            statements |= self.statement(
                amount, self.merchants[number % 3], date(2022 + number // 12, number % 12 + 1, 1)
            )
        found = self.handed_over()
        total = sum(map(Decimal, amounts))

        self.wizard(found, how="paid", date="2024-05-20").action_apply()

        self.assertEqual(Decimal(f"{found.total:.2f}"), total)
        self.assertEqual(self.balance(self.outstanding), -total)
        self.assertEqual(set(statements.mapped("state")), {"paid"})

    def test_a_workbook_with_dates_and_numbers(self):
        """R-004-96: sheets hold dates and numbers as such."""
        self.statement("66.25")
        found = self.handed_over()

        rows = [[found.line_ids.reference, 1234, date(2024, 5, 20), "", "", Decimal("66.25")]]
        self.load(rows, found, write_xlsx).action_apply()

        self.assertEqual((found.line_ids.state, found.line_ids.mandate_number), ("paid", "1234"))

    def test_the_treasurers_own_list_comes_back(self):
        """R-004-96: the exported list, unchanged, brings no news; with its last columns filled in it pays."""
        self.statement("66.25")
        found = self.handed_over()
        headers, rows, below = found._export_table()

        wizard = self.wizard(found, content=base64.b64encode(write_xlsx(headers, rows, below=below)))
        with self.assertRaisesRegex(UserError, "nothing new"):
            wizard.action_check()
        rows[0][13:16] = ["901", date(2024, 5, 20), "Paid"]
        wizard = self.wizard(found, content=base64.b64encode(write_xlsx(headers, rows, below=below)))
        wizard.action_apply()

        self.assertEqual((found.state, found.line_ids.mandate_number), ("done", "901"))

    def test_payment_orders_come_first(self):
        """R-004-96: a number without a day is only noted."""
        statement = self.statement()
        found = self.handed_over()

        self.load([[found.line_ids.reference, "55", "", "", "", ""]]).action_apply()

        self.assertEqual((found.line_ids.mandate_number, statement.state), ("55", "paying"))

    def test_every_bad_row_is_named_and_nothing_is_entered(self):
        """R-004-96: unknown references, wrong amounts, days and outcomes are named by row; the good row waits."""
        self.statement("66.25")
        self.statement("10.00", self.merchants[1])
        found = self.handed_over()
        one, two = found.line_ids.mapped("reference")

        with self.assertRaises(UserError) as refusal:
            self.load(
                [
                    [one, "1", "20/05/2024", "pagato", "", "66,25"],
                    ["LIQ/2024/9999-1", "2", "20/05/2024", "pagato", "", ""],
                    [two, "3", "20/05/2024", "pagato", "", "10,01"],
                ],
                found,
            ).action_apply()
        with self.assertRaises(UserError) as unclear:
            self.load(
                [
                    [one, "1", "31/02/2024", "pagato", "", ""],
                    [two, "1", "", "pagato", "", ""],
                    ["x", "", "20/05/2024", "forse", "", ""],
                    ["y", "", "20/05/2024", "stornato", "", ""],
                    ["", "4", "20/05/2024", "", "", ""],
                    ["z", "4", "20/05/2024", "", "", "1.234"],
                    ["k", "4", "", "", "", ""],
                    ["k", "5", "", "", "", ""],
                ],
                found,
            ).action_check()

        self.assertIn("Row 3: there is no payment “LIQ/2024/9999-1”", str(refusal.exception))
        self.assertIn(
            f"Row 4: the amount is 10.01\N{NO-BREAK SPACE}€, that of payment {two} is 10.00", str(refusal.exception)
        )
        self.assertNotIn("Row 2", str(refusal.exception))
        self.assertEqual(set(found.line_ids.mapped("state")), {"open"})
        for text in (
            "Row 2: “31/02/2024” is not a day",
            "Row 3: the day is missing",
            "Row 4: “forse” is no outcome",
            "Row 5: say why",
            "Row 6: the row names no payment",
            "Row 7: “1.234” is not a clear amount",
            "Row 9: payment k (8) is in the file twice",
        ):
            self.assertIn(text, str(unclear.exception))

    def test_a_file_that_is_none(self):
        """R-004-96: a PDF or a sheet without the columns is refused with what to do."""
        found = self._found()

        for content, words in (
            (b"%PDF-1.4 something", "neither an XLSX sheet nor"),
            (b"a;b\r\n1;2\r\n", "Reference"),
            (b"Riferimento;b\r\n1;2\r\n", "Paid on"),
            (b" ", "holds no rows"),
        ):
            with self.assertRaisesRegex(UserError, words):
                self.wizard(found, content=base64.b64encode(content)).action_check()

    def _found(self):
        self.statement()
        return self.handed_over()

    def test_results_need_a_list_that_was_handed_over(self):
        """R-004-96: a payment of a list nobody gave to the treasurer cannot have been made."""
        self.statement()
        found = self.confirmed()

        with self.assertRaisesRegex(UserError, "not handed over yet"):
            self.load([[found.line_ids.reference, "1", "20/05/2024", "", "", ""]]).action_apply()

    def test_a_file_of_another_list_is_named(self):
        """R-004-96: opened from a list, only its payments are taken."""
        other = self._found()
        self.statement(merchant=self.merchants[1])
        found = self.handed_over()

        with self.assertRaisesRegex(UserError, f"is of list {other.name}"):
            self.load([[other.line_ids.reference, "1", "20/05/2024", "", "", ""]], found).action_check()

    def test_a_closed_period_is_refused_by_row(self):
        """R-004-96: the sentence names row and lock; nothing is half booked."""
        self.statement("66.25")
        self.statement("10.00", self.merchants[1])
        found = self.handed_over()
        self.company.sudo().fiscalyear_lock_date = "2024-05-20"

        with self.assertRaises(UserError) as refusal:
            self.wizard(found, how="paid", date="2024-05-20").action_apply()

        self.assertIn("Row 1: ", str(refusal.exception))
        self.assertIn("closed accounting period", str(refusal.exception))
        self.assertFalse(found.line_ids.payment_move_id)

    def test_the_same_file_twice_adds_nothing(self):
        """R-004-96: what is known is counted and not booked again; another day for a paid payment is refused."""
        found = self._found()
        reference = found.line_ids.reference
        rows = [[reference, "1", "20/05/2024", "pagato", "", ""]]
        self.load(rows).action_apply()
        moves = self.env["account.move"].search_count([("journal_id", "=", self.treasury.id)])

        with self.assertRaisesRegex(UserError, "nothing new"):
            self.load(rows).action_apply()
        self.env["merchant.payment.list"].browse(found.id).sudo().confirmed_at = "2024-05-01 10:00:00"
        with self.assertRaisesRegex(UserError, "was paid on .* already"):
            self.load([[reference, "1", "19/05/2024", "pagato", "", ""]]).action_apply()

        self.assertEqual(self.env["account.move"].search_count([("journal_id", "=", self.treasury.id)]), moves)

    def test_a_returned_payment_is_paid_again_under_a_new_reference(self):
        """R-004-96: the entry is taken back, the bill is owed again, the reason is kept; the next payment has its own
        reference; the account that failed is not tried again by itself."""
        statement = self.statement("66.25")
        found = self.handed_over()
        first = found.line_ids
        self.load([[first.reference, "1", "20/05/2024", "pagato", "", ""]]).action_apply()

        self.load([[first.reference, "", "20/05/2024", "stornato", "conto estinto", ""]]).action_apply()

        self.assertEqual(
            (statement.state, statement.paid_on, self.residual(statement)), ("approved", False, Decimal("66.25"))
        )
        self.assertEqual((first.state, first.return_reason, found.state), ("returned", "conto estinto", "done"))
        self.assertEqual((self.balance(self.outstanding), self.balance(self.payable)), (0, Decimal("-66.25")))
        self.assertTrue(all(first.payment_move_id.line_ids.mapped("reconciled")))
        again = self.make_list()
        again.action_collect()
        self.assertIn("came back", again.left_out)
        self.merchants[0].bank_ids.acc_number = IBANS[1]
        again.action_collect()
        again.with_user(self.approver).action_confirm()
        again.action_hand_over()
        self.assertNotEqual(again.line_ids.reference, first.reference)
        self.wizard(again, how="paid", date="2024-05-20").action_apply()
        self.assertEqual((statement.state, self.residual(statement)), ("paid", 0))
        with self.assertRaisesRegex(UserError, "another reference"):
            self.load([[first.reference, "9", "20/05/2024", "pagato", "", ""]]).action_apply()

    def test_a_payment_refused_before_it_went_out_moves_nothing(self):
        """R-004-96: rejected by the bank: no entry, and the statement can be paid again."""
        statement = self.statement()
        found = self.handed_over()

        self.wizard(
            found, how="returned", line_id=found.line_ids.id, date="2024-05-20", reason="IBAN unknown"
        ).action_apply()

        self.assertFalse(found.line_ids.payment_move_id | found.line_ids.return_move_id)
        self.assertEqual((statement.state, found.state), ("approved", "done"))

    def test_what_the_bank_took_stays_reconciled_when_the_money_comes_back(self):
        """R-004-96: the bank's outgoing line is matched already; the return is matched with money of its own."""
        statement = self.statement("66.25")
        found = self.handed_over()
        self.wizard(found, how="paid", date="2024-05-20").action_apply()
        line = found.line_ids
        taken = line.sudo().payment_move_id.line_ids.filtered(lambda item: item.account_id == self.outstanding)
        bank = self.env["account.move"].create(
            {
                "journal_id": self.treasury.id,
                "line_ids": [
                    (0, 0, {"account_id": self.outstanding.id, "debit": 66.25}),
                    (0, 0, {"account_id": self.bank.id, "credit": 66.25}),
                ],
            }
        )
        bank.action_post()
        (taken | bank.line_ids.filtered(lambda item: item.account_id == self.outstanding)).reconcile()

        self.wizard(found, how="returned", line_id=line.id, date="2024-05-20", reason="closed").action_apply()

        self.assertTrue(taken.reconciled)
        back = line.return_move_id.line_ids.filtered(lambda item: item.account_id == self.outstanding)
        self.assertEqual((back.reconciled, back.amount_residual), (False, 66.25))
        self.assertEqual(self.residual(statement), Decimal("66.25"))

    def test_a_bill_paid_by_hand_is_not_paid_again(self):
        """R-004-96: somebody paid the bill in the books; the row is named."""
        statement = self.statement("66.25")
        found = self.handed_over()
        wizard = self.env["account.payment.register"].with_context(
            active_model="account.move", active_ids=statement.move_id.ids
        )
        wizard.create({"journal_id": self.treasury.id, "payment_date": "2024-05-20"}).action_create_payments()

        with self.assertRaisesRegex(UserError, "Row 1: the bill .* is open by 0.00"):
            self.wizard(found, how="paid", date="2024-05-20").action_apply()

    def test_results_are_for_clerks(self):
        """R-004-96: an officer without the part of a clerk enters nothing."""
        found = self._found()
        self.clerk.write({"group_ids": [(6, 0, [self.env.ref("merchant_circuit.group_officer").id])]})

        with self.assertRaises(AccessError):
            self.wizard(found, how="paid", date="2024-05-20")

    def test_a_wizard_is_ones_own(self):
        """R-004-96: what one clerk loads no other reads."""
        mine = self.load([["a", "1", "", "", "", ""]])

        seen = self.env["merchant.payment.result"].with_user(self.approver).search([("id", "=", mine.id)])

        self.assertFalse(seen)
