from datetime import datetime
from zoneinfo import ZoneInfo

from odoo import fields
from odoo.exceptions import ValidationError
from odoo.tests import tagged

from .common import ReviewCase


@tagged("post_install", "-at_install")
class TestRun(ReviewCase):
    def test_a_pattern_becomes_a_case_with_its_facts_and_a_reason(self):
        """Issue 4: listed for review with reasons."""
        transactions = self.round_trip()

        case = self.look()

        self.assertEqual((case.kind, case.state, case.transaction_ids), ("merchants", "new", transactions))
        self.assertEqual((case.holder_mask, case.amount, case.fact_count), ("TST***01", 2.0, 2))
        self.assertIn("2 different shops", case.reason)

    def test_looking_again_finds_nothing_new(self):
        """Issue 4: the same facts give no second case."""
        self.round_trip()
        first = self.look()

        self.assertFalse(self.look())
        self.assertEqual(self.cases.search([("circuit_id", "=", self.circuit.id)]), first)

    def test_later_facts_join_the_open_case(self):
        """Issue 4: one case about one card, however long it goes on."""
        old = self.round_trip()
        case = self.look()
        self.age(300)
        new = self.round_trip()

        self.assertFalse(self.look())
        self.assertEqual(case.transaction_ids, old | new)

    def test_cleared_facts_do_not_come_back_but_new_ones_do(self):
        """Issue 4: a cleared case does not come back for the same facts."""
        self.round_trip()
        case = self.look().with_user(self.officer)
        case.note = "Market day"
        case.action_clear()

        self.assertFalse(self.look())
        self.age(300)
        fresh = self.round_trip()
        self.assertEqual(self.look().transaction_ids, fresh)

    def test_facts_of_a_confirmed_case_do_not_come_back_either(self):
        """Issue 4: it has its case already."""
        self.round_trip()
        case = self.look().with_user(self.officer)
        case.note = "Copied card"
        case.action_confirm()

        self.assertFalse(self.look())

    def test_codes_tried_at_a_till_are_a_case_of_refusals(self):
        """Issue 4: PIN failures at one till."""
        self.guess(4)

        case = self.look()

        self.assertEqual((case.kind, case.merchant_id, case.terminal), ("failures", self.merchant, "pos.config,1"))
        self.assertEqual(len(case.refusal_ids), 4)
        self.assertFalse(case.holder_mask)

    def test_limits_hold_from_their_day(self):
        """Issue 4: parameters are dated; a pattern is judged by the limits of its own day."""
        self.round_trip()
        self.terms.merchants_on = False
        tomorrow = fields.Date.add(fields.Date.today(), days=2)
        self.terms.copy({"valid_from": tomorrow, "merchants_on": True})
        self.assertFalse(self.look())

        self.terms.merchants_on = True
        self.assertEqual(self.look().kind, "merchants")

    def test_a_circuit_without_limits_has_them_as_they_come(self):
        """Issue 4: defaults."""
        self.terms.unlink()
        self.round_trip()

        self.assertFalse(self.look())

    def test_limits_that_make_no_sense_are_refused(self):
        """Issue 4: a clear sentence instead of an empty list for ever."""
        with self.assertRaisesRegex(ValidationError, "Shops"):
            self.terms.merchants_count = 1

    def test_shops_that_are_open_at_night_are_left_alone(self):
        """Issue 4: the activity of the agreement decides."""
        hour = datetime.now(ZoneInfo(self.circuit.tz)).hour
        self.terms.write({"night_on": True, "night_from": hour, "night_to": (hour + 2) % 24})
        self.terms.write({"night_count": 2, "merchants_on": False})
        for _time in range(2):
            self.capture(self.authorize("2.00"), "2.00")
        self.terms.night_activity_ids = self.agreement.activity_id
        self.assertFalse(self.look())

        self.terms.night_activity_ids = False
        self.assertEqual(self.look().kind, "night")

    def test_the_scheduled_job_looks_at_every_circuit_and_tells_who_reviews(self):
        """Issue 4: a daily job; an activity for whoever looks at the cases."""
        self.circuit.review_user_id = self.officer
        self.round_trip()

        new = self.cases._cron_review().filtered(lambda case: case.circuit_id == self.circuit)

        self.assertEqual(new.activity_ids.user_id, self.officer)

    def test_another_circuit_s_payments_are_not_mixed_in(self):
        """Issue 4: each circuit by its own limits."""
        self.round_trip()
        other = self.env["circuit.circuit"].create({"name": "Another circuit"})

        self.assertFalse(self.cases._review_circuit(other))
