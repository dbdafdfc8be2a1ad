from datetime import date, datetime
from decimal import Decimal

from freezegun import api as clock

from odoo.exceptions import ValidationError
from odoo.tests import tagged
from odoo.tools import SQL

from .common import CorletoCase

SIX_JUNE = datetime(2020, 6, 6, 8)


@tagged("post_install", "-at_install")
class TestTranche(CorletoCase):
    """Vouchers in tranches (examples 4.8)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.terms.write({"valid_from": "2020-01-01", "spendable_from": False, "on_exhaustion": "waiting_list"})
        cls.first = cls.tranche(1, spendable_from=datetime(2020, 6, 6, 15))
        cls.second = cls.tranche(2, amount_rule="previous", previous_id=cls.first.id)

    @classmethod
    def tranche(cls, number, **vals):
        return cls.env["family.card.period"].create(
            {
                "program_id": cls.program.id,
                "name": f"Tranche {number}",
                "code": f"2020-T{number}",
                "kind": "tranche",
                "number": number,
                "amount_rule": "whole",
                "date_start": "2020-06-01",
                "date_end": "2020-12-31",
                "load_by": "2020-12-31",
                **vals,
            }
        )

    def run_period(self, period, at=SIX_JUNE):
        run = self.env["family.card.credit.run"].create({"program_id": self.program.id, "period_id": period.id})
        run._run(at)
        return run

    def test_seen_at_once_and_spendable_later(self):
        """V1, R-001-02: 14:59:59Z not yet, 15:00:00Z yes; and it never expires (B11)."""
        card, _pin = self.card(kind="senior", annual_amount=120)

        self.run_period(self.first)

        account = card.account_ids
        self.assertEqual(card.balance, 120.0)
        instants = (datetime(2020, 6, 6, 14, 59, 59), datetime(2020, 6, 6, 15))
        self.assertEqual([account._available(at)[account.id] for at in instants], [0, Decimal(120)])
        self.assertFalse(account.lot_ids.expires_at)
        self.assertNotIn("Spend it by", self.messages(card)[-1])

    def test_the_same_again(self):
        """V2, R-001-08, R-001-09: +120.00 for who had 120.00; who had none is listed and gets nothing."""
        had, _pin = self.card(kind="senior", annual_amount=120)
        self.run_period(self.first)
        had.annual_amount = 500
        none, _pin = self.card(kind="senior", annual_amount=300)

        run = self.run_period(self.second)

        lines = {line.card_id: (line.state, line.reason, line.amount) for line in run.line_ids}
        self.assertEqual(lines, {had: ("credited", False, 120.0), none: ("skipped", "no_previous", 0.0)})
        self.assertEqual((had.balance, none.balance), (240.0, 0.0))

    def test_a_tranche_with_a_last_day(self):
        """B11: an own expiry date."""
        tranche = self.tranche(3, amount_rule="fixed", fixed_amount=150, last_spending_day="2020-12-31")
        card, _pin = self.card(kind="senior", annual_amount=0)

        self.run_period(tranche)

        self.assertEqual(card.account_ids.lot_ids.expires_at, datetime(2020, 12, 31, 23))
        self.assertEqual(card.balance, 150.0)
        self.assertIn("Spend it by", self.messages(card)[-1])

    def test_impossible_tranches(self):
        """Bad input is refused in words."""
        with self.assertRaises(ValidationError):
            self.tranche(3, spendable_from=datetime(2021, 1, 1), last_spending_day=date(2020, 12, 31))
        other = self.program.copy({"code": "OTHER"})
        with self.assertRaises(ValidationError):
            self.tranche(3, program_id=other.id, amount_rule="previous", previous_id=self.first.id)

    def test_who_comes_late_waits(self):
        """V5, R-001-24: 390,710.00 in order of arrival; the last request that does not fit waits, the residue shows."""
        self.fund.amount = 390710
        cards = [self.card(kind="senior", annual_amount=amount)[0] for amount in (200000, 190000, 800, 100)]
        # The requests came in the other order than the cards were made for the last two.
        for card, day in zip(cards, (1, 2, 4, 3), strict=True):
            self.cr.execute("UPDATE family_card SET create_date = %s WHERE id = %s", [datetime(2020, 5, day), card.id])

        run = self.run_period(self.first)

        lines = {line.card_id: line.state for line in run.line_ids}
        self.assertEqual([lines[card] for card in cards], ["credited", "credited", "waiting", "credited"])
        self.assertEqual((run.waiting_count, run.waiting_total, run.fund_residue), (1, 800.0, 610.0))
        self.assertEqual(self.fund.residual, 610.0)

        self.fund.amount = 390900
        run.action_run()
        self.assertEqual((run.state, run.waiting_count, cards[2].balance), ("done", 0, 800.0))

    def test_nobody_waits_before_the_money_is_there(self):
        """V5: fund not available, blocked."""
        self.fund.available = False
        self.card(kind="senior", annual_amount=120)
        run = self.env["family.card.credit.run"].create({"program_id": self.program.id, "period_id": self.first.id})

        run._preview(SIX_JUNE)

        self.assertTrue(run.blocked_reason)

    def test_three_thousand_five_hundred_households(self):
        """V4, R-001-07: one run inside one day, with SMS; twice the same total and no movement more."""
        card, _pin = self.card(kind="senior", annual_amount=120)
        self.multiply(card, 3500)
        start = clock.real_perf_counter()

        run = self.run_period(self.first)
        taken = clock.real_perf_counter() - start
        entries = self.env["stored.value.entry"].search_count([])
        run.action_run()

        self.assertEqual((run.state, run.card_count, run.credited_total), ("done", 3500, 420000.0))
        self.assertEqual(self.env["stored.value.entry"].search_count([]), entries)
        self.assertEqual(self.fund.residual, 580000.0)
        self.assertLess(taken, 120, "one day has 86,400 seconds, a run takes less than two minutes")

    def multiply(self, card, total):
        """More cards like this one: as many as asked, made in SQL, each with a household and a code of its own."""
        self.env.flush_all()
        columns = self.env.execute_query_dict(
            SQL(
                "SELECT column_name AS name FROM information_schema.columns WHERE table_name = 'family_card'"
                " AND column_name NOT IN ('id', 'number', 'fiscal_code', 'household_id')"
            )
        )
        names = ", ".join(f'"{row["name"]}"' for row in columns)
        self.cr.execute(
            f"""
            WITH homes AS (
                INSERT INTO res_partner (name, is_household, active, autopost_bills, type)
                SELECT 'Household ' || n, true, true, 'ask', 'contact' FROM generate_series(2, %s) n RETURNING id
            )
            INSERT INTO family_card (number, fiscal_code, household_id, {names})
            SELECT 'X' || homes.id, 'C' || homes.id, homes.id, {names} FROM homes, family_card WHERE family_card.id = %s
            """,
            [total, card.id],
        )
        self.env.invalidate_all()
