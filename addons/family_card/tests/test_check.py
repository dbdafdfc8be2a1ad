from datetime import date, datetime

from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import CorletoCase


@tagged("post_install", "-at_install")
class TestCheck(CorletoCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.terms.write({"check_residence": True, "check_taxes": True, "check_abode": True})
        cls.officer = cls.user("checker", "family_card.group_officer")

    def checks(self, card, period):
        """Checks of a card's household for a period, by kind."""
        found = self.env["family.card.check"].search(
            [("household_id", "=", card.household_id.id), ("period_id", "=", period.id)]
        )
        return {check.kind: check for check in found}

    def resident_since(self, day):
        """A card of a household that arrived on a day."""
        card, _pin = self.card()
        card.household_id.household_member_ids.valid_from = day
        return card

    def test_each_quarter_has_its_checks(self):
        """R-004-23, R-004-26: at 31/12/2023, then at the end of every quarter, for each household."""
        card, _pin = self.card()

        self.program._make_checks(self.q1)
        self.program._make_checks(self.q2)

        first, second = self.checks(card, self.q1), self.checks(card, self.q2)
        self.assertEqual(set(first), {"residence", "taxes", "abode"})
        self.assertEqual(first["taxes"].reference_day, date(2023, 12, 31))
        self.assertEqual(second["taxes"].reference_day, date(2024, 3, 31))
        self.assertEqual(second["taxes"].outcome, "pending")
        self.assertEqual(self.program._make_checks(self.q1), 0)

    def test_the_registry_tells_the_residence(self):
        """R-004-10, R-004-23: who lives here since before the cut-off day passes, with nobody's work."""
        card, _pin = self.card()

        self.program._make_checks(self.q1)

        check = self.checks(card, self.q1)["residence"]
        self.assertEqual((check.outcome, check.automatic), ("passed", True))
        self.assertFalse(check.user_id)

    def test_resident_after_the_cutoff(self):
        """A6, A14, R-004-10, R-004-23: resident from 15/01/2024, ``cutoff`` never passes."""
        card = self.resident_since("2024-01-15")

        self.program._make_checks(self.q2)

        check = self.checks(card, self.q2)["residence"]
        self.assertEqual(check.outcome, "failed")
        self.assertIn("2023", check.reason)

    def test_resident_at_the_end_of_the_quarter(self):
        """A6, A14: with ``quarter_end`` the first quarter is Q2-2024."""
        self.terms.residence_rule = "quarter_end"
        card = self.resident_since("2024-01-15")

        self.program._make_checks(self.q1)
        self.program._make_checks(self.q2)

        self.assertEqual(self.checks(card, self.q1)["residence"].outcome, "failed")
        self.assertEqual(self.checks(card, self.q2)["residence"].outcome, "passed")

    def test_who_left_does_not_pass(self):
        """R-004-10, R-004-27: residence must last until the end of the quarter before."""
        card, _pin = self.card()
        card.household_id.household_member_ids.valid_to = "2024-02-10"

        self.program._make_checks(self.q2)

        self.assertEqual(self.checks(card, self.q2)["residence"].outcome, "failed")

    def test_a_household_split_from_a_resident_one_is_resident(self):
        """R-004-23: a couple that moves out of the parents' house in February lived here all along."""
        child = self.person()
        self.household(self.person(), child)
        child.membership_ids.valid_to = "2024-02-10"
        own = self.env["res.partner"].create({"name": "Household of the child", "is_household": True})
        self.env["family.household.member"].create(
            {
                "household_id": own.id,
                "person_id": child.id,
                "relation": "head",
                "is_head": True,
                "valid_from": "2024-02-11",
            }
        )
        card, _pin = self.card(family=own)

        self.program._make_checks(self.q2)

        self.assertEqual(self.checks(card, self.q2)["residence"].outcome, "passed")

    def test_a_later_correction_of_the_registry_is_read_again(self):
        """R-004-26: an outcome of the registry follows it, one of the staff stays."""
        card = self.resident_since("2024-01-15")
        other = self.resident_since("2024-01-20")
        self.program._make_checks(self.q1)
        self.checks(other, self.q1)["residence"].with_user(self.officer).action_pass()
        card.household_id.household_member_ids.valid_from = "2023-06-01"

        self.program._make_checks(self.q1)

        self.assertEqual(self.checks(card, self.q1)["residence"].outcome, "passed")
        self.assertEqual(self.checks(other, self.q1)["residence"].user_id, self.officer)

    def test_an_outcome_has_author_date_and_history(self):
        """R-004-26: nothing that was said about a household is overwritten."""
        card, _pin = self.card()
        self.program._make_checks(self.q2)
        check = self.checks(card, self.q2)["taxes"].with_user(self.officer)

        check._decide("failed", "Waste tax of 2023 unpaid")
        check.action_pass()

        self.assertEqual((check.outcome, check.reason, check.user_id), ("passed", False, self.officer))
        self.assertEqual(check.decided_at, datetime(2024, 4, 3, 8, 15))
        self.assertEqual(
            check.history_ids.sorted("id", reverse=True).mapped(lambda line: (line.outcome, line.reason, line.user_id)),
            [("passed", False, self.officer), ("failed", "Waste tax of 2023 unpaid", self.officer)],
        )

    def test_a_failure_needs_its_reason(self):
        """R-004-24: withheld with a reason."""
        card, _pin = self.card()
        self.program._make_checks(self.q2)
        check = self.checks(card, self.q2)["taxes"]

        for reason in (None, "", "  "):
            with self.subTest(repr(reason)), self.assertRaises(UserError):
                check._decide("failed", reason)
        with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"), self.cr.savepoint():
            check.sudo().write({"outcome": "failed"})
            check.flush_recordset()

    def test_many_households_at_once(self):
        """R-004-24, R-004-25: staff pass or fail a selection."""
        cards = [self.card()[0] for _card in range(3)]
        self.program._make_checks(self.q2)
        taxes = self.env["family.card.check"].union(*(self.checks(card, self.q2)["taxes"] for card in cards))
        mine = taxes.with_user(self.officer)

        mine[:2].action_pass()
        action = mine[2:].action_fail()
        wizard = self.env["family.card.check.fail"].with_user(self.officer).with_context(**action["context"])
        wizard.create({"reason": "Water bill unpaid"}).action_fail()

        self.assertEqual(taxes.mapped("outcome"), ["passed", "passed", "failed"])
        self.assertEqual(taxes[2].reason, "Water bill unpaid")

    def test_only_the_buttons_write_outcomes(self):
        """R-004-26: no outcome without its author."""
        card, _pin = self.card()
        self.program._make_checks(self.q2)
        check = self.checks(card, self.q2)["taxes"].with_user(self.officer)

        with self.assertRaises(UserError):
            check.write({"outcome": "passed"})
        with self.assertRaises(UserError):
            check.create(
                {
                    "program_id": self.program.id,
                    "household_id": card.household_id.id,
                    "kind": "abode",
                    "reference_day": "2024-01-01",
                    "outcome": "passed",
                }
            )
        with self.assertRaises(AccessError):
            check.with_user(self.user("clerk", "base.group_user")).action_pass()

    def test_a_programme_may_check_nothing(self):
        """R-004-26, B11: a voucher programme switches the checks off."""
        self.terms.write({"check_residence": False, "check_taxes": False, "check_abode": False})
        self.card()

        self.assertEqual(self.program._make_checks(self.q1), 0)
