from datetime import datetime
from decimal import Decimal
from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.tests import tagged

from odoo.addons.family_card.models import family_card_credit_run_work as work
from odoo.addons.queue_job.tests.common import trap_jobs

from .common import CorletoCase


def amounts(*values):
    codes = ("COMMERCIO", "ARTIGIANATO", "SOMMINISTRAZIONE")
    return dict(zip(codes, map(Decimal, values), strict=True))


@tagged("post_install", "-at_install")
class TestCreditRun(CorletoCase):
    def run_period(self, period):
        run = self.env["family.card.credit.run"].create({"program_id": self.program.id, "period_id": period.id})
        run.action_run()
        return run

    def test_a_quarter_is_credited_and_split(self):
        """K1–K3, K6, R-004-31, R-004-35."""
        examples = {
            "K1": (450.00, ("56.25", "45.00", "11.25")),
            "K2": (1000.00, ("125.00", "100.00", "25.00")),
            "K3": (730.01, ("91.26", "73.00", "18.25")),
            "K6": (585.00, ("73.13", "58.50", "14.62")),
        }
        cards = {name: self.card(annual_amount=annual)[0] for name, (annual, _parts) in examples.items()}

        run = self.run_period(self.q1)

        for name, (_annual, parts) in examples.items():
            with self.subTest(name):
                self.assertEqual(self.balances(cards[name]), amounts(*parts))
        self.assertEqual((run.state, run.card_count, run.done, run.total), ("done", 4, 4, 4))
        self.assertEqual(run.credited_total, 691.26)

    def test_the_second_quarter_of_k3_has_one_cent_less(self):
        """K3: odd cents go to the earlier quarters."""
        card, _pin = self.card(annual_amount=730.01)

        self.run_period(self.q2)

        self.assertEqual(self.balances(card), amounts("91.25", "73.00", "18.25"))

    def test_a_senior_card_gets_one_account(self):
        """K7, R-004-37."""
        card, _pin = self.card(kind="senior")

        self.run_period(self.q1)

        self.assertEqual(self.balances(card), {"UNICO": Decimal("112.50")})

    def test_shares_as_ceilings(self):
        """K6 with ``floor``: one cent is not assigned."""
        self.terms.split_rounding = "floor"
        card, _pin = self.card(annual_amount=585.00)

        self.run_period(self.q1)

        self.assertEqual(self.balances(card), amounts("73.12", "58.50", "14.62"))

    def test_lots_keep_their_own_expiry(self):
        """X1, A2, R-004-55: Q1 until 30/09/2024, Q2 until 31/12/2024."""
        card, _pin = self.card()
        self.run_period(self.q1)
        self.run_period(self.q2)

        lots = self.account(card, "COMMERCIO").lot_ids.sorted("expires_at")

        self.assertEqual(lots.mapped("expires_at"), [datetime(2024, 9, 30, 22), datetime(2024, 12, 31, 23)])
        self.assertEqual(self.balances(card), amounts("112.50", "90.00", "22.50"))

    def test_expiry_by_the_quarter_of_the_credit(self):
        """X7: Q1 loaded in April lives until 31/12/2024."""
        self.terms.expiry_basis = "credit_quarter"
        card, _pin = self.card()

        self.run_period(self.q1)

        self.assertEqual(self.account(card, "COMMERCIO").lot_ids.expires_at, datetime(2024, 12, 31, 23))

    def test_twice_adds_nothing(self):
        """R-004-49: the same run again, and the same period on one card."""
        card, _pin = self.card()
        run = self.run_period(self.q1)
        sent = len(self.messages(card))

        run.action_run()
        outcome = card._credit_period(self.q1, datetime(2024, 4, 4))

        self.assertEqual(self.balances(card), amounts("56.25", "45.00", "11.25"))
        self.assertEqual(outcome[0].state, "already")
        self.assertEqual((run.card_count, run.credited_total), (1, 112.50))
        self.assertEqual(len(self.messages(card)), sent)
        with self.assertRaises(UserError):
            self.env["family.card.credit"].create({"card_ids": card.ids, "period_id": self.q1.id}).action_credit()

    def test_again_adds_what_was_missing(self):
        """A suspended card that is active again gets its quarter, the others nothing more."""
        credited, _pin = self.card()
        late, _pin = self.card()
        late._change_state("suspended", "taxes")
        run = self.run_period(self.q1)
        self.assertEqual(run.skipped_count, 1)

        late._change_state("active")
        run.action_run()

        self.assertEqual(self.balances(late), amounts("56.25", "45.00", "11.25"))
        self.assertEqual(self.balances(credited), amounts("56.25", "45.00", "11.25"))
        self.assertEqual((run.card_count, run.skipped_count, run.credited_total), (2, 0, 225.00))

    def test_who_is_skipped_and_why(self):
        """R-004-13, R-004-22, R-004-24: nobody is forgotten silently."""
        cards = {
            "draft": self.request_card(),
            "suspended": self.card()[0],
            "closed": self.card()[0],
            "no_amount": self.card(annual_amount=0)[0],
            "before_first": self.card(first_period_id=self.q2.id)[0],
        }
        cards["suspended"]._change_state("suspended", "taxes")
        cards["closed"]._change_state("closed", "request")

        run = self.run_period(self.q1)

        reasons = {line.card_id: line.reason for line in run.line_ids}
        self.assertEqual(reasons, {card: reason for reason, card in cards.items()})
        self.assertEqual((run.card_count, run.skipped_count), (0, 5))

    def test_a_credit_that_would_have_expired_is_skipped(self):
        """A30: a card issued long after its quarter."""
        card, _pin = self.card()

        outcome = card._credit_period(self.q1, datetime(2024, 10, 1))

        self.assertEqual(outcome[0].reason, "expired")

    def test_a_late_run_is_flagged(self):
        """A5, R-004-32: from the 11th on."""
        self.card()
        run = self.env["family.card.credit.run"].create({"program_id": self.program.id, "period_id": self.q2.id})
        run._run(datetime(2024, 4, 10, 21, 59))
        late = self.env["family.card.credit.run"].create({"program_id": self.program.id, "period_id": self.q3.id})
        late._run(datetime(2024, 7, 10, 22, 0))

        self.assertFalse(run.late)
        self.assertTrue(late.late)

    def test_a_run_goes_on_where_it_stopped(self):
        """R-004-49: killed between two chunks, the rest is credited and nobody twice."""
        cards = [self.card()[0] for _card in range(5)]
        run = self.env["family.card.credit.run"].create({"program_id": self.program.id, "period_id": self.q1.id})
        run.action_preview()
        with patch.object(work, "CHUNK", 2):
            run._start(datetime(2024, 4, 3))
            run._credit_chunk()
            self.assertEqual((run.done, run.state, run.progress), (2, "running", 40.0))

            with trap_jobs() as queue:
                self.env["family.card.credit.run"]._cron_continue()
                queue.assert_jobs_count(1, only=run._job_continue)
            run._job_continue()

        self.assertEqual((run.state, run.card_count), ("done", 5))
        for card in cards:
            self.assertEqual(self.balances(card), amounts("56.25", "45.00", "11.25"))

    def test_out_of_time_the_rest_is_left_to_the_queue(self):
        """The screen answers before the run is done."""
        for _card in range(3):
            self.card()
        run = self.env["family.card.credit.run"].create({"program_id": self.program.id, "period_id": self.q1.id})
        with (
            patch.object(work, "CHUNK", 1),
            patch.object(work, "REQUEST_SECONDS", -1),
            trap_jobs() as queue,
        ):
            run.action_run()
            queue.assert_jobs_count(1, only=run._job_continue)

        self.assertEqual((run.state, run.done), ("running", 1))
        run.action_run()
        self.assertEqual((run.state, run.card_count), ("done", 3))

    def test_one_run_per_period(self):
        """A cancelled one makes room."""
        run = self.env["family.card.credit.run"].create({"program_id": self.program.id, "period_id": self.q1.id})
        run.action_cancel()

        self.run_period(self.q1)
        with self.assertRaises(UserError):
            run.action_run()

    def test_one_card_is_credited_with_the_same_code(self):
        """R-004-49: "per ogni singola Family Card"."""
        card, _pin = self.card()

        self.env["family.card.credit"].create({"card_ids": card.ids, "period_id": self.q2.id}).action_credit()
        run = self.run_period(self.q2)

        self.assertEqual(self.balances(card), amounts("56.25", "45.00", "11.25"))
        self.assertEqual(run.line_ids.state, "already")

    def test_the_first_terms_must_be_in_force(self):
        self.card()
        run = self.env["family.card.credit.run"].create({"program_id": self.program.id, "period_id": self.q1.id})

        with self.assertRaises(UserError):
            run._run(datetime(2023, 12, 31, 22, 0))
        self.assertEqual(run.state, "draft")

    def test_the_ledger_stays_clean(self):
        """design.md 5: balance, lots and entries agree after credits and charges."""
        card, pin = self.card()
        self.run_period(self.q1)
        self.charge(card, pin, "30.00")

        self.assertEqual(card.account_ids._verify(), [])
