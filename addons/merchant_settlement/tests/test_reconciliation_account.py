from datetime import datetime

from odoo.tests import tagged

from .approval_common import MAY, ApprovalCase


@tagged("post_install", "-at_install")
class TestReconciliationAccount(ApprovalCase):
    """The ledgers with accounts of macro-categories, and with bills."""

    def reconciled(self, kind="credit"):
        """Check the funder; returns its reconciliation of that kind."""
        checks = self.env["circuit.reconciliation"]._of_all_funders()
        check = checks.filtered(lambda one: one.funder_id == self.funder and one.kind == kind)
        check.action_check()
        return check

    def test_by_macro_category(self):
        """R-004-96, R-004-34: what is not booked yet stands in the row of its macro-category and day."""
        self.charge("10.00", datetime(2024, 4, 3, 10))

        line = self.reconciled().line_ids.filtered(lambda one: one.day.month == 4)

        self.assertEqual((line.account_code, line.payments), ("COMMERCIO", -10.0))
        items = self.env["circuit.reconciliation.item"].search(line.action_items()["domain"])
        self.assertEqual(items.mapped("account_code"), ["COMMERCIO"])

    def test_bill(self):
        """R-004-96: a bill takes over what was owed to the shop, and nothing is left open."""
        self.approved("15.00", "5.00")

        check = self.reconciled("shops")

        self.assertEqual((check.ledger, check.books, check.manual, check.unexplained_count), (0.0, 0.0, 0.0, 0))
        self.assertEqual(check.state, "equal")

    def test_bill_less_a_reversal(self):
        """N4, R-004-84, R-004-96: the bill of a month with a correction of the month before."""
        april = self.approved("15.00", "100.00")
        self.refund(april.line_ids.transaction_id[0], "15.00", MAY)
        self.approved("300.00", month="2024-05", at=MAY)

        check = self.reconciled("shops")

        self.assertEqual((check.difference, check.manual, check.unexplained_count), (0.0, 0.0, 0))
        self.assertFalse((self.env["merchant.statement"].search([("funder_id", "=", self.funder.id)]))._verify())

    def test_changed_bill(self):
        """R-004-96: a cent changed in the bill is found by both checks, each naming it."""
        statement = self.approved("15.00")
        bill = statement.move_id
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE account_move_line SET balance = balance + 0.01 WHERE move_id = %s AND account_id = %s",
            [bill.id, self.funder.merchant_account_id.id],
        )
        self.env.cr.execute("UPDATE account_move SET amount_total = amount_total + 0.01 WHERE id = %s", [bill.id])
        self.env.invalidate_all()

        check = self.reconciled("shops")

        self.assertEqual((check.state, check.unexplained), ("unexplained", 0.01))
        items = self.env["circuit.reconciliation.item"].search(check.action_unexplained()["domain"])
        self.assertEqual(items.move_id, bill)
        self.assertIn(bill.name, "\n".join(statement._verify()))
