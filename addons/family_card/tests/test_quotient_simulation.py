from datetime import date

from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import SQL

from .quotient_common import QuotientCase

REGISTRY = (
    "family_card",
    "family_card_quotient",
    "family_card_quotient_result",
    "family_household_member",
    "res_partner",
    "stored_value_account",
    "stored_value_entry",
    "mail_message",
)


@tagged("post_install", "-at_install")
class TestQuotientSimulation(QuotientCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.now = cls.table("lecce_2021")
        cls.tried = cls.table("corleto_demo", state="draft", valid_from="2024-07-01")
        cls.one = cls.request_card(annual_amount=600)
        cls.two = cls.request_card(cls.household(*cls.people(2)), annual_amount=150)
        cls.unknown = cls.request_card(
            cls.household(cls.person(), cls.person(l10n_it_codice_fiscale=False)), annual_amount=200
        )

    def simulate(self, **vals):
        simulation = self.env["family.card.quotient.simulation"].create(
            {"program_id": self.program.id, "quotient_id": self.tried.id, "day": date(2024, 4, 3), **vals}
        )
        simulation.action_simulate()
        return simulation

    def snapshot(self):
        """Every row that a simulation might touch."""
        self.env.flush_all()
        return {
            table: self.env.execute_query(
                SQL("SELECT count(*), md5(string_agg(t::text, '|' ORDER BY id)) FROM %s t", SQL.identifier(table))
            )
            for table in REGISTRY
        }

    def test_totals_winners_and_losers_against_the_table_in_force(self):
        """R-004-19: 450 and 540 against 100 and 150; the third household cannot be computed."""
        simulation = self.simulate()

        self.assertEqual(simulation.against_id, self.now)
        self.assertEqual((simulation.total_new, simulation.total_current, simulation.delta), (990.0, 250.0, 740.0))
        self.assertEqual((simulation.winners, simulation.losers, simulation.problem_count), (2, 0, 1))
        self.assertEqual(simulation.household_count, 3)

    def test_against_the_cards_it_proposes_who_changes(self):
        """R-004-54: who would get another amount today is seen without a declaration."""
        simulation = self.simulate(against="cards")

        deltas = {line.card_id: line.delta for line in simulation.line_ids if line.outcome != "problem"}
        self.assertEqual(deltas, {self.one: -150.0, self.two: 390.0, self.unknown: 340.0})
        self.assertEqual((simulation.winners, simulation.losers), (2, 1))

    def test_who_cannot_be_computed_has_a_reason(self):
        """R-004-19: listed, never counted as 0."""
        simulation = self.simulate(against="cards", quotient_id=self.now.id)
        line = simulation.line_ids.filtered(lambda row: row.card_id == self.unknown)

        self.assertEqual(line.outcome, "problem")
        self.assertIn("birth date", line.problem)
        self.assertEqual(simulation.total_current, 750.0)

    def test_the_whole_registry(self):
        """Households without a card count when asked for."""
        self.household(*self.people(3))
        cards, registry = self.simulate(), self.simulate(scope="registry")

        self.assertEqual(registry.household_count, cards.household_count + 1)

    def test_distribution_by_household_size(self):
        """The graph and the pivot group the households by size."""
        simulation = self.simulate()

        groups = self.env["family.card.quotient.simulation.line"]._read_group(
            [("simulation_id", "=", simulation.id), ("outcome", "=", "winner")], ["members"], ["delta:sum"]
        )

        self.assertEqual(groups, [(1, 350.0), (2, 390.0)])

    def test_nothing_is_touched(self):
        """R-004-19: no card, household, result, message or money changes, whatever is simulated."""
        before = self.snapshot()

        for vals in ({}, {"against": "cards"}, {"scope": "registry"}):
            self.simulate(**vals)

        self.assertEqual(self.snapshot(), before)

    def test_simulating_again_replaces_the_rows(self):
        simulation = self.simulate()
        rows = simulation.line_ids

        simulation.action_simulate()

        self.assertFalse(rows.exists())
        self.assertEqual(len(simulation.line_ids), 3)

    def test_nothing_to_compare_with_is_said(self):
        """A simulation never invents the present cost."""
        with self.assertRaises(UserError):
            self.simulate(day=date(2023, 12, 31))

    def test_an_officer_simulates(self):
        """Staff without the right to change a table may try it."""
        clerk = self.user("clerk", "family_card.group_officer")
        simulation = (
            self.env["family.card.quotient.simulation"]
            .with_user(clerk)
            .create({"program_id": self.program.id, "quotient_id": self.tried.id, "day": date(2024, 4, 3)})
        )

        simulation.action_simulate()

        self.assertEqual(simulation.winners, 2)
