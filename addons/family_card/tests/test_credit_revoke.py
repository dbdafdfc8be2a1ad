from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import CorletoCase


@tagged("post_install", "-at_install")
class TestCreditRevoke(CorletoCase):
    def run_period(self, period):
        run = self.env["family.card.credit.run"].create({"program_id": self.program.id, "period_id": period.id})
        run.action_run()
        return run

    def test_a_run_nobody_spent_of_is_taken_back(self):
        """R-004-49: cancellable before the first spending; the ledger keeps both sides."""
        cards = [self.card()[0] for _card in range(2)]
        run = self.run_period(self.q1)

        self.env["family.card.credit.run.revoke"].create({"run_id": run.id, "reason": "Wrong table"}).action_revoke()

        self.assertEqual([card.balance for card in cards], [0.0, 0.0])
        self.assertEqual((run.state, run.revoke_reason, run.card_count), ("cancelled", "Wrong table", 0))
        self.assertEqual(set(run.line_ids.mapped("state")), {"revoked"})
        self.assertEqual(self.fund.residual, 1000000.0)
        self.assertEqual(cards[0].account_ids.entry_ids.sorted("id").mapped("kind").count("adjustment"), 3)
        self.assertEqual((cards[0] + cards[1]).account_ids._verify(), [])

    def test_afterwards_the_period_can_be_credited_again_and_again(self):
        """R-004-49: what was taken back does not count as credited."""
        card, _pin = self.card()
        for _time in range(2):
            self.run_period(self.q1)._revoke("Wrong table")

        run = self.run_period(self.q1)

        self.assertEqual((run.card_count, card.balance), (1, 112.50))
        self.assertEqual(card._credit_period(self.q1, run.credited_at)[0].state, "already")
        self.assertEqual(card.account_ids._verify(), [])

    def test_not_after_somebody_spent_of_it(self):
        """R-004-49: all or nothing."""
        card, pin = self.card()
        other, _pin = self.card()
        run = self.run_period(self.q1)
        self.charge(card, pin, "20.00")

        with self.assertRaisesRegex(UserError, "spent"), self.cr.savepoint():
            run._revoke("Wrong table")
        run.invalidate_recordset()

        self.assertEqual((run.state, other.balance), ("done", 112.50))

    def test_a_reason_is_needed_and_something_to_take_back(self):
        self.card()
        run = self.run_period(self.q1)
        fresh = self.env["family.card.credit.run"].create({"program_id": self.program.id, "period_id": self.q2.id})

        for target, reason in ((run, " "), (fresh, "Wrong table")):
            with self.subTest(reason), self.assertRaises(UserError):
                target._revoke(reason)

    def test_a_card_that_changed_kind_is_not_credited_twice(self):
        """R-004-49, A16: the old residue stays in the old accounts, and the quarter counts once."""
        card, _pin = self.card()
        run = self.run_period(self.q1)
        card.kind = "senior"

        run.action_run()
        self.run_period(self.q2)

        self.assertEqual(
            {code: f"{amount:.2f}" for code, amount in self.balances(card).items()},
            {"COMMERCIO": "56.25", "ARTIGIANATO": "45.00", "SOMMINISTRAZIONE": "11.25", "UNICO": "112.50"},
        )
