from odoo.exceptions import UserError
from odoo.tests import tagged

from .approval_common import MAY, ApprovalCase


@tagged("post_install", "-at_install")
class TestStatementBill(ApprovalCase):
    """The bill outside VAT and what it is reconciled with."""

    def test_the_bill_is_the_statement(self):
        """R-004-96: charges of 66.25 make a bill of 66.25 outside VAT that closes what was owed for them."""
        statement = self.approved("15.00", "5.00", "5.00", "41.25")
        bill = statement.move_id

        self.assertEqual((bill.move_type, bill.state, bill.ref), ("in_invoice", "posted", statement.name))
        self.assertEqual((bill.amount_total, bill.amount_tax), (66.25, 0.0))
        self.assertEqual(bill.invoice_line_ids.tax_ids, self.funder.bill_tax_id)
        self.assertEqual(self.open_on_merchant_account(), 0)
        payable = bill.line_ids.filtered(lambda line: line.account_id.account_type == "liability_payable")
        self.assertEqual((payable.amount_residual, payable.partner_id), (-66.25, self.merchant))

    def test_up_to_77_47_there_is_no_stamp_duty(self):
        """N2: a statement of 77.47 bears no stamp duty."""
        self.settlement_terms.stamp_borne_by = "body"

        bill = self.approved("77.47").move_id

        self.assertEqual(bill.amount_total, 77.47)
        self.assertEqual(len(bill.invoice_line_ids), 1)

    def test_the_body_pays_the_stamp_duty_it_bears(self):
        """N3: 1,234.56 with the stamp duty of the public body is paid with 1,236.56."""
        self.settlement_terms.stamp_borne_by = "body"

        bill = self.approved("1234.56").move_id

        stamp = bill.invoice_line_ids.filtered(lambda line: line.account_id == self.funder.stamp_account_id)
        self.assertEqual((bill.amount_total, stamp.price_subtotal), (1236.56, 2.0))
        self.assertEqual(self.open_on_merchant_account(), 0)

    def test_the_merchant_that_bears_the_stamp_duty_is_paid_the_total(self):
        """N3: 1,234.56 with the stamp duty of the merchant is paid with 1,234.56."""
        bill = self.approved("1234.56").move_id

        self.assertEqual(bill.amount_total, 1234.56)

    def test_a_reversal_is_taken_off_the_next_bill(self):
        """N4, R-004-84: 15.00 of April reversed in May make a bill of 285.00 for May's 300.00."""
        april = self.approved("15.00", "100.00")
        self.refund(april.line_ids.transaction_id[0], "15.00", MAY)

        may = self.approved("300.00", month="2024-05", at=MAY)

        self.assertEqual((may.payable, may.move_id.amount_total), (285.0, 285.0))
        self.assertEqual(self.open_on_merchant_account(), 0)

    def test_what_was_carried_is_closed_with_the_next_bill(self):
        """N6: a month of -8.00 makes no bill, and the next one closes both."""
        april = self.approved("8.00")
        self.refund(april.line_ids.transaction_id, "8.00", MAY)
        carried = self.run_month("2024-05")
        self.book(carried)
        with self.assertRaises(UserError):
            self.approve(carried)

        june = self.approved("20.00", month="2024-06", at=MAY.replace(month=6))

        self.assertEqual((carried.state, june.move_id.amount_total), ("carried", 12.0))
        self.assertEqual(self.open_on_merchant_account(), 0)

    def test_operations_that_are_not_booked_stop_the_bill(self):
        """R-004-96: nothing is billed that is not in the books; the list opens the operations."""
        statement = self.signed("15.00", booked=False)
        self.check(statement)

        with self.assertRaisesRegex(UserError, rf"{statement.name}.*\n.*15.00.*not in the books"):
            self.approve(statement)
        action = statement.with_user(self.approver).action_unbooked()
        self.assertEqual(self.env["circuit.transaction"].search(action["domain"]), statement.line_ids.transaction_id)

    def test_a_closed_period_is_refused_with_a_sentence(self):
        """R-004-96: in closed books nothing is posted, and the sentence names statement and day."""
        statement = self.signed("15.00")
        self.check(statement)
        self.company.sudo().hard_lock_date = "2024-04-30"

        with self.assertRaisesRegex(UserError, rf"{statement.name}.*\n.*closed until 04/30/2024"):
            self.approve(statement)
        self.assertEqual((statement.state, statement.move_id.id), ("checked", False))

    def test_missing_accounts_are_named(self):
        """R-004-96: without the set-up nothing is half posted; what is missing is named."""
        statement = self.signed("15.00")
        self.check(statement)
        self.funder.sudo().write({"bill_journal_id": False, "bill_tax_id": False})

        with self.assertRaisesRegex(UserError, "“Journal of bills”, “Tax of bills”"):
            self.approve(statement)

    def test_a_merchant_without_iban_or_fiscal_code_is_named(self):
        """R-004-96: without IBAN or fiscal code nothing is approved; the sentence says where to enter them."""
        statement = self.signed("15.00")
        self.check(statement)
        self.merchant.bank_ids.unlink()
        self.merchant.vat = False

        with self.assertRaisesRegex(UserError, r"Alimentari Rossi has no bank account(.|\n)*neither fiscal code"):
            self.approve(statement)
        self.assertFalse(statement.move_id)

    def test_an_iban_with_a_wrong_check_digit_is_none(self):
        """R-004-96: an account number that is no valid IBAN does not count as one."""
        statement = self.signed("15.00")
        self.merchant.bank_ids.unlink()
        self.merchant.bank_ids = [(0, 0, {"acc_number": "IT61X0542811101000000123456"})]
        self.check(statement)

        with self.assertRaisesRegex(UserError, "valid IBAN"):
            self.approve(statement)

    def test_a_tax_that_is_not_outside_vat_is_refused(self):
        """R-004-96: a bill with VAT would be another sum than the statement's."""
        statement = self.signed("15.00")
        self.check(statement)
        self.funder.bill_tax_id.sudo().amount = 22

        with self.assertRaisesRegex(UserError, "outside VAT"):
            self.approve(statement)
        self.assertEqual(statement.state, "checked")

    def test_books_changed_by_hand_are_found(self):
        """R-004-96: when less is open in the books than the statement says, the bill is not made."""
        statement = self.signed("15.00")
        self.check(statement)
        self.close_by_hand(statement, 5)

        with self.assertRaisesRegex(UserError, "5.00.*less is open"):
            self.approve(statement)
        self.assertFalse(
            self.env["account.move"].search([("ref", "=", statement.name), ("company_id", "=", self.company.id)])
        )

    def test_the_bill_changes_with_its_statement_only(self):
        """R-004-96: nobody resets, cancels or reverses the bill of an approved statement by hand."""
        bill = self.approved("15.00").move_id

        for change in (bill.button_draft, bill.button_cancel, bill._reverse_moves):
            with self.assertRaisesRegex(UserError, "bill of statement"):
                change()
