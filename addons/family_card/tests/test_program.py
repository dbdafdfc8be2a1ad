from datetime import date, datetime

from psycopg2.errors import UniqueViolation

from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command
from odoo.models import MAGIC_COLUMNS
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import CorletoCase


@tagged("post_install", "-at_install")
class TestProgram(CorletoCase):
    def test_a_year_as_the_notice_arranges_it(self):
        """R-004-30, R-004-32, R-004-35, R-004-37, R-004-79: set up by one button."""
        periods = self.program.period_ids.sorted("number")

        self.assertEqual(periods.mapped("code"), ["2024-Q1", "2024-Q2", "2024-Q3", "2024-Q4"])
        self.assertEqual(periods.mapped("load_by"), [date(2024, month, 10) for month in (1, 4, 7, 10)])
        self.assertEqual(periods[1].expires_at, datetime(2024, 12, 31, 23))
        self.assertEqual(self.program._scheme_for("standard").line_ids.mapped("weight"), [50, 40, 10])
        self.assertEqual(self.program._scheme_for("senior"), self.program._scheme_for("special"))
        self.assertEqual(
            set(self.terms.excluded_activity_ids.mapped("code")),
            {"tobacco", "pharmacy", "parapharmacy", "prescription_drugs", "fuel", "insurance", "gaming"},
        )
        self.assertEqual(self.terms.senior_reference, date(2023, 12, 31))

    def test_setting_up_again_changes_nothing(self):
        before = (self.program.period_ids, self.program.scheme_ids, self.program.terms_ids)

        self.program.action_set_up()

        self.assertEqual((self.program.period_ids, self.program.scheme_ids, self.program.terms_ids), before)

    def test_shares_total_a_hundred(self):
        """A01."""
        scheme = self.program._scheme_for("standard")
        with self.assertRaises(ValidationError):
            scheme.line_ids = [Command.update(scheme.line_ids[0].id, {"weight": 60})]
        with self.assertRaises(ValidationError):
            self.env["family.card.scheme"].create(
                {
                    "program_id": self.program.id,
                    "name": "Half",
                    "line_ids": [Command.create({"code": "A", "name": "A", "weight": 50})],
                }
            )

    def test_shares_by_which_money_was_credited_stay(self):
        """R-004-06, R-004-35: a new scheme with its day instead; the rest of an account is free."""
        lines = self.program._scheme_for("standard").line_ids
        self.card({"COMMERCIO": "10.00"})

        with self.assertRaises(UserError):
            lines.scheme_id.line_ids = [
                Command.update(lines[0].id, {"weight": 40}),
                Command.update(lines[1].id, {"weight": 50}),
            ]
        lines[0].write({"weight": lines[0].weight, "name": "Shops"})

        self.assertEqual(lines.mapped("weight"), [50, 40, 10])

    def test_one_scheme_per_kind(self):
        with mute_logger("odoo.sql_db"), self.assertRaises(UniqueViolation):
            self.env["family.card.scheme"].create({"program_id": self.program.id, "name": "Second", "for_senior": True})

    def test_terms_in_force_on_a_day(self):
        """R-004-06: from a date, without altering the past."""
        later = self.env["family.card.terms"].create(
            {"program_id": self.program.id, "valid_from": "2024-06-01", "act_id": self.act.id}
        )

        self.assertFalse(self.program._terms_at(date(2023, 12, 31)))
        self.assertEqual(self.program._terms_at(date(2024, 5, 31)), self.terms)
        self.assertEqual(self.program._terms_at(date(2024, 6, 1)), later)

    def test_new_terms_need_an_act_of_the_programme(self):
        """R-004-06."""
        with self.assertRaises(ValidationError), self.cr.savepoint():
            self.env["family.card.terms"].create({"program_id": self.program.id, "valid_from": "2024-06-01"})
        other = self.program.copy({"code": "OTHER"})
        act = self.env["family.card.act"].create({"program_id": other.id, "number": "1", "date": "2024-01-01"})
        with self.assertRaises(ValidationError):
            self.env["family.card.terms"].create(
                {"program_id": self.program.id, "valid_from": "2024-06-01", "act_id": act.id}
            )

    def test_terms_under_which_money_moved_stay(self):
        """R-004-06: a new set instead; the note is free, and so is deleting unused sets."""
        self.card({"COMMERCIO": "10.00"})

        self.assertTrue(self.terms.in_use)
        self.terms.note = "As the notice says."
        with self.assertRaises(UserError):
            self.terms.min_spend = 20.0
        with self.assertRaises(UserError):
            self.terms.unlink()
        with self.assertRaises(ValidationError):
            self.env["family.card.terms"].create(
                {"program_id": self.program.id, "valid_from": "2024-02-01", "act_id": self.act.id}
            )

    def test_a_change_reaches_the_till_at_once(self):
        """What the till remembers is dropped when terms or programme change."""
        rules = self.env["family.card.program"]._till_rules(self.program.id, datetime(2024, 4, 3))
        self.terms.pin_attempts = 5
        self.program.action_close()

        changed = self.env["family.card.program"]._till_rules(self.program.id, datetime(2024, 4, 3))

        self.assertEqual((rules.pin_attempts, rules.open), (3, True))
        self.assertEqual((changed.pin_attempts, changed.open), (5, False))

    def test_terms_change_at_midnight_in_rome(self):
        """22:00 UTC of 31/05 is June in Rome."""
        self.env["family.card.terms"].create(
            {"program_id": self.program.id, "valid_from": "2024-06-01", "act_id": self.act.id, "pin_attempts": 7}
        )
        program = self.env["family.card.program"]

        self.assertEqual(program._till_rules(self.program.id, datetime(2024, 5, 31, 21, 59, 59)).pin_attempts, 3)
        self.assertEqual(program._till_rules(self.program.id, datetime(2024, 5, 31, 22, 0)).pin_attempts, 7)

    def test_a_programme_starts_only_when_it_is_complete(self):
        program = self.program.copy({"code": "EMPTY"})

        with self.assertRaises(UserError):
            program.action_open()

    def test_periods_do_not_overlap(self):
        with self.assertRaises(ValidationError):
            self.q1.date_end = "2024-04-01"

    def test_every_parameter_names_its_clause(self):
        """Issue 2: help on every parameter, e.g. "Notice §4 (R-004-77)"."""
        technical = {"program_id", "company_id", "currency_id", "note", "in_use", "display_name", *MAGIC_COLUMNS}
        parameters = self.env["family.card.terms"]._fields.items()
        for name, field in [(name, field) for name, field in parameters if name not in technical]:
            with self.subTest(name):
                self.assertRegex(field.help or "", r"Notice §\d.*\(R-004-\d+")
