from odoo.exceptions import UserError

from .common import PosCircuitCase

MERCHANT = "Alimentari Rossi snc"


class TestClosing(PosCircuitCase):
    """Closing books the circuit's side and nothing of the merchant's takings (design.md 4.3)."""

    def close(self):
        """Close the session as the cashier's screen does."""
        session = self.pos_session.with_user(self.cashier)
        session.update_closing_control_state_session("")
        answer = session.close_session_from_ui()
        self.env.invalidate_all()
        return answer

    def booked(self):
        """Account code, partner and balance of the entry's lines."""
        return {
            (line.account_id.code, line.partner_id.name, line.balance)
            for line in self.pos_session.sudo().move_id.line_ids
        }

    def test_only_credit_and_debt_to_the_shop_are_booked(self):
        """R-004-92: sales of 60.00, 25.00 of it by card."""
        self.sell(30.0, 15.0)
        order = self.sell(30.0, 10.0)
        moves = self.env["account.move"].search([("company_id", "=", self.company.id)])

        answer = self.close()

        self.assertEqual(answer, {"successful": True})
        self.assertEqual(self.pos_session.state, "closed")
        self.assertEqual(self.pos_session.sudo().move_id.state, "posted")
        self.assertEqual(self.booked(), {("FC2001", MERCHANT, 25.0), ("FC2002", MERCHANT, -25.0)})
        new = self.env["account.move"].search([("company_id", "=", self.company.id)]) - moves
        self.assertEqual(new, self.pos_session.sudo().move_id)
        self.assertEqual(order.state, "done")
        self.assertEqual(order.payment_ids.circuit_transaction_id.move_id, self.pos_session.sudo().move_id)

    def test_returns_are_netted(self):
        """15.00 + 10.00 - 10.00 = 15.00."""
        self.sell(30.0, 15.0)
        self.give_back(self.sell(20.0, 10.0), 1, 10.0, 10.0)

        self.close()

        self.assertEqual(self.booked(), {("FC2001", MERCHANT, 15.0), ("FC2002", MERCHANT, -15.0)})

    def test_a_session_whose_payments_were_all_returned_counts_as_booked(self):
        """Otherwise its transactions would wait for ever."""
        order = self.sell(20.0, 10.0)
        self.give_back(order, 1, 10.0, 10.0)

        self.close()

        self.assertTrue(order.payment_ids.circuit_transaction_id.move_id)
        self.assertEqual(sum(balance for _code, _name, balance in self.booked()), 0)

    def test_what_the_shop_itself_pays_for_is_not_booked(self):
        """R-000-20: a coupon that its issuer accepts itself has neither funder nor account: it is not in the way of
        closing, and the books say nothing of it."""
        self.sell(30.0, 15.0)
        own = self.sell(30.0, 10.0).payment_ids.circuit_transaction_id
        self.env.flush_all()
        self.cr.execute("UPDATE circuit_transaction SET funder_id = NULL, account_id = NULL WHERE id = %s", [own.id])
        own.invalidate_recordset()

        self.assertEqual(self.close(), {"successful": True})

        self.assertEqual(self.booked(), {("FC2001", MERCHANT, 15.0), ("FC2002", MERCHANT, -15.0)})
        self.assertFalse(own.move_id)

    def test_a_session_without_card_payments_books_nothing(self):
        """No entry at all, and the orders are done."""
        order = self.sync(self.order("9b2f6e0c-8d3e-4b8e-9f5d-1c2a3b4c5d6e", [self.line(30.0)], [self.payment(30.0)]))

        self.close()

        self.assertFalse(self.pos_session.sudo().move_id)
        self.assertEqual(order.state, "done")

    def test_without_accounts_closing_says_what_is_missing(self):
        """A sentence for the cashier, not a stack trace."""
        self.sell()
        self.funder.sudo().liability_account_id = False

        with self.assertRaises(UserError), self.cr.savepoint():
            self.pos_session.with_user(self.cashier).update_closing_control_state_session("")
        answer = self.pos_session.with_user(self.cashier).close_session_from_ui()
        self.assertEqual(self.pos_session.state, "opened")

        self.assertFalse(answer["successful"])
        self.assertIn("accounts of Test funder are not set up", answer["message"])
        with self.assertRaises(UserError), self.cr.savepoint():
            self.pos_session.sudo().action_pos_session_closing_control()

    def test_a_second_session_books_its_own_payments_only(self):
        """One transaction, one entry."""
        self.sell(30.0, 15.0)
        self.close()
        first = self.pos_session.sudo().move_id
        self.pos_session = self.open_session(self.config, self.cashier)
        self.sell(20.0, 10.0)

        self.close()

        self.assertNotEqual(self.pos_session.sudo().move_id, first)
        self.assertIn(("FC2001", MERCHANT, 10.0), self.booked())

    def test_the_daily_job_leaves_an_open_session_alone(self):
        """R-004-92: its closing books it. What was left over when it closed, the job books."""
        order = self.sell(30.0, 15.0)
        transaction = order.payment_ids.circuit_transaction_id
        today = self.circuit._local_today()

        self.funder._book_due(today)
        self.assertFalse(transaction.move_id)

        self.pos_session.sudo().state = "closed"
        self.funder._book_due(today)
        self.assertEqual(transaction.sudo().move_id.journal_id, self.funder.journal_id)

    def test_a_month_that_is_over_does_not_wait_for_its_sessions(self):
        """Statements need every payment in the books; the closing books the rest only."""
        transaction = self.sell(30.0, 15.0).payment_ids.circuit_transaction_id
        self.cr.execute(
            "UPDATE circuit_transaction SET captured_at = captured_at - interval '40 days' WHERE id = %s",
            [transaction.id],
        )
        transaction._forget()

        self.funder._book_due(self.circuit._local_today())
        early = transaction.sudo().move_id
        self.sell(20.0, 10.0)
        self.close()

        self.assertEqual(early.state, "posted")
        self.assertEqual(transaction.sudo().move_id, early)
        self.assertEqual(self.booked(), {("FC2001", MERCHANT, 10.0), ("FC2002", MERCHANT, -10.0)})

    def test_a_closed_period_is_told_before_the_session_ends(self):
        """R-004-96: a sentence naming the day; the till stays usable, nothing is posted."""
        transaction = self.sell().payment_ids.circuit_transaction_id
        # by SQL: Odoo itself lets nobody close a period in which sessions are open
        self.env.flush_all()
        self.cr.execute(
            "UPDATE res_company SET fiscalyear_lock_date = current_date + 1 WHERE id = %s", [self.company.id]
        )
        self.env.invalidate_all()

        with self.assertRaisesRegex(UserError, "accounting is closed until"), self.cr.savepoint():
            self.pos_session.with_user(self.cashier).update_closing_control_state_session("")

        self.assertEqual(self.pos_session.state, "opened")
        self.assertFalse(transaction.move_id)
