from datetime import date

from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged

from .common import CorletoCase


@tagged("post_install", "-at_install")
class TestHousehold(CorletoCase):
    def join(self, family, person, **vals):
        return self.env["family.household.member"].create(
            {"household_id": family.id, "person_id": person.id, "valid_from": "2024-01-01", **vals}
        )

    def test_a_person_belongs_to_one_household_at_a_date(self):
        """R-004-17."""
        person = self.person()
        first = self.household(self.person(), person)

        with self.assertRaises(ValidationError):
            self.join(self.household(), person)
        first.household_member_ids.filtered(lambda line: line.person_id == person).valid_to = "2023-12-31"
        self.join(self.household(), person)

    def test_one_head_at_a_date(self):
        """R-004-15."""
        with self.assertRaises(ValidationError):
            self.join(self.household(), self.person(), is_head=True)

    def test_a_household_is_never_without_a_head(self):
        """R-004-15, B3: the form asks for the new head when the old one leaves."""
        head, heir = self.person(), self.person()
        family = self.household(head, heir)
        first, second = family.household_member_ids
        leave = Command.update(first.id, {"valid_to": "2024-05-20"})

        with self.assertRaises(ValidationError), self.cr.savepoint():
            family.write({"household_member_ids": [leave]})
        family.write(
            {
                "household_member_ids": [
                    leave,
                    Command.update(second.id, {"valid_to": "2024-05-20"}),
                    Command.create(
                        {"person_id": heir.id, "valid_from": "2024-05-21", "is_head": True, "relation": "head"}
                    ),
                ]
            }
        )

        self.assertEqual(family._head_on(date(2024, 5, 20)), head)
        self.assertEqual(family._head_on(date(2024, 5, 21)), heir)

    def test_a_correction_keeps_what_was_known(self):
        """R-004-51: two times, valid and recorded."""
        family = self.household()
        line = family.household_member_ids

        line.valid_from = "2021-06-01"
        family.invalidate_recordset()

        self.assertTrue(line.recorded_to)
        self.assertEqual(line.valid_from, date(2020, 1, 1))
        self.assertEqual(family.household_member_ids.valid_from, date(2021, 6, 1))
        with self.assertRaises(UserError):
            line.valid_from = "2022-01-01"

    def test_writing_the_same_facts_changes_nothing(self):
        """A form that is saved without a change leaves no trace."""
        line = self.household().household_member_ids

        line.write({"valid_from": "2020-01-01", "is_head": True})

        self.assertFalse(line.recorded_to)

    def test_a_mistake_is_withdrawn_not_deleted(self):
        person = self.person()
        family = self.household(self.person(), person)
        line = family.household_member_ids.filtered(lambda member: member.person_id == person)

        line.action_withdraw()
        family.invalidate_recordset()

        self.assertNotIn(person, family.household_member_ids.person_id)
        self.assertTrue(line.exists())

    def test_senior_households(self):
        """G1–G6 at 31/12/2023, R-004-36."""
        examples = {
            "G1": (["1953-12-31"], False),
            "G2": (["1953-12-30"], True),
            "G3": (["1952-12-31"], True),
            "G4": (["1948-06-01", "1961-03-10"], True),
            "G5": (["1953-06-01", "1957-06-01"], False),
            "G6": (["1943-06-01", "2023-06-01"], False),
        }
        for name, (births, expected) in examples.items():
            with self.subTest(name):
                people = [self.person(l10n_it_codice_fiscale=False, birth_date=birth) for birth in births]
                self.assertIs(self.household(*people)._is_senior_household(self.terms), expected)

    def test_a_missing_birth_date_cannot_be_told(self):
        """style.md: what cannot be computed is not silently "no"."""
        family = self.household(self.person(l10n_it_codice_fiscale=False))

        self.assertIsNone(family._is_senior_household(self.terms))
