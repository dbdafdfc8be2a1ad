from datetime import datetime

from odoo.tests import tagged

from .common import SettlementCase


@tagged("post_install", "-at_install")
class TestReconciliationAccount(SettlementCase):
    def test_by_macro_category(self):
        """R-004-96, R-004-34: what is not booked yet stands in the row of its macro-category and day."""
        self.charge("10.00", datetime(2024, 4, 3, 10))
        checks = self.env["circuit.reconciliation"]._of_all_funders()
        check = checks.filtered(lambda one: one.funder_id == self.funder)

        check.action_check()

        line = check.line_ids.filtered(lambda one: one.day.month == 4)
        self.assertEqual((line.account_code, line.payments), ("COMMERCIO", -10.0))
        items = self.env["circuit.reconciliation.item"].search(line.action_items()["domain"])
        self.assertEqual(items.mapped("account_code"), ["COMMERCIO"])
