from datetime import date, datetime, timedelta
from decimal import Decimal

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user

from .common import BooksCase


class TestBooking(BooksCase):
    """Credits, payments at the shops, refunds, expiries and take-backs in the general ledger (design 4.3)."""

    def lines(self, moves):
        """Account role, partner and balance of the lines of entries."""
        roles = {self.funder[f"{role}_account_id"]: role for role in ("liability", "contribution", "merchant")}
        return sorted(
            (roles[line.account_id], line.partner_id.name or "", line.balance) for line in moves.sudo().line_ids
        )

    def test_credit(self):
        """R-004-96: a credit costs the public body and is owed to its holder."""
        moves = self.book()

        self.assertEqual(self.lines(moves), [("contribution", "", 41.25), ("liability", "", -41.25)])
        self.assertEqual(moves.state, "posted")
        self.assertEqual(moves.date, self.today)
        entry = self.account.sudo().entry_ids
        self.assertEqual(self.env["circuit.booking"].search([("entry_id", "=", entry.id)]).move_id.id, moves.id)

    def test_payment_at_a_shop(self):
        """R-004-92: what the credit paid is owed to the shop, in the shop's name."""
        self.book()
        transaction = self.pay()

        moves = self.book()

        self.assertEqual(
            self.lines(moves),
            [("liability", self.merchant.name, 15.0), ("merchant", self.merchant.name, -15.0)],
        )
        self.assertEqual(transaction.sudo().move_id, moves)

    def test_refund(self):
        """R-004-84: what went back to the card is owed to its holder again."""
        self.book()
        transaction = self.pay()
        self.book()

        refund = transaction._reverse("wrong amount")
        moves = self.book()

        self.assertEqual(
            self.lines(moves),
            [("liability", self.merchant.name, -15.0), ("merchant", self.merchant.name, 15.0)],
        )
        self.assertEqual(refund.sudo().move_id, moves)
        self.assertEqual(self.saldo("merchant"), 0)

    def test_expiry(self):
        """R-004-56: credit that nobody spent in time comes back to the contributions."""
        self.book()
        self.give("8.00", "expires", expires=fields.Datetime.now() - timedelta(seconds=1))
        self.env["stored.value.account"].sudo()._expire_due()

        moves = self.book()

        self.assertEqual(
            self.lines(moves),
            [("contribution", "", -8.0), ("contribution", "", 8.0), ("liability", "", -8.0), ("liability", "", 8.0)],
        )
        self.assertEqual(self.saldo("liability"), Decimal("-41.25"))

    def test_credit_taken_back(self):
        """A credit run that was taken back leaves nothing in the books."""
        lot = self.give("5.00", "mistake")
        self.book()
        lot._take_back("revoke", memo="wrong household")

        moves = self.book()

        self.assertEqual(self.lines(moves), [("contribution", "", -5.0), ("liability", "", 5.0)])

    def test_extension_moves_nothing(self):
        """R-004-56: later expiry, same money."""
        lot = self.give("5.00", "extended", expires=datetime(2100, 1, 1))
        self.book()
        lot._extend(datetime(2101, 1, 1), "D.G. 1/2100")

        self.assertFalse(self.book())
        self.assertEqual(self.funder.unbooked_count, 0)

    def test_an_open_hold_is_not_booked(self):
        """Nobody owes the shop anything before the till confirms."""
        self.book()
        self.authorize(terminal=self.web)

        self.assertFalse(self.book())

    def test_a_second_time_books_nothing(self):
        """One credit, one booking; one payment, one entry."""
        self.pay()
        self.assertEqual(self.funder.unbooked_count, 2)
        self.assertEqual(len(self.book()), 2)

        self.assertFalse(self.book())
        self.assertFalse(
            self.env["circuit.transaction"].search([("funder_id", "=", self.funder.id)])._book(self.today, "again")
        )
        self.assertEqual(self.funder.unbooked_count, 0)

    def test_the_local_day_decides(self):
        """23:30 of the last of March in Rome is 21:30 UTC; half an hour after midnight it is April."""
        self.book()
        self.pay(at=datetime(2026, 3, 31, 21, 30))
        self.pay(at=datetime(2026, 3, 31, 22, 30))

        self.assertEqual(self.book().mapped("date"), [date(2026, 3, 31), date(2026, 4, 1)])

    def test_each_month_and_shop_has_its_own_lines(self):
        """R-004-97: the bill of a month's statement reconciles with whole lines."""
        early, late = self.pay(at=datetime(2026, 3, 31, 21, 30)), self.pay(at=datetime(2026, 3, 31, 22, 30))
        self.give("30.00", "more")
        other = self.pay(terminal=self.other_web, at=datetime(2026, 4, 2, 10))

        move = (early | late | other)._book(date(2026, 4, 30), "all at once")

        owed = move.line_ids.filtered(lambda line: line.account_id == self.funder.merchant_account_id)
        self.assertEqual(
            sorted((line.partner_id.name, line.name[-7:], line.balance) for line in owed),
            [
                ("Alimentari Rossi snc", "03/2026", -15.0),
                ("Alimentari Rossi snc", "04/2026", -15.0),
                ("Ferramenta Neri", "04/2026", -15.0),
            ],
        )

    def test_a_closed_period_is_refused_and_the_other_days_are_not(self):
        """R-004-96: a sentence naming day and lock; nothing half-posted; booked once the accountant opened it."""
        self.book()
        closed, open_ = self.pay(at=datetime(2026, 1, 10, 10)), self.pay(at=datetime(2026, 2, 10, 10))
        self.company_data["company"].sudo().fiscalyear_lock_date = "2026-01-31"

        moves = self.book()

        self.assertEqual(moves, open_.sudo().move_id)
        self.assertFalse(closed.move_id)
        self.assertRegex(self.funder.books_problem, "nothing can be booked on 01/10/2026.* closed until 01/31/2026")
        with self.assertRaisesRegex(UserError, "accounting is closed"):
            closed._book(date(2026, 1, 10), "by hand")
        self.company_data["company"].sudo().fiscalyear_lock_date = False
        self.assertEqual(self.book().date, date(2026, 1, 10))
        self.assertFalse(self.funder.books_problem)

    def test_without_accounts_nothing_is_booked(self):
        """A sentence that says where to set them up."""
        self.funder.journal_id = False

        self.assertFalse(self.book())

        self.assertIn("The accounts of Test funder are not set up", self.funder.books_problem)
        self.assertEqual(self.funder.unbooked_count, 1)

    def test_one_account_is_booked_on_by_one_funder(self):
        """R-001-18: every funder pays with its own money."""
        other = self.open_funder("Other")
        self.env["circuit.account.setup"].create({"funder_id": other.id})._apply()
        [account] = self.env["stored.value.account"]._open([{"name": "OTHER", "funder_id": other.id}])
        self.give("7.00", "others", account=account)

        self.book()

        self.assertEqual(self.saldo("liability"), Decimal("-41.25"))
        moves = other._book_due(self.today)
        self.assertEqual(moves.line_ids.account_id, other.contribution_account_id | other.liability_account_id)

    def test_the_general_ledger_agrees_with_the_stored_value_ledger(self):
        """Credit less payments, refunds and expiries: to the cent, on both sides."""
        self.give("30.10", "more", at=fields.Datetime.now() - timedelta(days=3))
        self.pay()
        self.pay(terminal=self.other_web)._reverse("returned")
        self.give("0.05", "short", expires=fields.Datetime.now() - timedelta(seconds=1))
        self.env["stored.value.account"].sudo()._expire_due()

        self.book()

        self.assertEqual(self.saldo("liability"), -self.balance())
        self.assertEqual(self.saldo("merchant"), Decimal("-15.00"))
        self.assertEqual(self.saldo("contribution"), Decimal("71.35"))

    def test_many_entries_take_as_many_queries_as_one(self):
        """A credit run of a whole town is booked in a few statements."""
        self.book()
        self.give("1.00", "one")
        few = self.count_queries()
        accounts = self.env["stored.value.account"]._open(
            [{"name": f"A{number}", "funder_id": self.funder.id} for number in range(50)]
        )
        for account in accounts:
            self.give("1.00", f"many {account.id}", account=account)

        self.assertLessEqual(self.count_queries(), few)
        self.assertEqual(self.funder.unbooked_count, 0)

    def count_queries(self):
        """Statements that one booking takes."""
        self.env.flush_all()
        before = self.cr.sql_log_count
        self.assertTrue(self.book())
        self.env.flush_all()
        return self.cr.sql_log_count - before

    def test_an_entry_of_the_circuit_cannot_be_reset(self):
        """What it booked would count as booked all the same."""
        self.pay()
        for move in self.book():
            with self.assertRaisesRegex(UserError, "stays as it is"):
                move.button_draft()
            with self.assertRaisesRegex(UserError, "stays as it is"):
                move.button_cancel()

    def test_accounts_in_use_stay(self):
        """Half of a story on another account is no story."""
        self.book()
        other = self.funder.liability_account_id.copy()

        with self.assertRaisesRegex(UserError, "It cannot be replaced"):
            self.funder.liability_account_id = other

    def test_the_button_tells_what_it_did(self):
        """R-004-96: booked now, or the reason why not."""
        self.assertIn("1 journal entries posted", self.funder.action_book()["params"]["message"])
        self.assertEqual(self.funder.action_book()["params"]["message"], "Nothing to book.")
        self.funder.journal_id = False
        self.pay()
        self.assertEqual(self.funder.action_book()["params"]["type"], "danger")

    def test_what_is_not_booked_is_listed(self):
        """Both lists, and the same count."""
        transaction = self.pay()

        entries = self.env["stored.value.entry"].search(self.funder.action_unbooked_entries()["domain"])
        transactions = self.env["circuit.transaction"].search(self.funder.action_unbooked_transactions()["domain"])

        self.assertEqual((entries.kind, transactions), ("credit", transaction))
        self.assertEqual(self.funder.unbooked_count, 2)

    def test_the_nightly_job_books_the_days_that_are_over(self):
        """Today goes on: it is booked tomorrow."""
        yesterday = fields.Datetime.now() - timedelta(days=1)
        self.give("9.00", "yesterday", at=yesterday)
        self.env["circuit.funder"]._cron_book()

        self.assertEqual(self.saldo("contribution"), Decimal("9.00"))

    def test_rights(self):
        """Officers and accountants look at bookings of their body; nobody writes them."""
        self.book()
        bookings = self.env["circuit.booking"]
        officer = new_test_user(self.env, "bookings-officer", groups="merchant_circuit.group_officer")
        mine = bookings.with_user(officer).search([("funder_id", "=", self.funder.id)])
        self.assertEqual(len(mine), 1)
        with self.assertRaises(AccessError):
            mine.unlink()
        with self.assertRaises(AccessError):
            self.funder.with_user(officer).action_book()
        stranger_company = self.env["res.company"].sudo().create({"name": "Another town"})
        stranger = new_test_user(
            self.env,
            "bookings-stranger",
            groups="merchant_circuit.group_officer",
            company_id=stranger_company.id,
            company_ids=[(6, 0, stranger_company.ids)],
        )
        self.assertFalse(bookings.with_user(stranger).search([("funder_id", "=", self.funder.id)]))
        with self.assertRaises(AccessError):
            self.funder.books_problem = "made up"
