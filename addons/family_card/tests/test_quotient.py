from datetime import date

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged

from .quotient_common import QuotientCase


@tagged("post_install", "-at_install")
class TestQuotient(QuotientCase):
    def test_presets_give_the_amounts_of_their_notices(self):
        """Q1–Q4, R-004-19: from the rows in the database."""
        one, four = self.household(), self.household(*self.people(4))
        baby = self.household(*self.people(3), self.person(l10n_it_codice_fiscale=False, birth_date="2022-05-01"))
        self.disable(four)
        examples = (
            ("corleto_demo", one, 450.0),
            ("corleto_demo", four, 840.0),
            ("lecce_2021", baby, 350.0),
            ("lecce_2021", one, 100.0),
            ("isee_scale", four, 1107.0),
        )
        for month, (preset, household, expected) in enumerate(examples, 1):
            with self.subTest(f"{preset} {expected}"):
                day = date(2024, month, 1)
                table = self.table(preset, valid_from=day)
                card = self.request_card(household, annual_amount=0)

                card._compute_amounts(day)

                self.assertEqual(card.annual_amount, expected)
                self.assertEqual(table.invented, preset == "corleto_demo")

    def test_the_explanation_has_a_line_for_each_step(self):
        """Q4, R-004-19: 450 + 270 + 120."""
        family = self.household(*self.people(4))
        self.disable(family)
        self.table()
        card = self.request_card(family)

        result = card._compute_amounts(date(2024, 4, 3))

        self.assertEqual(result.line_ids.mapped("amount"), [450.0, 270.0, 120.0])
        self.assertEqual(result.line_ids.mapped("running"), [450.0, 720.0, 840.0])
        self.assertEqual(result.line_ids[2].label, "Member with a disability")
        self.assertEqual(result.line_ids[1].detail, "3 × 90.00")
        self.assertEqual(card.quotient_line_ids, result.line_ids)

    def test_a_household_that_cannot_be_computed_keeps_its_amount_and_is_listed(self):
        """R-004-19: never 0, never skipped."""
        family = self.household(self.person(), self.person(name="Anna Verdi", l10n_it_codice_fiscale=False))
        self.table("lecce_2021")
        card = self.request_card(family)

        result = card._compute_amounts(date(2024, 4, 3))

        self.assertEqual(card.annual_amount, 450.0)
        self.assertFalse(result.computed)
        self.assertIn("Anna Verdi", card.quotient_problem)
        self.assertIn(result, self.work_list())

    def test_a_corrected_household_leaves_the_work_list(self):
        """R-004-52: the new result replaces the old one and both stay."""
        anna = self.person(l10n_it_codice_fiscale=False)
        self.table("lecce_2021")
        card = self.request_card(self.household(self.person(), anna))
        first = card._compute_amounts(date(2024, 4, 3))
        anna.birth_date = "2023-01-01"

        second = card._compute_amounts(date(2024, 4, 4))

        self.assertEqual(card.annual_amount, 250.0)
        self.assertEqual(first.replaced_by_id, second)
        self.assertTrue(first.problem)
        self.assertFalse(card.quotient_problem)
        self.assertFalse(self.work_list())

    def test_a_birth_changes_the_amount_and_not_the_past(self):
        """B1, R-004-52, R-004-53: 450 before, 585 after, both on record."""
        family = self.household()
        self.table()
        card = self.request_card(family)
        before = card._compute_amounts(date(2024, 4, 3))
        self.join(family, self.person(l10n_it_codice_fiscale=False, birth_date="2024-05-15"), "2024-05-15")

        card._compute_amounts(date(2024, 6, 30))

        self.assertEqual(card.annual_amount, 585.0)
        self.assertEqual(before.annual, 450.0)
        self.assertEqual(len(card.quotient_result_ids), 2)

    def test_a_departure_lowers_the_amount(self):
        """B2, R-004-53: the members of the evaluation date count."""
        son = self.person(l10n_it_codice_fiscale=False, birth_date="2022-01-01")
        family = self.household(self.person(), son)
        line = family.household_member_ids.filtered(lambda member: member.person_id == son)
        line.write({"relation": "child", "valid_to": "2024-08-02"})
        self.table()
        card = self.request_card(family)

        card._compute_amounts(date(2024, 8, 2))
        self.assertEqual(card.annual_amount, 585.0)
        card._compute_amounts(date(2024, 8, 3))

        self.assertEqual(card.annual_amount, 450.0)

    def test_the_table_of_the_day_computes(self):
        """R-004-19: configurable per year."""
        self.table("lecce_2021", valid_from="2024-01-01")
        later = self.table("isee_scale", valid_from="2024-07-01")
        card = self.request_card()

        card._compute_amounts(date(2024, 6, 30))
        self.assertEqual(card.annual_amount, 100.0)
        result = card._compute_amounts(date(2024, 7, 1))

        self.assertEqual(result.quotient_id, later)
        self.assertEqual(card.annual_amount, 450.0)

    def test_without_a_table_nothing_is_computed(self):
        """A programme without a table says so."""
        with self.assertRaises(UserError):
            self.request_card()._compute_amounts(date(2024, 4, 3))

    def test_a_rule_on_income_asks_for_the_band(self):
        """R-004-28: only a table that speaks of income needs it."""
        table = self.table(state="draft")
        table.rule_ids = [
            Command.create(
                {"name": "Higher incomes", "effect": "multiplier", "value": 0.5, "count_from": 0, "band_from": 3}
            )
        ]
        table.action_in_force()
        card = self.request_card()

        card._compute_amounts(date(2024, 4, 3))
        self.assertIn("Higher incomes", card.quotient_problem)
        card.household_id.income_band = 3
        card._compute_amounts(date(2024, 4, 3))

        self.assertEqual(card.annual_amount, 225.0)

    def test_a_table_in_force_stays_as_it_is(self):
        """R-004-19: figures change only in a new table."""
        table = self.table()
        for change in (
            lambda: table.write({"further": 1.0}),
            lambda: table.scale_ids.write({"value": 1.0}),
            table.rule_ids[0].unlink,
            lambda: table.rule_ids.create({"quotient_id": table.id, "name": "Gift", "value": 5}),
            table.unlink,
            table.action_fill,
        ):
            with self.assertRaises(UserError), self.cr.savepoint():
                change()
        table.note = "published"

    def test_a_table_goes_back_only_until_it_is_used(self):
        """Nothing that somebody was paid by is taken back."""
        table = self.table()
        table.action_draft()
        table.action_in_force()
        self.request_card()._compute_amounts(date(2024, 4, 3))
        table.invalidate_recordset()

        with self.assertRaises(UserError):
            table.action_draft()

    def test_a_duplicate_is_a_draft_with_the_same_rows(self):
        """How a table in force is changed."""
        table = self.table()

        copy = table.copy()

        self.assertEqual(copy.state, "draft")
        self.assertEqual(copy._as_table(), table._as_table())

    def test_a_table_that_contradicts_itself_stays_a_draft(self):
        """Style: no formula fails silently."""
        for vals in (
            {"minimum": 100.0, "maximum": 50.0},
            {"rule_ids": [Command.create({"name": "x", "effect": "coefficient", "value": 0.2})]},
            {"scale_ids": [Command.clear()], "rule_ids": [Command.clear()]},
        ):
            table = self.table(state="draft")
            with self.subTest(str(vals)), self.assertRaises(UserError):
                table.write(vals)
                table.action_in_force()

    def test_an_amount_changed_by_hand_is_told(self):
        """The explanation never claims an amount that it does not lead to."""
        self.table()
        card = self.request_card()
        card._compute_amounts(date(2024, 4, 3))
        self.assertFalse(card.typed_in)

        card.annual_amount = 500

        self.assertTrue(card.typed_in)

    def test_a_change_of_facts_about_a_member_keeps_the_old_ones(self):
        """R-004-51: disability, study and pregnancy are dated like the rest."""
        family = self.household()
        line = family.household_member_ids

        line.disability = "severe"

        self.assertTrue(line.recorded_to)
        self.assertEqual(line.disability, "none")
        family.invalidate_recordset()
        self.assertEqual(family.household_member_ids.disability, "severe")

    def test_officers_compute_and_write_no_results(self):
        """R-004-101: results come from the button, tables from the manager."""
        self.table()
        card = self.request_card()
        env = self.env(user=self.user("clerk", "family_card.group_officer"))
        wizard = env["family.card.quotient.compute"].with_context(active_model="family.card", active_ids=card.ids)

        wizard.create({}).action_compute()

        self.assertEqual(card.quotient_result_id.user_id, env.user)
        for vals in ({"quotient_result_id": False}, {"quotient_result_ids": [Command.clear()]}):
            with self.assertRaises(UserError):
                card.with_env(env).write(vals)
        for model, operations in {
            "family.card.quotient.result": ("write", "create", "unlink"),
            "family.card.quotient.result.line": ("write", "create", "unlink"),
            "family.card.quotient": ("write", "create", "unlink"),
        }.items():
            for operation in operations:
                with self.subTest(f"{operation} {model}"):
                    self.assertFalse(env[model].has_access(operation))

    def test_many_cards_at_once(self):
        """R-004-52: those that cannot be computed are shown, the others are done."""
        self.table("lecce_2021")
        good = self.request_card()
        bad = self.request_card(self.household(self.person(l10n_it_codice_fiscale=False)))

        action = self.env["family.card.quotient.compute"].create({"card_ids": (good | bad).ids}).action_compute()

        results = self.env["family.card.quotient.result"].search(action["domain"])
        self.assertEqual(results.card_id, good | bad)
        self.assertEqual(good.annual_amount, 100.0)

    def test_others_do_not_read_why_somebody_gets_an_amount(self):
        """R-004-101: disability and income are for the office only."""
        self.table()
        card = self.request_card()
        result = card._compute_amounts(date(2024, 4, 3))
        for groups in ("base.group_portal", "base.group_user"):
            user = self.user(f"other {groups}", groups)
            for record in (result, result.line_ids, result.quotient_id, card.household_id.household_member_ids):
                with self.subTest(f"{groups} {record._name}"), self.assertRaises(AccessError):
                    record.with_user(user).read(["display_name"])
            with self.assertRaises(AccessError):
                card.household_id.with_user(user).read(["income_band"])
