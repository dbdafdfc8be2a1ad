from datetime import datetime, timedelta
from decimal import Decimal
from uuid import uuid4

from odoo import fields
from odoo.tests import tagged

from ..rules.refusals import Code, Refusal
from .common import TillCase

ANOTHER_KEY = "11111111-2222-4333-8444-555555555555"


@tagged("post_install", "-at_install")
class TestTill(TillCase):
    def test_authorisation_debits_at_once(self):
        """R-004-75: the amount leaves the account when the till asks."""
        reply = self.authorize("30.00")

        self.assertEqual(
            {
                name: reply[name]
                for name in ("status", "amount", "eligible", "balance", "account", "holder", "instrument")
            },
            {
                "status": "authorized",
                "amount": "15.00",
                "eligible": "30.00",
                "balance": "26.25",
                "account": "COMMERCIO",
                "holder": "TST***01",
                "instrument": "Test card",
            },
        )
        self.assertEqual(self.balance(), Decimal("26.25"))

    def test_partial_authorisation_when_credit_is_short(self):
        """R-004-45, example H5: 200.00 takes what is left, 41.25."""
        reply = self.authorize("200.00")

        self.assertEqual((reply["amount"], reply["balance"]), ("41.25", "0.00"))

    def test_a_request_above_the_balance_is_refused_with_the_limit(self):
        """R-004-76, example H5b: "massimo 41,25"."""
        reply = self.authorize("200.00", requested="100.00")

        self.assertEqual((reply["status"], reply["code"], reply["limit"]), ("refused", "ACCOUNT_LIMIT", "41.25"))
        self.assertIn("41", reply["message"])
        self.assertEqual(self.balance(), Decimal("41.25"))

    def test_same_key_same_content_same_answer(self):
        """One key, one debit: the reply was lost and the till asks again."""
        request = self.request("30.00")

        first = self.till._authorize(self.terminal, request)
        again = self.till._authorize(self.terminal, request)

        self.assertEqual(first, again)
        self.assertEqual(self.balance(), Decimal("26.25"))

    def test_same_key_other_content_is_refused(self):
        """A key stands for one request only."""
        request = self.request("30.00")
        self.till._authorize(self.terminal, request)

        reply = self.till._authorize(self.terminal, {**request, "lines": [{"amount": "40.00"}]})

        self.assertEqual((reply["code"], self.balance()), ("KEY_CONFLICT", Decimal("26.25")))

    def test_another_merchants_key_is_refused_and_hidden(self):
        """Must be shown 6: another merchant's key neither debits, nor tells, nor voids."""
        request = self.request("30.00")
        self.till._authorize(self.terminal, request)

        replies = (
            self.till._authorize(self.other_terminal, request),
            self.till._status(self.other_terminal, request["key"]),
            self.till._void(self.other_terminal, [request["key"]])[request["key"]],
        )

        self.assertEqual([reply["status"] for reply in replies], ["refused", "unknown", "refused"])
        self.assertEqual(self.till._status(self.terminal, request["key"])["status"], "authorized")

    def test_wrong_secret_hides_every_other_reason(self):
        """R-004-71: rules are told only to who knows the PIN."""
        self.agreement._suspend("fraud", "Suspicion")

        reply = self.authorize("30.00", secret="00000")

        self.assertEqual(reply["code"], "UNKNOWN_OR_PIN")

    def test_no_agreement_in_force(self):
        """R-001-03, R-004-90: suspended, ended or not yet begun agreements cannot charge."""
        changes = {
            "suspended": {"state": "suspended"},
            "future": {"date_from": fields.Date.today() + timedelta(days=2)},
            "past": {"date_from": "2020-01-01", "date_to": "2020-12-31"},
            "not accepting": {"role_accept": False},
        }
        for name, values in changes.items():
            with self.subTest(name):
                self.agreement.write(
                    {"state": "active", "date_from": "2020-01-01", "date_to": False, "role_accept": True}
                )
                self.agreement.write(values)
                self.assertEqual(self.authorize()["code"], "NO_AGREEMENT")

    def test_stopped_circuit_accepts_nothing(self):
        """R-004-60: one switch stops every till, and lifts again."""
        self.circuit._propose_stop("The circuit ends")
        stopped = self.authorize()
        self.circuit._lift_stop("It goes on")

        self.assertEqual((stopped["code"], self.authorize()["status"]), ("CIRCUIT_STOPPED", "authorized"))

    def test_bad_input_is_a_clear_refusal_and_writes_nothing(self):
        """Must be shown 6: amounts, keys and identifiers that are none."""
        cases = {
            "BAD_AMOUNT": [
                {"lines": [{"amount": amount}]}
                for amount in ("-5.00", "0", "NaN", "Infinity", "1e3", "9999999999", "1.001", "", None, 30.0, "１２")
            ]
            + [
                {"lines": []},
                {"lines": None},
                {"lines": ["x"]},
                {"requested": "-1"},
                {"requested": "0"},
                {"requested": 5},
            ]
            + [{"lines": [{"amount": "1", "activity_id": "1"}]}],
            "BAD_REQUEST": [{"key": key} for key in (None, "", "x" * 36, 5, "1; DROP TABLE")]
            + [{"secret": None}, {"secret": "1" * 65}, {"order_ref": 7}, {"identifier": ["CARD"]}],
            "BAD_IDENTIFIER": [{"identifier": "nonsense"}],
            "UNKNOWN_OR_PIN": [{"identifier": "RSSMRA85T10A562S"}, {"secret": ""}],
        }
        for code, changes in cases.items():
            for change in changes:
                with self.subTest(code=code, change=change):
                    reply = self.authorize(**change)
                    self.assertEqual((reply["status"], reply["code"]), ("refused", code))
                    self.assertTrue(reply["message"])
        self.assertEqual(self.till._authorize(self.terminal, None)["code"], "BAD_REQUEST")
        self.assertEqual(self.balance(), Decimal("41.25"))
        self.assertFalse(self.env["circuit.transaction"].search([("account_id", "=", self.account.id)]))

    def test_identifier_is_read_as_a_scanner_sends_it(self):
        """R-001-16, R-004-73: Code 39 start and stop signs, blanks and lower case are not part of it."""
        self.assertEqual(self.authorize(identifier="*card* ")["status"], "authorized")

    def test_void_gives_the_hold_back_once(self):
        """A cancelled sale costs the family nothing, however often it is cancelled."""
        reply = self.authorize()

        replies = [self.till._void(self.terminal, [reply["key"]])[reply["key"]]["status"] for _ in range(2)]

        self.assertEqual(replies, ["voided", "voided"])
        self.assertEqual(self.balance(), Decimal("41.25"))

    def test_void_of_an_unknown_key_refuses_the_late_request(self):
        """A request still on its way when the till gave up must not debit."""
        request = self.request()
        self.till._void(self.terminal, [request["key"]])

        reply = self.till._authorize(self.terminal, request)

        self.assertEqual((reply["code"], self.balance()), ("KEY_USED", Decimal("41.25")))

    def test_void_of_a_captured_payment_changes_nothing(self):
        """Only a refund undoes a captured payment."""
        reply = self.authorize()
        self.capture(reply)

        answer = self.till._void(self.terminal, [reply["key"]])[reply["key"]]

        self.assertEqual((answer["status"], self.balance()), ("captured", Decimal("26.25")))

    def test_void_of_nonsense(self):
        """Keys that are none are refused, a list that is none is empty."""
        self.assertEqual(self.till._void(self.terminal, ["x"])["x"]["code"], "BAD_REQUEST")
        self.assertEqual(self.till._void(self.terminal, "x"), {})

    def test_expired_hold_returns_by_itself(self):
        """A till that never comes back leaves no credit hanging; a captured sale never expires."""
        lost, sold = self.authorize("10.00"), self.authorize("20.00")
        self.capture(sold, "20.00")
        self.past(lost)
        self.past(sold)

        self.env["circuit.transaction"]._cron_expire_holds()

        self.assertEqual(self.till._status(self.terminal, lost["key"])["status"], "expired")
        self.assertEqual(self.till._status(self.terminal, sold["key"])["status"], "captured")
        self.assertEqual(self.balance(), Decimal("31.25"))

    def test_status_of_unknown_keys(self):
        """A key never seen, or none at all, is unknown."""
        for key in (ANOTHER_KEY, "x", None):
            with self.subTest(key):
                self.assertEqual(self.till._status(self.terminal, key)["status"], "unknown")

    def test_not_yet_tells_from_when(self):
        """Example H14: credit that is there but not spendable yet."""
        account = self.env["stored.value.account"]._open([{"name": "FUTURE"}])
        start = fields.Datetime.now() + timedelta(days=3)
        self.env["stored.value.account"]._credit(
            [
                {
                    "account_id": account.id,
                    "amount": Decimal("10.00"),
                    "available_from": start,
                    "expires_at": None,
                    "origin": str(uuid4()),
                    "memo": "",
                }
            ]
        )
        self.account = account

        reply = self.authorize()

        self.assertEqual(reply["code"], "NOT_YET")
        self.assertIn(str(start.year)[2:], reply["message"])

    def test_every_refusal_has_a_sentence(self):
        """A shopkeeper never sees a bare code."""
        for code in Code:
            with self.subTest(code):
                sentence = self.till._sentence(Refusal(code, Decimal("10.00"), datetime(2024, 4, 1)))
                self.assertTrue(sentence and str(code) not in sentence)
