from datetime import date, datetime

from odoo.tests import tagged

from .reconciliation_common import ReconciliationCase


@tagged("post_install", "-at_install")
class TestReconciliation(ReconciliationCase):
    """R-004-96: the stored-value ledger and the general ledger agree to the cent, and a report proves it."""

    def test_equal(self):
        """R-004-96: everything booked on its day: both ledgers say the same and nothing is open."""
        self.all_booked()
        self.book(self.pay("10.00"), date(2024, 3, 5))

        check = self.check()

        self.assertEqual(check.state, "equal")
        self.assertEqual((check.ledger, check.books, check.difference), (31.25, 31.25, 0.0))
        self.assertFalse(self.items(check))

    def test_booked_by_the_job(self):
        """R-004-96, R-004-92: what the daily job books leaves nothing open, expiries and returns to expired credit
        included."""
        self.credit("5.00", datetime(2024, 3, 2, 9), datetime(2024, 3, 31, 22))
        payment = self.pay("10.00")
        self.env["stored.value.account"]._expire_due(datetime(2024, 4, 1))
        refund = payment._reverse("wrong amount")

        self.funder._book_due(self.circuit._local_today())
        check = self.check()

        self.assertTrue(refund.move_id)
        self.assertEqual((check.state, check.difference, check.unexplained_count), ("equal", 0.0, 0))
        self.assertEqual(check.ledger, float(self.account._balance()))

    def test_lines_by_day(self):
        """R-004-96: one row per local day: a payment at 23:30 UTC counts for the next day in Rome."""
        self.all_booked()
        self.book(self.pay("10.00", datetime(2024, 3, 4, 23, 30)), date(2024, 3, 5))

        check = self.check()

        self.assertEqual(check.line_ids.mapped("day"), [date(2024, 3, 5), date(2024, 3, 1)])
        self.assertEqual(check.line_ids.mapped("difference"), [0.0, 0.0])

    def test_hold(self):
        """R-004-96: what a till holds is no matter of the books yet: explained, not unexplained."""
        self.all_booked()
        self.authorize("20.00")

        check = self.check()

        self.assertEqual((check.state, check.holds, check.difference), ("explained", -10.0, -10.0))
        self.assertEqual(self.items(check).reason, "hold")

    def test_hold_given_back(self):
        """R-004-96: a hold that came back leaves both ledgers equal."""
        self.all_booked()
        reply = self.authorize("20.00")
        self.env["circuit.transaction"]._release(reply["key"], "voided", self.terminal)

        check = self.check()

        self.assertEqual((check.holds, check.difference, check.unexplained_count), (0.0, 0.0, 0))

    def test_payment_not_booked(self):
        """R-004-96: a confirmed payment without a journal entry is named."""
        self.all_booked()
        payment = self.pay("10.00")

        check = self.check()

        self.assertEqual((check.state, check.payments, check.unexplained), ("explained", -10.0, 0.0))
        self.assertEqual(self.items(check).transaction_id, payment)

    def test_draft_entry(self):
        """R-004-96: a journal entry that somebody sets back to draft in the database books nothing."""
        self.all_booked()
        move = self.book(self.pay("10.00"), date(2024, 3, 5))
        self.raw("UPDATE account_move SET state = 'draft' WHERE id = %s", move.id)
        self.raw("UPDATE account_move_line SET parent_state = 'draft' WHERE move_id = %s", move.id)

        check = self.check()

        self.assertEqual((check.payments, check.unexplained_count), (-10.0, 0))
        self.assertEqual(self.items(check).move_id, move)

    def test_credit_not_booked(self):
        """R-004-96: a credit without a journal entry is named."""
        check = self.check()

        self.assertEqual((check.state, check.credits, check.books), ("explained", 41.25, 0.0))
        self.assertEqual(self.items(check).entry_id.kind, "credit")

    def test_expiry_not_booked(self):
        """R-004-96, R-004-56: an expiry without a journal entry is named."""
        self.all_booked()
        self.book_entry(self.credit("5.00", datetime(2024, 3, 2, 9), datetime(2024, 3, 31, 22)))
        self.env["stored.value.account"]._expire_due(datetime(2024, 4, 1))

        check = self.check()

        self.assertEqual((check.expiries, check.unexplained_count), (-5.0, 0))

    def test_booked_next_day(self):
        """R-004-96: what is booked a day later differs on both days, and over all days not at all."""
        self.all_booked()
        self.book(self.pay("10.00"), date(2024, 3, 6))

        check = self.check()

        self.assertEqual((check.state, check.difference, check.other_day), ("equal", 0.0, 0.0))
        days = {line.day: line.difference for line in check.line_ids}
        self.assertEqual(days, {date(2024, 3, 1): 0.0, date(2024, 3, 5): -10.0, date(2024, 3, 6): 10.0})

    def test_manual_entry(self):
        """R-004-96: a journal entry made by hand on the account is shown with what it changes."""
        self.all_booked()
        move = self.move("0.01", date(2024, 3, 7))

        check = self.check()

        self.assertEqual((check.state, check.manual, check.difference), ("explained", -0.01, -0.01))
        self.assertEqual(self.items(check).move_id, move)

    def test_manual_entry_between_programmes(self):
        """R-004-96: an entry made by hand from one programme's account to another's stands in both reports."""
        account = self.liability.copy({"code": "CIVRECX"})
        other = self.funder.copy({"name": "Other", "liability_account_id": account.id, "merchant_account_id": False})
        move = self.env["account.move"].create(
            {
                "journal_id": self.journal.id,
                "date": date(2024, 3, 7),
                "line_ids": [
                    (0, 0, {"account_id": self.liability.id, "balance": 3}),
                    (0, 0, {"account_id": account.id, "balance": -3}),
                ],
            }
        )
        move.action_post()

        items = self.env["circuit.reconciliation.item"].search([("move_id", "=", move.id)])

        self.assertEqual({item.funder_id: item.books for item in items}, {self.funder: -3.0, other: 3.0})
        self.assertEqual({item.action_open()["res_id"] for item in items}, {move.id})

    def test_changed_journal_item(self):
        """R-004-96: a cent changed in the books is unexplained, and the journal entry named."""
        self.all_booked()
        move = self.book(self.pay("10.00"), date(2024, 3, 5))
        self.raw("UPDATE account_move_line SET balance = balance - 0.01 WHERE move_id = %s AND balance > 0", move.id)

        check = self.check()

        self.assertEqual((check.state, check.unexplained), ("unexplained", -0.01))
        self.assertEqual(self.items(check).move_id, move)
        self.assertIn("0.01", check.verdict)

    def test_changed_entry(self):
        """R-004-96: a cent changed in the ledger is unexplained, and the operation named."""
        self.all_booked()
        payment = self.pay("10.00")
        self.book(payment, date(2024, 3, 5))
        self.change_entries("UPDATE stored_value_entry SET amount = amount + 0.01 WHERE operation = %s", payment.key)

        check = self.check()

        self.assertEqual((check.state, check.unexplained), ("unexplained", 0.01))
        self.assertEqual(self.items(check, ("transaction_id", "!=", False)).transaction_id, payment)

    def test_changed_transaction(self):
        """R-004-96: a cent changed in a transaction is found though both ledgers still agree."""
        self.all_booked()
        payment = self.pay("10.00")
        self.book(payment, date(2024, 3, 5))
        self.raw("UPDATE circuit_transaction SET amount = amount + 0.01 WHERE id = %s", payment.id)

        check = self.check()

        self.assertEqual((check.state, check.difference), ("unexplained", 0.0))
        self.assertIn(payment, self.items(check).transaction_id)

    def test_removed_entry(self):
        """R-004-96: an entry deleted from the ledger is unexplained, and its operation named."""
        self.all_booked()
        payment = self.pay("10.00")
        self.book(payment, date(2024, 3, 5))
        self.change_entries("DELETE FROM stored_value_entry WHERE operation = %s", payment.key)

        check = self.check()

        self.assertEqual((check.state, check.unexplained), ("unexplained", 10.0))
        self.assertEqual(self.items(check, ("transaction_id", "!=", False)).transaction_id, payment)

    def test_debit_without_operation(self):
        """R-004-96: a debit that belongs to no operation is unexplained."""
        self.all_booked()
        self.account._debit(self.account._balance(), "nobody knows")

        check = self.check()

        self.assertEqual((check.state, check.unexplained), ("unexplained", -41.25))
        self.assertEqual(self.items(check).entry_id.operation, "nobody knows")

    def test_differences_that_cancel_out(self):
        """R-004-96: two changes that cancel each other out are found, though the sum is right."""
        self.all_booked()
        first, second = self.book(self.pay("10.00"), date(2024, 3, 5)), self.book(self.pay("5.00"), date(2024, 3, 5))
        self.raw("UPDATE account_move_line SET balance = balance - 1 WHERE move_id = %s AND balance > 0", first.id)
        self.raw("UPDATE account_move_line SET balance = balance + 1 WHERE move_id = %s AND balance > 0", second.id)

        check = self.check()

        self.assertEqual((check.state, check.difference, check.unexplained_count), ("unexplained", 0.0, 2))
        self.assertEqual(self.items(check).move_id, first | second)

    def test_columns_add_up(self):
        """R-004-96: on every day and over all, the columns add up to the difference, to the cent."""
        move = self.all_booked()
        self.book(self.pay("1.11"), date(2024, 3, 6))
        self.pay("2.22")
        self.authorize("6.66")
        self.move("0.07", date(2024, 3, 5))
        self.credit("3.00", datetime(2024, 3, 5, 8))
        self.raw("UPDATE account_move_line SET balance = balance - 0.02 WHERE move_id = %s AND balance < 0", move.id)

        check = self.check()

        names = ("other_day", "holds", "payments", "credits", "expiries", "manual", "unexplained")
        for record in (check, *check.line_ids):
            total = sum(round(record[name] * 100) for name in names)
            self.assertEqual(total, round(record.difference * 100))
            self.assertEqual(round(record.ledger * 100) - round(record.books * 100), round(record.difference * 100))
        self.assertEqual(check.ledger, float(self.account._balance()))

    def test_drill_down(self):
        """R-004-96: a day opens the operations and journal entries of just that day."""
        self.all_booked()
        first, _second = self.pay("1.00"), self.pay("2.00", datetime(2024, 3, 6, 9))
        check = self.check()

        action = check.line_ids.filtered(lambda line: line.day == date(2024, 3, 5)).action_items()
        items = self.env["circuit.reconciliation.item"].search(action["domain"])

        self.assertEqual(items.transaction_id, first)
        self.assertEqual(items.action_open()["res_id"], first.id)

    def test_checked_again(self):
        """R-004-96: a check takes the place of the one before."""
        first = self.check()
        self.all_booked()

        second = self.check()

        self.assertEqual(first, second)
        self.assertEqual((second.state, len(second.line_ids)), ("equal", 1))

    def test_night(self):
        """R-004-96: the nightly check leaves one activity with who looks after the books, and no second one."""
        self.all_booked()
        self.funder.controller_id = self.env.ref("base.user_admin")
        self.account._debit(self.account._balance(), "nobody knows")

        self.env["circuit.reconciliation"]._cron_check()
        self.env["circuit.reconciliation"]._cron_check()

        activity = self.check().activity_ids
        self.assertEqual(activity.user_id, self.env.ref("base.user_admin"))
        self.assertIn("41.25", activity.note)

    def test_night_quiet(self):
        """R-004-96: where the ledgers agree nobody is disturbed."""
        self.all_booked()

        self.env["circuit.reconciliation"]._cron_check()

        self.assertFalse(self.check().activity_ids)

    def test_no_account_yet(self):
        """R-004-96: a funder without accounts in the books is told to get them first."""
        self.funder.liability_account_id = False

        check = self.check()

        self.assertEqual((check.state, check.credits), ("setup", 41.25))

    def test_owed_to_shops(self):
        """R-004-96, R-004-92: what is owed to the shops is what they were paid with, booked by the job."""
        payment = self.pay("10.00", datetime(2024, 3, 4, 23, 30))
        payment._reverse("wrong amount")
        self.pay("4.00")
        self.funder._book_due(self.circuit._local_today())

        check = self.check("shops")

        self.assertEqual((check.state, check.ledger, check.books), ("equal", 4.0, 4.0))
        self.assertEqual(check.account_id, self.owed)
        self.assertEqual(set(check.line_ids.mapped("account_code")), {"COMMERCIO"})

    def test_owed_to_shops_by_hand(self):
        """R-004-96: what is not booked, and what was booked by hand, stands in the debt to the shops as well."""
        self.pay("4.00")
        move = self.move("0.50", date(2024, 3, 7), self.owed)

        check = self.check("shops")

        self.assertEqual((check.state, check.payments, check.manual), ("explained", 4.0, -0.5))
        items = self.items(check, ("reason", "=", "manual"))
        self.assertEqual(items.action_open()["res_id"], move.id)

    def test_owed_to_shops_changed(self):
        """R-004-96: a cent changed in the debt to the shops is unexplained."""
        self.pay("4.00")
        self.funder._book_due(self.circuit._local_today())
        self.raw("UPDATE account_move_line SET balance = balance + 0.01 WHERE account_id = %s", self.owed.id)

        check = self.check("shops")

        self.assertEqual((check.state, check.unexplained), ("unexplained", 0.01))
        self.assertEqual(self.check().unexplained_count, 0)
