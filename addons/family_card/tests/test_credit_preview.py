from datetime import datetime
from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from odoo.addons.family_card.models import family_card_credit_run_work as work

from .common import CorletoCase


@tagged("post_install", "-at_install")
class TestCreditPreview(CorletoCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.terms.four_eyes = True
        cls.office = cls.user("preparer", "family_card.group_officer")
        cls.head = cls.user("confirmer", "family_card.group_officer")
        cls.boss = cls.user("boss", "family_card.group_manager,base.group_system")

    def prepared(self, period, user=None):
        """A run that one person has prepared."""
        runs = self.env["family.card.credit.run"].with_user(user or self.office)
        run = runs.create({"program_id": self.program.id, "period_id": period.id})
        run.action_preview()
        return run

    def confirmed(self, period):
        """A run prepared by one and confirmed by another person."""
        run = self.prepared(period)
        run.with_user(self.head).action_confirm()
        return run.with_user(self.office)

    def lines(self, run):
        """State, reason and amount by card."""
        return {line.card_id: (line.state, line.reason, line.amount) for line in run.line_ids}

    def test_a_caller_cannot_suggest_the_state_of_a_run(self):
        """R-004-49: a default in the context makes no run that somebody else has prepared."""
        runs = self.env["family.card.credit.run"].with_user(self.office)
        runs = runs.with_context(default_state="running", default_prepared_by_id=self.head.id, default_total=9)

        run = runs.create({"program_id": self.program.id, "period_id": self.q1.id})

        self.assertEqual((run.state, run.prepared_by_id, run.total), ("draft", self.env["res.users"], 0))

    def test_a_caller_cannot_suggest_that_an_application_was_decided(self):
        """R-004-13: nor is an application made that the buttons never decided."""
        context = {"default_state": "approved", "default_decided_by": self.head.id}
        applications = self.env["family.card.application"].with_user(self.office).with_context(**context)

        application = applications.create({"program_id": self.program.id})

        self.assertEqual((application.state, application.decided_by), ("draft", self.env["res.users"]))

    def test_a_caller_cannot_suggest_that_a_card_was_issued(self):
        """R-004-13: a card becomes active by its button, which sends the PIN."""
        family = self.household(self.person())
        cards = self.env["family.card"].with_user(self.office).with_context(default_state="active")

        card = cards.create({"program_id": self.program.id, "household_id": family.id})

        self.assertEqual((card.state, card.number), ("draft", False))

    # -------------------------------------------------------------- the preview

    def test_the_preview_says_who_how_much_and_why_not(self):
        """R-004-49, R-004-23: figures by account, source and reason; no money moves."""
        one, _pin = self.card()
        senior, _pin = self.card(kind="senior")
        draft = self.request_card()

        run = self.prepared(self.q1)

        self.assertEqual(
            self.lines(run),
            {
                one: ("planned", False, 112.50),
                senior: ("planned", False, 112.50),
                draft: ("skipped", "draft", 0.0),
            },
        )
        self.assertEqual((run.state, run.planned_count, run.planned_total), ("previewed", 2, 225.0))
        self.assertEqual(
            {total.account_code: (total.card_count, total.amount) for total in run.account_total_ids},
            {"COMMERCIO": (1, 56.25), "ARTIGIANATO": (1, 45.0), "SOMMINISTRAZIONE": (1, 11.25), "UNICO": (1, 112.5)},
        )
        self.assertEqual(run.fund_total_ids.mapped(lambda total: (total.label, total.amount)), [("Oil royalties", 225)])
        self.assertEqual(
            run.reason_total_ids.mapped(lambda total: (total.label, total.card_count)), [("Card not issued yet", 1)]
        )
        self.assertFalse(one.account_ids.lot_ids)
        self.assertFalse(run.blocked_reason)

    def test_what_was_previewed_is_credited(self):
        """R-004-49, R-001-07, R-001-19, R-001-20: credit and SMS without anybody moving."""
        card, _pin = self.card()

        run = self.confirmed(self.q1)

        self.assertEqual((run.state, run.credited_total, card.balance), ("done", 112.50, 112.50))
        self.assertEqual((run.prepared_by_id, run.confirmed_by_id), (self.office, self.head))
        self.assertIn("112", self.messages(card)[-1])

    def test_a_preview_that_no_longer_holds_is_not_confirmed(self):
        """R-004-49: the confirmer credits what they saw."""
        self.card()
        run = self.prepared(self.q1)
        self.card()

        with self.assertRaisesRegex(UserError, "changed"), self.cr.savepoint():
            run.with_user(self.head).action_confirm()
        run.invalidate_recordset()
        run.action_preview()
        run.with_user(self.head).action_confirm()

        self.assertEqual(run.credited_total, 225.0)

    def test_a_card_suspended_meanwhile_is_left_out(self):
        """R-004-49: what changes between two chunks counts."""
        cards = [self.card()[0] for _card in range(2)]
        run = self.prepared(self.q1)
        with patch.object(work, "CHUNK", 1):
            run.sudo()._start(datetime(2024, 4, 3))
            run.sudo()._credit_chunk()
            cards[1]._change_state("suspended", "taxes")
            run.sudo()._job_continue()

        self.assertEqual(self.lines(run)[cards[1]][:2], ("skipped", "suspended"))
        self.assertEqual((run.state, run.card_count, run.skipped_count), ("done", 1, 1))

    def test_a_run_is_prepared_again_until_it_is_confirmed(self):
        """A cancelled preview leaves nothing behind."""
        self.card()
        run = self.prepared(self.q1)

        run.action_preview()
        run.action_cancel()

        self.assertEqual(run.state, "cancelled")
        with self.assertRaises(UserError):
            run.action_preview()
        self.assertEqual(self.confirmed(self.q1).credited_total, 112.50)

    def test_a_stopped_circuit_is_not_credited(self):
        """R-004-60."""
        self.card()
        run = self.prepared(self.q1)
        self.circuit.sudo().state = "stopped"

        with self.assertRaisesRegex(UserError, "stopped"):
            run.with_user(self.head).action_confirm()
        with self.assertRaisesRegex(UserError, "stopped"):
            run.action_preview()

    # -------------------------------------------------------------- two persons

    def test_another_person_confirms(self):
        """R-001-24, R-004-49: whoever prepares does not confirm, administrators included."""
        self.card()
        run = self.prepared(self.q1, self.boss)

        with self.assertRaisesRegex(UserError, "Another person"):
            run.action_confirm()
        with self.assertRaisesRegex(UserError, "another person"):
            run.action_run()
        with self.assertRaises(UserError):
            run.write({"prepared_by_id": self.head.id})
        self.assertEqual(run.state, "previewed")
        self.assertFalse(run.credited_total)

    def test_only_a_preview_is_confirmed(self):
        """R-004-49."""
        run = self.env["family.card.credit.run"].create({"program_id": self.program.id, "period_id": self.q1.id})

        with self.assertRaisesRegex(UserError, "Prepare"):
            run.action_confirm()

    def test_citizens_confirm_nothing(self):
        """R-004-101."""
        self.card()
        run = self.prepared(self.q1)
        clerk = self.user("other_office", "base.group_user")

        for method in ("action_preview", "action_confirm", "action_run", "action_cancel"):
            with self.subTest(method), self.assertRaises(AccessError):
                getattr(run.with_user(clerk), method)()
        with self.assertRaises(AccessError):
            run.with_user(clerk)._revoke("no")

    def test_one_person_credits_one_card_with_a_reason(self):
        """R-004-49: "per ogni singola Family Card"; several cards need a run."""
        one, _pin = self.card()
        two, _pin = self.card()
        wizard = self.env["family.card.credit"].with_user(self.office)

        for vals in ({"card_ids": one.ids}, {"card_ids": (one + two).ids, "reason": "Both"}):
            with self.subTest(str(vals)), self.assertRaises(UserError):
                wizard.create({**vals, "period_id": self.q1.id}).action_credit()
        wizard.create({"card_ids": one.ids, "period_id": self.q1.id, "reason": "Issued late"}).action_credit()

        self.assertEqual((one.balance, two.balance), (112.50, 0.0))
        self.assertIn("Issued late", one.message_ids[0].body)

    # -------------------------------------------------------------- the funds

    def test_no_credit_before_the_money_is_there(self):
        """R-001-24, V5: blocked, with a sentence that says what to do."""
        self.card()
        self.fund.available = False
        run = self.prepared(self.q1)

        self.assertIn("Oil royalties", run.blocked_reason)
        with self.assertRaisesRegex(UserError, "not available"), self.cr.savepoint():
            run.with_user(self.head).action_confirm()
        run.invalidate_recordset()
        self.assertEqual(run.state, "previewed")

        self.fund.write({"available": True, "available_on": "2024-04-03"})
        run.action_preview()
        run.with_user(self.head).action_confirm()
        self.assertEqual(run.state, "done")

    def test_no_credit_without_a_source(self):
        """R-001-24: the guard is on by default."""
        self.card()
        self.fund.unlink()

        run = self.prepared(self.q1)

        self.assertIn("No source of funds", run.blocked_reason)

    def test_no_credit_beyond_the_funds(self):
        """R-001-24, V5: the sentence tells how much is missing; nobody is credited."""
        cards = [self.card()[0] for _card in range(2)]
        self.fund.amount = 200
        run = self.prepared(self.q1)

        self.assertIn("25.00", run.blocked_reason)
        with self.assertRaises(UserError), self.cr.savepoint():
            run.with_user(self.head).action_confirm()

        self.assertFalse(cards[0].account_ids.lot_ids + cards[1].account_ids.lot_ids)

    def test_two_runs_share_what_is_left(self):
        """R-001-24: what a run in progress is going to credit is no longer there for another one."""
        cards = [self.card()[0] for _card in range(2)]
        self.fund.amount = 400
        first = self.prepared(self.q1)
        second = self.prepared(self.q2)
        self.assertFalse(second.blocked_reason)
        with patch.object(work, "CHUNK", 1):
            first.sudo()._start(datetime(2024, 4, 3))
            first.sudo()._credit_chunk()

        with self.assertRaises(UserError), self.cr.savepoint():
            second.with_user(self.head).action_confirm()
        second.invalidate_recordset()
        second.action_preview()
        self.assertEqual(second.fund_room, 175.0)
        self.assertTrue(second.blocked_reason)
        outcome = cards[0]._credit_period(self.q3, datetime(2024, 7, 3))
        self.assertEqual(outcome[0].state, "credited")
        outcome = cards[1]._credit_period(self.q3, datetime(2024, 7, 3))
        self.assertEqual(outcome[0].reason, "no_funds")
        first.sudo()._job_continue()

        self.assertEqual((first.state, first.credited_total, self.fund.residual), ("done", 225.0, 62.5))

    def test_a_fund_that_shrinks_during_a_run_is_never_overdrawn(self):
        """R-001-24: the last word is the one under the lock."""
        cards = [self.card()[0] for _card in range(3)]
        self.fund.amount = 400
        run = self.prepared(self.q1)
        with patch.object(work, "CHUNK", 1):
            run.sudo()._start(datetime(2024, 4, 3))
            run.sudo()._credit_chunk()
            self.fund.amount = 230
            run.sudo()._job_continue()

        self.assertEqual([self.lines(run)[card][0] for card in cards], ["credited", "credited", "skipped"])
        self.assertEqual(self.lines(run)[cards[2]][1], "no_funds")
        self.assertEqual(self.fund.residual, 5.0)

    def test_a_programme_may_do_without_the_guard(self):
        """R-001-24 off: money without a source is told."""
        self.terms.budget_guard = False
        self.card()
        self.fund.amount = 100

        run = self.confirmed(self.q1)

        self.assertEqual(run.state, "done")
        self.assertFalse(run.blocked_reason)

    # -------------------------------------------------------------- the checks

    def test_taxes_not_paid(self):
        """A7, R-004-24, R-004-27: no Q2 credit, the reason stored, what is left of Q1 usable."""
        card, pin = self.card()
        self.confirmed(self.q1)
        # From Q2 on: terms under which money moved stay as they are, so the column is set behind them.
        self.cr.execute("UPDATE family_card_terms SET check_taxes = true WHERE id = %s", [self.terms.id])
        self.terms.invalidate_recordset()
        self.program._make_checks(self.q2)
        check = self.env["family.card.check"].search([("period_id", "=", self.q2.id)])
        self.assertEqual(str(check.reference_day), "2024-03-31")
        check.with_user(self.office)._decide("failed", "Waste tax of 2023 unpaid")

        run = self.confirmed(self.q2)

        line = run.line_ids
        self.assertEqual(
            (line.state, line.reason, line.detail), ("skipped", "check_failed", "Waste tax of 2023 unpaid")
        )
        self.assertEqual(card.balance, 112.50)
        self.assertEqual(self.charge(card, pin, "30.00")["amount"], "15.00")

    def test_nothing_before_every_check_is_passed(self):
        """R-004-24, R-004-25, R-004-26, R-004-27: an open check is a reason."""
        self.terms.write({"check_residence": True, "check_taxes": True, "check_abode": True})
        card, _pin = self.card()
        self.assertEqual(self.prepared(self.q2).line_ids.reason, "check_open")
        self.program._make_checks(self.q2)
        checks = self.env["family.card.check"].search([("card_id", "=", card.id), ("outcome", "=", "pending")])
        self.assertEqual(set(checks.mapped("kind")), {"taxes", "abode"})
        run = self.env["family.card.credit.run"].search([("period_id", "=", self.q2.id)])

        checks[0].with_user(self.office).action_pass()
        run.with_user(self.office).action_preview()
        self.assertEqual(run.line_ids.reason, "check_open")
        checks[1].with_user(self.office).action_pass()
        run.with_user(self.office).action_preview()

        self.assertEqual(run.line_ids.state, "planned")

    def test_who_arrived_in_january(self):
        """A6, R-004-10: `cutoff` never; `quarter_end` from Q2-2024."""
        self.terms.write({"check_residence": True, "residence_rule": "quarter_end"})
        card, _pin = self.card()
        card.household_id.household_member_ids.valid_from = "2024-01-15"
        for period in (self.q1, self.q2):
            self.program._make_checks(period)

        outcomes = [card._credit_period(period, datetime(2024, 4, 3))[0] for period in (self.q1, self.q2)]

        self.assertEqual([outcome.reason for outcome in outcomes], ["check_failed", None])
        self.assertIn("2023", outcomes[0].detail)

    def test_a_check_that_is_not_required_holds_nobody_up(self):
        """R-004-26: a requirement can be waived for one household."""
        self.terms.write({"check_taxes": True})
        card, _pin = self.card()
        self.program._make_checks(self.q2)
        self.env["family.card.check"].search([("card_id", "=", card.id)]).sudo().required = False

        self.assertEqual(card._credit_period(self.q2, datetime(2024, 4, 3))[0].state, "credited")
