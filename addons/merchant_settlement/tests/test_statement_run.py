from datetime import date, datetime

from odoo.tests import tagged

from .common import SettlementCase

APRIL = date(2024, 4, 1)


def at(day, month=4, hour=10):
    return datetime(2024, month, day, hour)


@tagged("post_install", "-at_install")
class TestStatementRun(SettlementCase):
    def test_a_month(self):
        """N1, R-004-96, R-001-18: the payments of April, due on 05/05/2024, no stamp."""
        for day, amount in enumerate(("15.00", "5.00", "5.00", "41.25"), 3):
            self.charge(amount, at(day))

        statement = self.run_month("2024-04")

        self.assertEqual((statement.total, statement.stamp, statement.payable), (66.25, 0.0, 66.25))
        self.assertEqual((statement.transaction_count, statement.charged), (4, 66.25))
        self.assertEqual(statement.line_ids.mapped("amount"), [15.0, 5.0, 5.0, 41.25])
        self.assertEqual((statement.due_on, statement.pay_from), (date(2024, 5, 5), date(2024, 5, 1)))
        self.assertEqual((statement.name, statement.state), ("EC/2024/04/0001", "draft"))
        self.assertEqual(statement.source_ids.mapped("fund_id"), self.fund)
        self.assertEqual(sum(statement.source_ids.mapped("amount")), 66.25)
