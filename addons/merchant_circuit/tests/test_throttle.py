from datetime import timedelta
from unittest.mock import patch

from psycopg2.errors import CheckViolation

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged
from odoo.tools import SQL, mute_logger

from .common import SECRET, OfficeCase


@tagged("post_install", "-at_install")
class TestRefusalLog(OfficeCase):
    def refusals(self):
        """What was noted at the test merchants, oldest first."""
        return self.env["circuit.refusal"].search(
            [("merchant_id", "in", (self.merchant | self.other_merchant).ids)], order="id"
        )

    def test_every_refusal_is_noted(self):
        """Issue 4: whatever the reason, on every channel."""
        self.authorize(secret="11111")
        self.authorize(identifier="NOBODY")
        self.authorize("0")
        self.authorize("200.00", requested="100.00")
        self.till._authorize(self.terminal._replace(channel="web", ref="res.users,7"), None)

        self.assertEqual(
            self.refusals().mapped(lambda row: (row.code, row.guess, row.channel, row.terminal)),
            [
                ("UNKNOWN_OR_PIN", True, "pos", "pos.config,1"),
                ("UNKNOWN_OR_PIN", True, "pos", "pos.config,1"),
                ("BAD_AMOUNT", False, "pos", "pos.config,1"),
                ("ACCOUNT_LIMIT", False, "pos", "pos.config,1"),
                ("BAD_REQUEST", False, "web", "res.users,7"),
            ],
        )

    def test_the_card_is_noted_where_it_exists_and_never_what_was_typed(self):
        """Issue 4, R-004-99: neither the code nor the PIN are kept."""
        self.authorize(secret="11111")
        self.authorize(identifier="RSSMRA80A01F839W", secret="98765")

        known, unknown = self.refusals()
        self.assertEqual((known.instrument_model, known.instrument_id), ("circuit.instrument", self.account.id))
        self.assertEqual((known.holder_mask, known.circuit_id), ("TST***01", self.circuit))
        self.assertFalse(unknown.instrument_model or unknown.instrument_id or unknown.holder_mask)
        self.env.cr.execute(SQL("SELECT r::text FROM circuit_refusal r WHERE id IN %s", tuple((known | unknown).ids)))
        text = str(self.env.cr.fetchall())
        self.assertFalse([word for word in ("RSSMRA80A01F839W", "98765", "11111", SECRET) if word in text])

    def test_nothing_is_noted_when_the_card_is_accepted(self):
        """Issue 4: the success path writes no row of its own."""
        self.authorize()

        self.assertFalse(self.refusals())

    def test_refusals_are_read_only(self):
        """Issue 4: append-only, even for the system's own code."""
        self.authorize(secret="11111")
        row = self.refusals()
        for change in (
            lambda: row.write({"code": "CLOSED"}),
            row.unlink,
            lambda: row.create({"code": "CLOSED", "merchant_id": self.merchant.id}),
        ):
            with self.assertRaises(UserError):
                change()
        for user in (self.officer, self.operator):
            self.assertTrue(row.with_user(user).has_access("read"))
            self.assertFalse(any(row.with_user(user).has_access(name) for name in ("write", "create", "unlink")))

    def test_employees_and_portal_users_read_no_refusals(self):
        """R-004-101: default deny."""
        for group in ("base.group_user", "base.group_portal"):
            user = new_test_user(self.env, f"refusal-{group}", groups=group)
            with self.subTest(group), self.assertRaises(AccessError):
                self.env["circuit.refusal"].with_user(user).search([])

    def test_another_municipality_sees_no_refusals(self):
        """R-003-08."""
        self.authorize(secret="11111")
        other = self.env["res.company"].create({"name": "Comune di Viggiano"})
        officer = new_test_user(
            self.env,
            "refusal-officer",
            groups="merchant_circuit.group_officer",
            company_id=other.id,
            company_ids=[(6, 0, other.ids)],
        )

        self.assertFalse(self.env["circuit.refusal"].with_user(officer).search([]))

    def test_the_operator_sees_refusals_of_the_own_circuits_only(self):
        """R-004-103: neither another circuit's shops nor its cards."""
        self.authorize(secret="11111")
        own = self.refusals()
        stranger = new_test_user(self.env, "stranger", groups="merchant_circuit.group_operator")

        self.assertEqual(self.env["circuit.refusal"].with_user(self.operator).search([]), own)
        self.assertFalse(self.env["circuit.refusal"].with_user(stranger).search([]))

        foreign = self.env["circuit.circuit"].create({"name": "Another circuit"})
        self.env.cr.execute(SQL("UPDATE circuit_refusal SET circuit_id = %s WHERE id = %s", foreign.id, own.id))
        self.env.invalidate_all()
        self.assertFalse(self.env["circuit.refusal"].with_user(self.operator).search([]))

    def test_refusals_go_when_their_time_is_over(self):
        """Issue 4: retention in days, a field of the circuit."""
        self.circuit.refusal_days = 30
        self.env["circuit.circuit"].search([("id", "!=", self.circuit.id)]).refusal_days = 30
        self.authorize(secret="11111")
        self.authorize(identifier="NOBODY")
        old, new = self.refusals()
        self.env.cr.execute(
            SQL("UPDATE circuit_refusal SET at = %s WHERE id = %s", fields.Datetime.now() - timedelta(days=31), old.id)
        )

        self.env["circuit.refusal"]._cron_retention()

        self.assertEqual(self.refusals(), new)


@tagged("post_install", "-at_install")
class TestThrottle(OfficeCase):
    def setUp(self):
        super().setUp()
        self.circuit.write({"guess_till": 3, "guess_merchant": 6, "guess_wait": 30, "guess_longest_wait": 100})

    def guess(self, times, terminal=None):
        """Wrong tries; the code of the last answer."""
        return [self.authorize(identifier="NOBODY", terminal=terminal)["code"] for _time in range(times)][-1]

    def later(self, seconds):
        """Let everything noted so far age."""
        self.env.cr.execute(SQL("UPDATE circuit_refusal SET at = at - make_interval(secs => %s)", seconds))

    def test_a_till_that_guesses_waits_and_is_told_until_when(self):
        """Issue 4: TOO_MANY, before the card or the PIN are looked at."""
        self.guess(3)
        with patch.object(type(self.till), "_identify") as identify:
            reply = self.authorize()

        identify.assert_not_called()
        self.assertEqual((reply["status"], reply["code"]), ("refused", "TOO_MANY"))
        self.assertGreater(reply["until"], fields.Datetime.now().isoformat())
        self.assertIn("seconds", reply["message"])

    def test_the_wait_passes_and_grows_with_the_next_guess(self):
        """Issue 4: growing delay."""
        self.guess(3)
        self.later(31)
        self.assertEqual(self.guess(1), "UNKNOWN_OR_PIN")
        self.later(31)

        self.assertEqual(self.authorize()["code"], "TOO_MANY")
        self.later(30)
        self.assertEqual(self.authorize()["status"], "authorized")

    def test_another_till_of_the_shop_goes_on(self):
        """Issue 4: one till cannot stop the others of its shop."""
        self.guess(9)

        reply = self.authorize(terminal=self.terminal._replace(ref="pos.config,9"))

        self.assertEqual(reply["status"], "authorized")

    def test_another_shop_goes_on_and_so_does_the_card(self):
        """Issue 4: no shop blocks another one's tills or a citizen's card."""
        for ref in ("a", "b", "c"):
            self.guess(4, self.terminal._replace(ref=ref))
        self.assertEqual(self.authorize(terminal=self.terminal._replace(ref="d"))["code"], "TOO_MANY")

        self.assertEqual(self.authorize(terminal=self.other_terminal)["status"], "authorized")

    def test_a_card_that_exists_counts_as_one_that_does_not(self):
        """Issue 4: the throttle is no oracle: the same answers in the same order for both."""
        unknown = [self.authorize(identifier="NOBODY")["code"] for _time in range(5)]
        wrong = [self.authorize(secret="11111", terminal=self.other_terminal)["code"] for _time in range(5)]

        self.assertEqual(unknown, wrong)

    def test_other_refusals_cost_nothing(self):
        """Issue 4: a shop whose customers have no credit left is not hindered."""
        for _time in range(8):
            self.authorize("200.00", requested="100.00")

        self.assertEqual(self.authorize()["status"], "authorized")

    def test_waiting_is_noted_once_a_minute_and_does_not_prolong_the_wait(self):
        """Issue 4: whoever goes on asking neither fills the disk nor waits for ever."""
        self.guess(3)
        for _time in range(20):
            self.authorize()

        rows = self.env["circuit.refusal"].search([("merchant_id", "=", self.merchant.id)])
        self.assertEqual(rows.mapped("code").count("TOO_MANY"), 1)
        self.later(31)
        self.assertEqual(self.authorize()["status"], "authorized")

    def test_a_lost_answer_is_given_again_while_the_till_waits(self):
        """Issue 4, R-004-75: what was authorised is never told to be refused."""
        request = self.request()
        first = self.till._authorize(self.terminal, request)
        self.guess(3)

        self.assertEqual(self.till._authorize(self.terminal, request), first)
        self.assertEqual(self.till._authorize(self.terminal, {**request, "identifier": "NOBODY"})["code"], "TOO_MANY")

    def test_the_pace_of_a_shop_is_limited(self):
        """Issue 4: a rate of requests per merchant; accepted ones count as well."""
        self.circuit.request_pace = 3
        for _time in range(3):
            self.authorize("1.00")

        self.assertEqual(self.authorize("1.00")["code"], "TOO_MANY")
        self.assertEqual(self.authorize("1.00", terminal=self.other_terminal)["status"], "authorized")

    def test_limits_can_be_switched_off(self):
        """Issue 4: limits are fields of the circuit; 0 is no limit."""
        self.circuit.write({"guess_till": 0, "guess_merchant": 0})
        self.guess(30)

        self.assertEqual(self.authorize()["status"], "authorized")

    @mute_logger("odoo.sql_db")
    def test_one_till_may_not_get_the_limit_of_its_shop(self):
        """Issue 4: limits that would let one till stop the others are refused."""
        with self.assertRaises(CheckViolation), self.cr.savepoint():
            self.circuit.write({"guess_till": 10, "guess_merchant": 15})
            self.circuit.flush_recordset()

    def test_the_question_reads_an_index_of_this_shop_only(self):
        """Issue 4, performance.md 4: no scan, no lock, nothing written on the way of an accepted card."""
        self.env.cr.execute("SET LOCAL enable_seqscan = off")
        self.env.cr.execute(
            SQL(
                "EXPLAIN SELECT count(*) FILTER (WHERE terminal = 'a'), max(at) FROM circuit_refusal"
                " WHERE merchant_id = %s AND guess AND at > now()",
                self.merchant.id,
            )
        )
        plan = "\n".join(row for (row,) in self.env.cr.fetchall())

        self.assertIn("guess_idx", plan)
        self.assertNotIn("Seq Scan", plan)
