from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .approval_common import APRIL, ApprovalCase


@tagged("post_install", "-at_install")
class TestStatementApproval(ApprovalCase):
    """Two people, the arrears check, blocks and returns."""

    def test_a_signed_statement_is_checked_and_approved_by_two(self):
        """R-004-96: the reimbursement comes after a check of the operations, by somebody else than who approves."""
        statement = self.signed("15.00", "5.00", "5.00", "41.25")

        self.check(statement)
        self.approve(statement)

        self.assertEqual((statement.state, statement.payable), ("approved", 66.25))
        self.assertEqual((statement.checked_by_id, statement.approved_by_id), (self.clerk, self.approver))
        self.assertTrue(statement.move_id)

    def test_an_unsigned_statement_is_not_checked(self):
        """R-004-97: without the merchant's signature nothing goes on, and the sentence names the statement."""
        self.charge("15.00", APRIL)
        statement = self.run_month("2024-04")[0]

        with self.assertRaisesRegex(UserError, f"{statement.name}.*signed"):
            self.check(statement)

    def test_who_checked_does_not_approve(self):
        """A24: with 0 in the terms whoever checked never approves the same statement."""
        statement = self.signed("15.00")
        statement.with_user(self.approver).action_check()

        with self.assertRaisesRegex(UserError, "somebody else approves"):
            self.approve(statement)
        self.assertFalse(statement.move_id)
        statement.with_user(self.other_approver).action_approve()
        self.assertEqual(statement.state, "approved")

    def test_one_person_suffices_up_to_the_amount_of_the_terms(self):
        """A24: the terms can let one person check and approve small statements."""
        self.settlement_terms.four_eyes_above = 15
        statement = self.signed("15.00")

        statement.with_user(self.approver).action_check()
        self.approve(statement)

        self.assertEqual(statement.state, "approved")

    def test_a_clerk_does_not_approve(self):
        """R-004-96: approving is the approver's, also by a remote call."""
        statement = self.signed("15.00")
        self.check(statement)

        with self.assertRaises(AccessError):
            statement.with_user(self.clerk).action_approve()

    def test_5000_needs_no_arrears_check(self):
        """N5: 5,000.00 is paid without a check of tax arrears."""
        statement = self.signed("4000.00", "1000.00")
        self.check(statement)

        self.approve(statement)

        self.assertEqual(statement.state, "approved")

    def test_above_5000_the_arrears_check_comes_first(self):
        """N5: 5,000.01 is approved only with the reference of the check; the sentence names the law in force."""
        statement = self.signed("4000.00", "1000.01")
        self.check(statement)

        with self.assertRaisesRegex(UserError, "art. 48-bis"):
            self.approve(statement)
        statement.with_user(self.clerk).arrears_reference = "2024/17 of 03/05/2024"
        self.approve(statement)

        self.assertEqual(statement.state, "approved")

    def test_the_threshold_of_the_arrears_check_is_the_law_of_the_day(self):
        """N5: a new threshold applies from its day on."""
        self.env["settlement.legal"].create(
            {"code": "arrears_threshold", "date_from": "2024-04-01", "amount": 10, "source": "test"}
        )
        statement = self.signed("10.01")
        self.check(statement)

        with self.assertRaisesRegex(UserError, "check of tax arrears"):
            self.approve(statement)

    def test_the_arrears_reference_stays_as_approved(self):
        """N5: nobody changes the reference afterwards."""
        statement = self.approved("5000.01")

        with self.assertRaisesRegex(UserError, "cannot change"):
            statement.with_user(self.clerk).arrears_reference = ""

    def test_a_blocked_statement_waits(self):
        """R-004-96: a block with its reason keeps a statement from being approved until an approver lifts it."""
        statement = self.signed("15.00")
        self.check(statement)
        self.hold(statement, "block", "Complaint of 3 May", self.clerk)

        with self.assertRaisesRegex(UserError, "blocked: Complaint of 3 May"):
            self.approve(statement)
        with self.assertRaises(AccessError):
            self.hold(statement, "unblock", "Settled", self.clerk)
        self.hold(statement, "unblock", "Settled", self.approver)
        self.approve(statement)

        self.assertEqual((statement.state, statement.block_reason), ("approved", False))

    def test_a_blank_reason_is_refused(self):
        """R-004-96: nothing is held without saying why."""
        statement = self.signed("15.00")

        with self.assertRaisesRegex(UserError, "Say why"):
            self.hold(statement, "block", "  ", self.clerk)

    def test_a_statement_sent_back_is_signed_anew(self):
        """R-004-97: the signature does not count any more, and the merchant reads why."""
        statement = self.signed("15.00")
        self.check(statement)

        self.hold(statement, "return", "The signature is not the owner's", self.clerk)

        self.assertEqual((statement.state, statement.signed_at, statement.checked_by_id.id), ("sent", False, False))
        self.assertEqual(statement.return_reason, "The signature is not the owner's")
        self.assertIn(self.merchant, statement.message_ids.partner_ids)

    def test_sending_an_approved_statement_back_takes_its_bill_back(self):
        """R-004-96: a credit note takes the bill back, and the same operations can be billed again."""
        statement = self.approved("15.00", "5.00")
        bill = statement.move_id

        self.hold(statement, "return", "Wrong person signed", self.approver)
        self.assertEqual(bill.payment_state, "reversed")
        self.assertFalse(statement.move_id)
        self.sign(statement)
        self.check(statement)
        self.approve(statement)

        self.assertEqual(statement.move_id.amount_total, 20.0)
        self.assertEqual(self.open_on_merchant_account(), 0)

    def test_a_clerk_does_not_send_an_approved_statement_back(self):
        """R-004-96: what an approver decided an approver undoes."""
        statement = self.approved("15.00")

        with self.assertRaises(AccessError):
            self.hold(statement, "return", "Wrong", self.clerk)

    def test_the_second_approval_finds_the_first(self):
        """R-004-96: approved twice there is one bill, and the second reads that it is done."""
        statement = self.approved("15.00")
        bill = statement.move_id

        with self.assertRaisesRegex(UserError, "Only a checked statement"):
            statement.with_user(self.other_approver).action_approve()
        self.assertEqual(statement.move_id, bill)

    def test_a_batch_tells_the_outcome_of_each(self):
        """R-004-96: in a batch one statement that cannot be approved does not stop the others, and says why."""
        self.charge("30.00", APRIL, self.other_merchant)
        good = self.signed("15.00")
        bad = self.statements(good.month) - good
        self.sign(bad)
        (good | bad).with_user(self.clerk).action_check()

        action = (good | bad).with_user(self.approver).action_approve_each()
        batch = self.env["merchant.statement.batch"].with_user(self.approver).browse(action["res_id"])
        batch.action_run()

        outcomes = {line.statement_id: (line.outcome, line.message) for line in batch.line_ids}
        self.assertEqual(outcomes[good], ("done", False))
        self.assertEqual(outcomes[bad][0], "refused")
        self.assertIn(bad.name, outcomes[bad][1])
        self.assertEqual((good.state, bad.state, bad.move_id.id), ("approved", "checked", False))
