from odoo.tests import tagged

from .common import PosCircuitCase


@tagged("post_install", "-at_install")
class TestPosSessionReport(PosCircuitCase):
    def row(self):
        """The report of the open session."""
        self.env.flush_all()
        report = self.env["circuit.session.report"].sudo()
        report.invalidate_model()
        return report.search([("pos_session_id", "=", self.pos_session.id)])

    def test_card_payments_of_the_orders_meet_what_was_captured(self):
        """Issue 4, R-004-92: reconciliation of a POS session; a payment that is missing shows as a difference."""
        self.sell()
        row = self.row()
        self.assertEqual((row.captured_count, row.difference), (1, 0))
        self.assertEqual(row.pos_amount, row.captured_amount)

        self.env.cr.execute("UPDATE pos_payment SET amount = amount - 1 WHERE circuit_transaction_id IS NOT NULL")

        self.assertEqual(self.row().difference, -1)
        self.assertIn(
            self.row(), self.env["circuit.session.report"].sudo().search([("difference", "not in", (0, False))])
        )

    def test_a_session_is_closed_when_odoo_pos_says_so(self):
        """Issue 4: open holds of a closed session are a warning."""
        self.authorize("6.00", terminal=self.config._circuit_terminal(self.pos_session.id))
        self.assertFalse(self.row().session_closed)

        self.env.cr.execute("UPDATE pos_session SET state = 'closed' WHERE id = %s", [self.pos_session.id])

        self.assertTrue(self.row().left_open)
