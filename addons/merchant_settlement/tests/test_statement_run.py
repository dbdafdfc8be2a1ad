from datetime import date, datetime
from unittest.mock import patch

from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ..models import merchant_statement_run_work as work
from .common import SettlementCase

APRIL, MAY = date(2024, 4, 1), date(2024, 5, 1)


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

    def test_each_merchant_has_a_statement_with_the_next_number(self):
        """R-004-96."""
        self.charge("10.00", at(4), self.other_merchant)
        self.charge("20.00", at(5))

        statements = self.run_month("2024-04")

        self.assertEqual(statements.mapped("merchant_id"), (self.merchant | self.other_merchant).sorted("id"))
        self.assertEqual(statements.mapped("name"), ["EC/2024/04/0001", "EC/2024/04/0002"])

    def test_stamp_duty_above_the_threshold(self):
        """N2, R-004-96: none on 77.47, 2.00 on 77.48."""
        self.charge("77.47", at(4))
        self.charge("77.48", at(4), self.other_merchant)

        statements = self.run_month("2024-04")

        self.assertEqual(
            dict(zip(statements.mapped("total"), statements.mapped("stamp"), strict=True)), {77.47: 0, 77.48: 2}
        )

    def test_who_bears_the_stamp(self):
        """N3: 1,234.56 is paid with 1,236.56 where the public body bears it, with 1,234.56 where the merchant does."""
        for month, bearer, expected in ((4, "merchant", 1234.56), (5, "body", 1236.56)):
            with self.subTest(bearer):
                self.settlement_terms.stamp_borne_by = bearer
                self.charge("1234.56", at(10, month))
                statement = self.run_month(date(2024, month, 1))
                self.assertEqual((statement.total, statement.stamp, statement.payable), (1234.56, 2.0, expected))

    def test_a_correction_of_an_earlier_month(self):
        """N4, R-004-84: a payment of April reversed in May is a negative line of May that refers to April."""
        payment = self.charge("15.00", at(10))
        self.run_month("2024-04")
        self.charge("300.00", at(10, 5))
        self.refund(payment, "15.00", at(12, 5))

        statement = self.run_month("2024-05")

        line = statement.line_ids.filtered(lambda line: line.kind == "correction")
        self.assertEqual((statement.charged, statement.corrected, statement.total), (300.0, -15.0, 285.0))
        self.assertEqual((line.amount, line.origin_reference, line.origin_month), (-15.0, payment.reference, APRIL))

    def test_what_is_below_zero_is_carried_over(self):
        """N6: only reversals of 8.00: nothing to pay, and −8.00 in the next statement, whenever that is."""
        payment = self.charge("20.00", at(10))
        self.run_month("2024-04")
        self.refund(payment, "8.00", at(10, 5))
        self.charge("30.00", at(10, 7))

        may, july = self.run_month("2024-05"), self.run_month("2024-07")

        self.assertEqual((may.total, may.payable, may.stamp, may.state), (-8.0, 0.0, 0.0, "carried"))
        self.assertEqual((july.carried, july.total, july.payable, july.state), (-8.0, 22.0, 22.0, "draft"))
        carried = july.line_ids[0]
        self.assertEqual((carried.kind, carried.origin_reference, carried.origin_month), ("carried", may.name, MAY))
        self.assertEqual(sum(july.source_ids.mapped("amount")), 22.0)

    def test_a_month_that_comes_to_nothing(self):
        """R-004-96: nothing to sign and nothing to carry."""
        payment = self.charge("20.00", at(10))
        self.refund(payment, "20.00", at(11))
        self.charge("5.00", at(3, 5))

        april, may = self.run_month("2024-04"), self.run_month("2024-05")

        self.assertEqual((april.total, april.state, april.transaction_count), (0.0, "carried", 2))
        self.assertEqual((may.carried, may.total, may.transaction_count), (0.0, 5.0, 1))

    def test_months_begin_and_end_at_midnight_in_the_town(self):
        """R-004-96: summer time, so two hours before midnight UTC."""
        self.charge("1.00", datetime(2024, 3, 31, 21, 59, 59))
        self.charge("2.00", datetime(2024, 3, 31, 22))
        self.charge("4.00", datetime(2024, 4, 30, 21, 59, 59))
        self.charge("8.00", datetime(2024, 4, 30, 22))

        totals = [self.run_month(date(2024, month, 1)).total for month in (3, 4, 5)]

        self.assertEqual(totals, [1.0, 6.0, 8.0])

    def test_only_what_was_captured(self):
        """R-004-96: a hold is no payment."""
        self.charge("10.00", at(3))
        held = self.charge("20.00", at(4))
        self.env.cr.execute(
            "UPDATE circuit_transaction SET state = 'authorized', captured_at = NULL WHERE id = %s", [held.id]
        )

        self.assertEqual(self.run_month("2024-04").total, 10.0)

    def test_a_month_that_is_not_over(self):
        """R-004-96."""
        self.charge("10.00", at(4))
        with self.assertRaisesRegex(UserError, "April 2024 is not over yet"):
            self.run_month("2024-04", datetime(2024, 4, 30, 21, 59, 59))

        self.assertFalse(self.statements(APRIL))
        self.assertEqual(self.run_month("2024-04", datetime(2024, 4, 30, 22)).total, 10.0)

    def test_months_follow_each_other(self):
        """R-004-96: what April leaves below zero belongs into May."""
        self.charge("10.00", at(4))
        self.charge("10.00", at(4, 5))

        with self.assertRaisesRegex(UserError, "statements of April 2024 first"):
            self.run_month("2024-05")

    def test_months_before_the_first_terms_do_not_count(self):
        """R-004-96: the shops were paid in another way then."""
        self.settlement_terms.valid_from = "2024-05-01"
        self.charge("10.00", at(4))
        self.charge("11.00", at(4, 5))

        self.assertEqual(self.run_month("2024-05").total, 11.0)

    def test_no_terms(self):
        """R-001-18: a clear sentence, and nothing made."""
        self.settlement_terms.valid_from = "2024-06-01"
        self.charge("10.00", at(4))

        with self.assertRaisesRegex(UserError, "has no settlement terms"):
            self.run_month("2024-04")
        self.assertEqual(self.new_run("2024-04").state, "draft")

    def test_chunks(self):
        """R-004-96: stopped after the first merchants, the run goes on with the others."""
        self.charge("10.00", at(4))
        self.charge("20.00", at(4), self.other_merchant)
        self.charge("30.00", at(4), self.pharmacy)
        run = self.new_run("2024-04")
        with freeze_time(at(1, 5)), patch.object(work, "CHUNK", 1), patch.object(work, "REQUEST_SECONDS", 0):
            run.sudo()._begin(self.settlement_terms)
            run.sudo()._chunk()
            stopped = (run.state, run.merchant_done, run.merchant_total, run.statement_count)

            run.sudo()._job_make()

        self.assertEqual(stopped, ("running", 1, 3, 1))
        self.assertEqual((run.state, run.merchant_done, run.statement_count, run.payable), ("done", 3, 3, 60.0))
        self.assertEqual(sorted(run.statement_ids.mapped("name")), [f"EC/2024/04/000{n}" for n in (1, 2, 3)])

    def test_a_long_run_is_left_to_the_queue(self):
        """R-004-96: the screen answers; a restart of the queue goes on."""
        self.charge("10.00", at(4))
        self.charge("20.00", at(4), self.other_merchant)
        run = self.new_run("2024-04")
        with freeze_time(at(1, 5)), patch.object(work, "CHUNK", 1):
            run.sudo()._begin(self.settlement_terms)
            run.sudo()._work(-1)

        self.assertEqual((run.state, run.job_method, run.job_state), ("running", "_job_make", "waiting"))

    def test_a_run_that_the_queue_lost(self):
        """R-004-96: the scheduled action gives it back to the queue."""
        self.charge("10.00", at(4))
        run = self.new_run("2024-04")
        with freeze_time(at(1, 5)):
            run.sudo()._begin(self.settlement_terms)

            self.env["merchant.statement.run"]._cron_continue()

        self.assertEqual(run.job_state, "waiting")

    def test_a_double_run_adds_nothing(self):
        """R-004-96."""
        self.charge("10.00", at(4))
        first = self.run_month("2024-04")
        before = first.read()[0]

        with self.assertRaisesRegex(UserError, "Nothing to add: every payment of April 2024 is in a statement"):
            self.run_month("2024-04")

        self.assertEqual(self.statements(APRIL), first)
        self.assertEqual(first.read()[0], before)

    def test_what_was_missing_is_added_to_a_draft(self):
        """R-004-96: a payment captured at the very end of the month was saved after the run."""
        self.charge("10.00", at(4))
        first = self.run_month("2024-04")
        name, digest = first.name, first.digest
        self.charge("5.00", at(30))
        self.charge("7.00", at(30), self.other_merchant)

        both = self.run_month("2024-04")

        self.assertIn(first, both)
        self.assertEqual((first.name, first.total, first.line_ids.mapped("amount")), (name, 15.0, [10.0, 5.0]))
        self.assertNotEqual(first.digest, digest)
        self.assertEqual((both - first).total, 7.0)

    def test_after_a_payment_nothing_is_added(self):
        """R-004-96, R-004-97: the statement is named, and what was missing comes with the next month's."""
        self.charge("10.00", at(4))
        april = self.run_month("2024-04")
        april.sudo().state = "paid"
        self.charge("5.00", at(30))

        with self.assertRaisesRegex(UserError, "Alimentari Rossi: statement EC/2024/04/0001 .*Paid.* missing in it: 1"):
            self.run_month("2024-04")
        self.charge("20.00", at(10, 5))
        may = self.run_month("2024-05")

        self.assertEqual((april.total, may.total), (10.0, 25.0))
        self.assertEqual(may.line_ids[0].origin_month, APRIL)

    def test_a_paid_month_run_again(self):
        """R-004-96: the statements that are paid are named."""
        self.charge("10.00", at(4))
        april = self.run_month("2024-04")
        april.sudo().state = "paid"

        with self.assertRaisesRegex(UserError, "being paid already: EC/2024/04/0001"):
            self.run_month("2024-04")

    def test_what_others_are_missing_is_added_beside_a_paid_statement(self):
        """R-004-96: and the run says what it left as it is."""
        self.charge("10.00", at(4))
        april = self.run_month("2024-04")
        april.sudo().state = "paid"
        self.charge("5.00", at(30))
        self.charge("7.00", at(30), self.other_merchant)

        statements = self.run_month("2024-04")

        self.assertEqual(((statements - april).total, april.total), (7.0, 10.0))
        self.assertIn("EC/2024/04/0001", self.new_run("2024-04").note)

    def test_a_month_before_the_last_statement_gets_nothing_new(self):
        """R-004-96: the chain of a merchant's statements grows only at its end."""
        self.charge("10.00", at(4))
        april = self.run_month("2024-04")
        self.charge("20.00", at(10, 5))
        self.run_month("2024-05")
        self.charge("5.00", at(30))

        with self.assertRaisesRegex(UserError, "come with the next month"):
            self.run_month("2024-04")

        self.assertEqual(april.total, 10.0)

    def test_any_day_names_the_month(self):
        """R-004-96."""
        run = self.env["merchant.statement.run"].create({"funder_id": self.funder.id, "month": "2024-04-17"})

        self.assertEqual(run.month, APRIL)
        self.assertIn("April 2024", run.display_name)

    def test_a_run_that_started_keeps_its_month(self):
        """R-004-96."""
        self.charge("10.00", at(4))
        self.run_month("2024-04")
        run = self.new_run("2024-04")

        with self.assertRaisesRegex(UserError, "has started"):
            run.month = "2024-05-01"
        with self.assertRaisesRegex(UserError, "has started stays"):
            run.unlink()

    def test_only_clerks_make_statements(self):
        """R-001-22: nor does anybody write figures or states by hand."""
        self.charge("10.00", at(4))
        run = self.new_run("2024-04")
        officer = self.user("just-officer", "merchant_circuit.group_officer")

        with self.assertRaises(AccessError):
            run.with_user(officer).action_start()
        for values in ({"state": "done"}, {"note": "x"}, {"merchant_done": 3}):
            with self.subTest(values), self.assertRaises(AccessError):
                run.with_user(self.clerk).write(values)

    def test_another_company_sees_nothing(self):
        """R-001-22: runs and statements with their lines and sources."""
        self.charge("10.00", at(4))
        statement = self.run_month("2024-04")
        elsewhere = self.env["res.company"].create({"name": "Elsewhere"})
        stranger = self.user("stranger", "merchant_settlement.group_approver")
        stranger.write({"company_id": elsewhere.id, "company_ids": [(6, 0, elsewhere.ids)]})

        for records in (statement, statement.run_id, statement.line_ids, statement.source_ids):
            theirs = self.env[records._name].with_user(stranger).with_context(allowed_company_ids=elsewhere.ids)
            with self.subTest(records._name):
                self.assertFalse(theirs.search([("id", "in", records.ids)]))
