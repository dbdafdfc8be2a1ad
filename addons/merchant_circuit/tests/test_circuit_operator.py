from datetime import timedelta

import psycopg2

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from .common import OfficeCase


@tagged("post_install", "-at_install")
class TestCircuitOperator(OfficeCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.today = cls.circuit._local_today()
        cls.first = cls.circuit.operator_id
        cls.next = cls.env["res.partner"].create({"name": "Gestore nuovo s.p.a.", "is_company": True})

    def name_next(self, days, operator=None):
        """Name an operator that begins some days from today.

        :return: circuit.operator
        """
        return self.env["circuit.operator"].create(
            {
                "circuit_id": self.circuit.id,
                "date_from": self.today + timedelta(days=days),
                "operator_id": (operator or self.next).id,
            }
        )

    def test_one_operator_at_any_date(self):
        """R-000-01: a successor changes nothing until its first day; before and after there is exactly one."""
        self.name_next(10)

        at = [self.circuit._operator_at(self.today + timedelta(days=days)) for days in (-400, 0, 9, 10, 400)]

        self.assertEqual(at, [self.first, self.first, self.first, self.next, self.next])
        self.assertEqual(self.circuit.operator_id, self.first)

    def test_the_first_one_waits_for_its_day(self):
        """R-000-01: the public body runs the circuit until then."""
        self.circuit.operator_ids._write({"date_from": self.today + timedelta(days=5)})
        self.circuit.operator_ids.invalidate_recordset()
        self.circuit._compute_operator()

        self.assertFalse(self.circuit.operator_id)
        self.assertFalse(self.circuit._operator_at(self.today))

    def test_who_was_named_before_operators_had_dates_stays_until_the_next(self):
        """R-000-01: a circuit of an older database."""
        self.env.flush_all()
        self.env.cr.execute("DELETE FROM circuit_operator WHERE circuit_id = %s", (self.circuit.id,))
        self.env.invalidate_all()

        self.name_next(10)

        self.assertEqual(self.circuit.operator_id, self.first)
        self.assertEqual(self.circuit._operator_at(self.today + timedelta(days=10)), self.next)

    def test_naming_one_dates_it(self):
        """R-000-01: an operator that is named without a date runs the circuit from today on."""
        self.circuit.operator_id = self.next

        [line] = self.circuit.operator_ids
        self.assertEqual((line.date_from, line.operator_id), (self.today, self.next))

    def test_two_do_not_begin_on_one_day(self):
        """R-000-01: exactly one at any date."""
        self.name_next(10)

        with mute_logger("odoo.sql_db"), self.assertRaises(psycopg2.errors.UniqueViolation):
            self.name_next(10, self.first)

    def test_operator_is_no_part_of_the_promoter(self):
        """R-000-01: neither the promoter nor an office of it."""
        office = self.env["res.partner"].create(
            {"name": "Ufficio", "parent_id": self.circuit.promoter_id.id, "type": "contact"}
        )

        for operator in (self.circuit.promoter_id, office):
            with self.subTest(operator=operator.name), self.assertRaises(ValidationError), self.cr.savepoint():
                self.name_next(1, operator)

    def test_promoter_does_not_become_the_operator(self):
        """R-000-01: seen from the other side, also of who begins later."""
        self.name_next(10)

        with self.assertRaises(ValidationError):
            self.circuit.promoter_id = self.next

    def test_the_past_stays(self):
        """R-000-01: who ran the circuit is not rewritten."""
        with self.assertRaises(UserError):
            self.name_next(-1)

    def test_successor_takes_over_on_its_day(self):
        """R-000-01: and with it the record rules: the former operator's people see the circuit no longer."""
        line = self.name_next(10)
        self.env.cr.execute(
            "UPDATE circuit_operator SET date_from = %s WHERE circuit_id = %s AND id <> %s",
            (self.today - timedelta(days=5), self.circuit.id, line.id),
        )
        self.env.cr.execute("UPDATE circuit_operator SET date_from = %s WHERE id = %s", (self.today, line.id))
        self.env.invalidate_all()

        self.env["circuit.circuit"]._cron_operator()

        self.assertEqual(self.circuit.operator_id, self.next)
        with self.assertRaises(AccessError):
            self.circuit.with_user(self.operator).read(["name"])

    def test_operators_do_not_name_themselves(self):
        """R-000-01: the public body names the operator."""
        with self.assertRaises(AccessError):
            self.env["circuit.operator"].with_user(self.operator).create(
                {"circuit_id": self.circuit.id, "operator_id": self.next.id}
            )

    def test_operators_of_another_company(self):
        """Each public body sees its own circuits' operators."""
        company = self.env["res.company"].create({"name": "Altro Comune"})
        officer = new_test_user(
            self.env,
            "officer-elsewhere",
            groups="merchant_circuit.group_officer",
            company_id=company.id,
            company_ids=[(6, 0, company.ids)],
        )

        self.assertFalse(self.env["circuit.operator"].with_user(officer).search([]))
