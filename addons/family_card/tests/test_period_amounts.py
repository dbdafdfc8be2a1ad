from datetime import date, datetime
from decimal import Decimal

from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged

from .quotient_common import QuotientCase


@tagged("post_install", "-at_install")
class TestPeriodAmounts(QuotientCase):
    """Which yearly credit counts for which period."""

    def run_period(self, period, at):
        run = self.env["family.card.credit.run"].create({"program_id": self.program.id, "period_id": period.id})
        run._run(at)
        return run

    def credited(self, card, period):
        """What a card got in a period, by account."""
        lots = card.account_ids.lot_ids.filtered(lambda lot: lot.period_id == period)
        return {lot.account_id.scheme_line_id.code: f"{lot.amount:.2f}" for lot in lots}

    def test_a_birth(self):
        """B1, R-004-53: birth on 15/05; Q2 stays 112.50, Q3 = 146.25 → 73.13 / 58.50 / 14.62."""
        family = self.household()
        self.table()
        card = self.request_card(family, annual_amount=0)
        card._compute_amounts(date(2024, 3, 1))
        card.action_activate()
        self.join(family, self.person(l10n_it_codice_fiscale=False, birth_date="2024-05-15"), "2024-05-15")
        result = card._compute_amounts(date(2024, 5, 15))
        self.assertEqual(card.annual_amount, 585.0)

        # Late: the run of Q2 takes place after the birth.
        self.run_period(self.q2, datetime(2024, 5, 20, 8))
        self.run_period(self.q3, datetime(2024, 7, 3, 8))

        self.assertEqual(
            self.credited(card, self.q2), {"COMMERCIO": "56.25", "ARTIGIANATO": "45.00", "SOMMINISTRAZIONE": "11.25"}
        )
        self.assertEqual(
            self.credited(card, self.q3), {"COMMERCIO": "73.13", "ARTIGIANATO": "58.50", "SOMMINISTRAZIONE": "14.62"}
        )
        self.assertEqual(card._annual_for(self.q3), (Decimal(585), result))
        self.assertEqual(card._annual_for(self.q2)[0], Decimal(450))

    def test_a_departure(self):
        """B2, R-004-53: a member leaves on 02/08; Q3 stays 146.25, Q4 = 112.50."""
        son = self.person(l10n_it_codice_fiscale=False, birth_date="2022-01-01")
        family = self.household(self.person(), son)
        line = family.household_member_ids.filtered(lambda member: member.person_id == son)
        line.relation = "child"
        self.table()
        card = self.request_card(family, annual_amount=0)
        card._compute_amounts(date(2024, 3, 1))
        card.action_activate()
        self.run_period(self.q3, datetime(2024, 7, 3, 8))
        family.household_member_ids.filtered(lambda member: member.person_id == son).valid_to = "2024-08-02"
        family.invalidate_recordset()
        card._compute_amounts(date(2024, 8, 3))

        self.run_period(self.q4, datetime(2024, 10, 3, 8))

        self.assertEqual(sum(map(Decimal, self.credited(card, self.q3).values())), Decimal("146.25"))
        self.assertEqual(sum(map(Decimal, self.credited(card, self.q4).values())), Decimal("112.50"))

    def test_an_act_changes_the_amount_from_a_day(self):
        """R-004-06, R-004-53: typed in with its act; past movements stay."""
        card, _pin = self.card()
        self.run_period(self.q2, datetime(2024, 4, 3, 8))
        self.env["family.card.yearly.change"].create(
            {"card_ids": card.ids, "amount": 600, "day": "2024-05-02", "act_id": self.act.id}
        ).action_apply()

        self.run_period(self.q1, datetime(2024, 5, 20, 8))
        self.run_period(self.q3, datetime(2024, 7, 3, 8))

        amounts = [sum(map(Decimal, self.credited(card, period).values())) for period in (self.q1, self.q2, self.q3)]
        self.assertEqual(amounts, [Decimal("112.50"), Decimal("112.50"), Decimal("150.00")])
        self.assertEqual(card.yearly_ids.filtered(lambda row: not row.initial).act_id, self.act)

    def test_a_change_needs_an_act_or_a_reason(self):
        """R-004-06."""
        card, _pin = self.card()

        for vals in ({}, {"reason": "  "}, {"reason": "Negative", "amount": -1}):
            with self.subTest(str(vals)), self.assertRaises(UserError):
                self.env["family.card.yearly.change"].create(
                    {"card_ids": card.ids, "amount": 600, "day": "2024-05-02", **vals}
                ).action_apply()

    def test_the_card_shows_what_holds_today(self):
        """R-004-53: a change of tomorrow is on record and not yet shown."""
        card, _pin = self.card()

        card._set_annual(Decimal(600), date(2024, 6, 1), reason="From June")
        self.assertEqual(card.annual_amount, 450.0)
        card._set_annual(Decimal(500), date(2024, 3, 30), reason="Correction")

        self.assertEqual(card.annual_amount, 500.0)
        self.assertEqual(
            [card._annual_for(period)[0] for period in (self.q1, self.q2, self.q3)],
            [Decimal(450), Decimal(500), Decimal(600)],
        )

    def test_what_the_request_began_with_counts_from_the_first_quarter(self):
        """R-004-21: corrections before the card is issued are no changes."""
        card = self.request_card(annual_amount=300)
        card.annual_amount = 450
        card.action_activate()

        self.assertEqual(card._annual_for(self.q1)[0], Decimal(450))

    def test_an_amount_typed_in_on_an_issued_card_is_a_change_of_today(self):
        """R-004-53: 03/04 counts from Q3."""
        card, _pin = self.card()

        card.annual_amount = 900

        self.assertEqual([card._annual_for(period)[0] for period in (self.q2, self.q3)], [Decimal(450), Decimal(900)])

    def test_the_credit_of_the_quarter_of_a_change_may_end_with_it(self):
        """A15, R-004-53: an ordinary lot by default; switched off, what is left ends on 30/06, loaded before or after
        the change."""
        self.terms.variation_credit_carry_over = False
        before, _pin = self.card()
        after, _pin = self.card()
        other, _pin = self.card()
        before._credit_period(self.q2, datetime(2024, 4, 3, 8))
        for card in (before, after):
            card._set_annual(Decimal(585), date(2024, 5, 15), reason="Birth")

        (after + other)._credit_period(self.q2, datetime(2024, 5, 20, 8))

        self.assertEqual(set(before.account_ids.lot_ids.mapped("expires_at")), {datetime(2024, 6, 30, 22)})
        self.assertEqual(set(after.account_ids.lot_ids.mapped("expires_at")), {datetime(2024, 6, 30, 22)})
        self.assertEqual(set(other.account_ids.lot_ids.mapped("expires_at")), {datetime(2024, 12, 31, 23)})
        self.assertEqual((before + after).account_ids._verify(), [])

    def test_new_accounts_from_a_day_leave_the_past_alone(self):
        """R-004-06, A16: another division from 01/07, by act; residues stay in the old accounts."""
        card, _pin = self.card()
        self.run_period(self.q2, datetime(2024, 4, 3, 8))
        old = self.program._scheme_for("standard")
        with self.assertRaises(ValidationError):
            old.copy({"valid_from": "2024-07-01", "for_senior": False, "for_special": False})
        old.copy({"name": "Two accounts", "valid_from": "2024-07-01", "act_id": self.act.id}).line_ids[2].unlink()
        new = self.program._scheme_for("standard", date(2024, 7, 1))
        for line, weight in zip(new.line_ids, (60, 40), strict=True):
            line.weight = weight

        self.run_period(self.q3, datetime(2024, 7, 3, 8))

        self.assertEqual(self.program._scheme_for("standard", date(2024, 6, 30)), old)
        self.assertEqual(
            self.credited(card, self.q2), {"COMMERCIO": "56.25", "ARTIGIANATO": "45.00", "SOMMINISTRAZIONE": "11.25"}
        )
        self.assertEqual(self.credited(card, self.q3), {"COMMERCIO": "67.50", "ARTIGIANATO": "45.00"})
        self.assertEqual(len(card.account_ids), 5)
