from decimal import Decimal
from uuid import uuid4

from odoo import fields
from odoo.tests import tagged

from .common import WebTillCase


@tagged("post_install", "-at_install")
class TestReversal(WebTillCase):
    def setUp(self):
        super().setUp()
        self.user = self.login()

    def reverse(self, origin, **changes):
        """Take an operation back."""
        return self.ask(
            "reverse", **{"key": str(uuid4()), "origin_key": origin["key"], "reason": "Wrong amount", **changes}
        )

    def age(self, reply, minutes):
        """Let an operation be some minutes old."""
        self.env.cr.execute(
            "UPDATE circuit_transaction SET captured_at = %s WHERE key = %s",
            [fields.Datetime.subtract(fields.Datetime.now(), minutes=minutes), reply["key"]],
        )
        self.env["circuit.transaction"]._forget()

    def test_the_last_operation_is_taken_back(self):
        """R-004-84, R-004-57: the credit returns to the card, the reason is kept."""
        origin = self.pay()
        self.assertEqual(self.ask("open")["day"]["reversible"]["key"], origin["key"])

        reply = self.reverse(origin)

        refund = self.env["circuit.transaction"].search([("key", "=", reply["key"])])
        self.assertEqual((reply["status"], refund.kind, refund.state), ("captured", "refund", "captured"))
        self.assertEqual((refund.reason, refund.channel, refund.user_id), ("Wrong amount", "web", self.user))
        self.assertEqual(reply["receipt"]["origin"], origin["reference"])
        self.assertEqual(reply["receipt"]["balance"], "41.25")
        self.assertEqual(self.balance(), Decimal("41.25"))

    def test_the_same_reversal_twice_gives_back_once(self):
        """R-004-83: a repeated key gets the same answer, also when the time is over meanwhile."""
        origin, key = self.pay(), str(uuid4())
        first = self.reverse(origin, key=key)
        self.age(origin, 600)

        again = self.reverse(origin, key=key)

        self.assertEqual((again["status"], again["receipt"]), ("captured", first["receipt"]))
        self.assertEqual(self.balance(), Decimal("41.25"))

    def test_a_second_reversal_gives_back_nothing(self):
        """R-004-57: what went back is gone."""
        origin = self.pay()
        self.reverse(origin)

        self.assertEqual(self.reverse(origin)["status"], "refused")
        self.assertEqual(self.balance(), Decimal("41.25"))

    def test_only_within_the_circuits_minutes(self):
        """R-004-84: a parameter of the circuit; afterwards the office reverses."""
        self.circuit.reversal_minutes = 10
        origin = self.pay()
        self.age(origin, 11)

        reply = self.reverse(origin)

        self.assertEqual((reply["code"], self.ask("open")["day"]["reversible"]), ("TOO_LATE", None))
        self.assertTrue(reply["message"])
        self.assertEqual(self.balance(), Decimal("26.25"))

    def test_zero_minutes_switch_it_off(self):
        """R-004-84: the shop reverses nothing by itself."""
        self.circuit.reversal_minutes = 0
        origin = self.pay()
        self.age(origin, 1)

        self.assertEqual(self.reverse(origin)["code"], "TOO_LATE")

    def test_only_the_last_operation(self):
        """R-004-84: an older one is the office's business; the last one taken back, the one before is the last."""
        first, last = self.pay(amount="10.00"), self.pay(amount="20.00")

        self.assertEqual(self.reverse(first)["code"], "TOO_LATE")
        self.assertEqual(self.reverse(last)["status"], "captured")
        self.assertEqual(self.reverse(first)["status"], "captured")
        self.assertEqual(self.balance(), Decimal("41.25"))

    def test_another_shops_operation_is_not_found(self):
        """R-000-27: nor taken back."""
        origin = self.pay()
        self.login(self.other_merchant, "other")

        self.assertEqual(self.reverse(origin)["code"], "NO_ORIGIN")
        self.assertEqual(self.ask("status", key=origin["key"])["status"], "unknown")
        self.assertEqual(self.ask("void", key=origin["key"])["status"], "refused")
        self.assertEqual(self.balance(), Decimal("26.25"))

    def test_a_colleagues_operation_is_not_this_tills(self):
        """R-004-84: one's own last operation."""
        origin = self.pay()
        self.login(self.merchant, "colleague")

        self.assertEqual(self.reverse(origin)["code"], "TOO_LATE")

    def test_malformed_requests_are_refused(self):
        """R-004-84: no reason, no reversal."""
        origin = self.pay()
        for changes in (
            {"reason": None},
            {"reason": "  "},
            {"reason": "x" * 65},
            {"reason": ["x"]},
            {"key": "1"},
            {"origin_key": None},
        ):
            with self.subTest(changes):
                self.assertEqual(self.reverse(origin, **changes)["code"], "BAD_REQUEST")
        self.assertEqual(self.balance(), Decimal("26.25"))
