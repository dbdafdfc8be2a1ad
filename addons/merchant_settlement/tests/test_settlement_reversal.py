from datetime import datetime

from freezegun import freeze_time

from odoo.exceptions import UserError
from odoo.tests import tagged

from .approval_common import APRIL, ApprovalCase

WITHIN, AFTER = datetime(2024, 5, 10, 9), datetime(2024, 5, 16, 9)


@tagged("post_install", "-at_install")
class TestSettlementReversal(ApprovalCase):
    """The office reverses a payment that is in a statement."""

    def setUp(self):
        super().setUp()
        self.settlement_terms.hold_days = 15
        self.manager = self.user("circuit-manager", "merchant_circuit.group_manager")

    def wizard(self, transaction):
        """The wizard as it opens."""
        return (
            self.env["circuit.transaction.reverse"]
            .with_user(self.manager)
            .create({"transaction_id": transaction.id, "reason": "Typed twice"})
        )

    def transaction(self, statement, amount):
        """The payment of an amount in a statement."""
        return statement.line_ids.filtered(lambda line: line.amount == amount).transaction_id

    def test_within_the_window_it_is_taken_off_its_own_statement(self):
        """R-004-84: until a statement may be paid a reversal is taken off that very statement, which is signed anew."""
        statement = self.signed("300.00", "15.00")
        digest = statement.digest
        with freeze_time(WITHIN):
            wizard = self.wizard(self.transaction(statement, 300))
            self.assertTrue(wizard.take_off)
            wizard.action_reverse()

        self.assertEqual((statement.state, statement.total, statement.corrected), ("draft", 15.0, -300.0))
        self.assertEqual((statement.stamp, statement.signed_at), (0.0, False))
        self.assertEqual(statement.line_ids[-1].origin_reference, self.transaction(statement, 300).reference)
        self.assertNotEqual(statement.digest, digest)

    def test_the_next_run_does_not_take_it_off_again(self):
        """R-004-84: what was taken off within the window is in no other statement, and the books close."""
        statement = self.signed("300.00", "15.00")
        with freeze_time(WITHIN):
            self.wizard(self.transaction(statement, 300)).action_reverse()
        self.charge("40.00", WITHIN)
        self.book(statement)
        self.sign(statement)
        self.check(statement)
        self.approve(statement)

        may = self.approved(month="2024-05")

        self.assertEqual((statement.move_id.amount_total, may.move_id.amount_total), (15.0, 40.0))
        self.assertEqual(self.open_on_merchant_account(), 0)

    def test_within_the_window_an_approved_statement_loses_its_bill(self):
        """R-004-84: the bill of an approved statement is taken back by a credit note."""
        statement = self.approved("300.00", "15.00")
        bill = statement.move_id
        with freeze_time(WITHIN):
            self.wizard(self.transaction(statement, 300)).action_reverse()

        self.assertEqual((bill.payment_state, statement.move_id.id, statement.state), ("reversed", False, "draft"))

    def test_after_the_window_it_is_taken_off_the_next_statement(self):
        """N4: after the window the statement stays, and the next one has a negative line that names it."""
        statement = self.approved("300.00", "15.00")
        with freeze_time(AFTER):
            wizard = self.wizard(self.transaction(statement, 15))
            self.assertFalse(wizard.take_off)
            self.assertIn("next statement", wizard.statement_note)
            wizard.action_reverse()
        self.charge("300.00", AFTER)

        may = self.run_month("2024-05")

        self.assertEqual((statement.state, statement.total, may.total), ("approved", 315.0, 285.0))
        correction = may.line_ids.filtered(lambda line: line.kind == "correction")
        self.assertEqual((correction.amount, str(correction.origin_month)), (-15.0, "2024-04-01"))
        self.assertEqual(statement.exception_ids.mapped("kind"), ["reversed_since"])

    def test_a_statement_that_is_being_paid_does_not_change(self):
        """R-004-84: money on its way is not called back; the next statement takes the reversal."""
        statement = self.signed("300.00")
        statement.state = "paying"
        with freeze_time(WITHIN):
            self.assertFalse(self.wizard(statement.line_ids.transaction_id).take_off)
            with self.assertRaisesRegex(UserError, "next statement"):
                statement.with_user(self.manager)._take_reversals("Typed twice")

    def test_with_a_later_statement_the_chain_stays(self):
        """R-004-84: a statement that a later one builds on does not change."""
        statement = self.signed("300.00")
        self.settlement_terms.hold_days = 60
        statement.pay_from = "2024-06-30"
        self.charge("10.00", WITHIN)
        self.run_month("2024-05")
        with freeze_time(datetime(2024, 6, 2, 9)):
            self.assertFalse(self.wizard(statement.line_ids.transaction_id).take_off)

    def test_a_payment_in_no_statement_is_reversed_as_ever(self):
        """R-004-84: before the statement is made nothing else happens."""
        transaction = self.charge("30.00", APRIL)
        with freeze_time(datetime(2024, 4, 20, 9)):
            wizard = self.wizard(transaction)
            self.assertIn("no statement yet", wizard.statement_note)
            wizard.action_reverse()

        self.assertEqual(transaction.refund_ids.state, "captured")
