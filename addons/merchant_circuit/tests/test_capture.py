from decimal import Decimal
from uuid import uuid4

from odoo.exceptions import UserError
from odoo.tests import tagged

from ..rules.till import Line
from .common import TillCase


@tagged("post_install", "-at_install")
class TestCapture(TillCase):
    def refund(self, origin, amount, **changes):
        """Open a refund and return the till's answer."""
        request = {
            "key": str(uuid4()),
            "origin_key": origin["key"],
            "amount": amount,
            "order_ref": "order-2",
            **changes,
        }
        return self.till._refund(self.terminal, request)

    def test_capture_confirms_once(self):
        """The sale may be sent twice; the instrument hears of it once."""
        reply = self.authorize()

        first, again = self.capture(reply), self.capture(reply)

        self.assertEqual((first, first.state, len(self.captured)), (again, "captured", 1))
        self.assertEqual(self.balance(), Decimal("26.25"))

    def test_capture_refuses_what_was_not_authorised(self):
        """design.md 4.2: the server checks key, amount, order, goods and merchant of every capture."""
        reply = self.authorize()
        forgeries = {
            "other amount": {"amount": Decimal("14.99")},
            "other order": {"order_ref": "order-9"},
            "other merchant": {"terminal": self.other_terminal},
            "unknown key": {"key": str(uuid4())},
            "other goods": {"lines": [Line(Decimal("30.00"), self.env.ref("merchant_circuit.activity_tobacco").id)]},
            "smaller purchase": {"lines": [Line(Decimal("15.00"))]},
        }
        for name, change in forgeries.items():
            with self.subTest(name), self.assertRaises(UserError):
                self.capture(reply, **change)
        self.assertEqual(self.transaction(reply).state, "authorized")

    def test_capture_after_void_or_expiry_is_refused(self):
        """Credit that went back cannot be captured any more."""
        voided, expired = self.authorize("10.00"), self.authorize("10.00")
        self.till._void(self.terminal, [voided["key"]])
        self.past(expired)
        self.env["circuit.transaction"]._cron_expire_holds()

        for reply in (voided, expired):
            with self.subTest(reply["reference"]), self.assertRaises(UserError):
                self.capture(reply, "10.00")
        self.assertEqual(self.balance(), Decimal("41.25"))

    def test_refund_returns_credit_at_capture(self):
        """R-004-57, R-004-84: to the card, never in cash, and not before the goods are back."""
        origin = self.authorize()
        self.capture(origin)

        reply = self.refund(origin, "15.00")
        before = self.balance()
        refund = self.capture(reply, order_ref="order-2", lines=None)

        self.assertEqual((reply["status"], before, self.balance()), ("authorized", Decimal("26.25"), Decimal("41.25")))
        self.assertEqual(
            (refund.kind, refund.origin_id.key, f"{refund.balance_after:.2f}"), ("refund", origin["key"], "41.25")
        )

    def test_refunds_never_exceed_the_payment(self):
        """Two refunds of 10.00 of a payment of 15.00: the second gets the 5.00 that are left, a third nothing."""
        origin = self.authorize()
        self.capture(origin)

        replies = [self.refund(origin, "10.00", order_ref=f"order-{n}") for n in range(2, 5)]

        self.assertEqual(
            [reply.get("amount", reply.get("code")) for reply in replies], ["10.00", "5.00", "ALREADY_REFUNDED"]
        )

    def test_a_refund_waits_as_long_as_the_circuit_says(self):
        """Every rule is a field: ``hold_minutes`` holds for refunds too."""
        self.circuit.hold_minutes = 7
        origin = self.authorize()
        self.capture(origin)

        refund = self.transaction(self.refund(origin, "5.00"))

        self.assertEqual((refund.expires_at - refund.authorized_at).total_seconds(), 7 * 60)

    def test_a_refunds_key_stands_for_one_request(self):
        """Same key, same amount: same answer; another amount is refused."""
        origin = self.authorize()
        self.capture(origin)
        key = str(uuid4())

        replies = [self.refund(origin, amount, key=key) for amount in ("5.00", "5.00", "6.00")]

        self.assertEqual(replies[0], replies[1])
        self.assertEqual(replies[2]["code"], "KEY_CONFLICT")

    def test_refund_needs_a_captured_payment_of_this_shop(self):
        """A hold, an unknown key and another merchant's payment cannot be refunded."""
        held = self.authorize("10.00")
        sold = self.authorize("20.00")
        self.capture(sold, "20.00")

        foreign = self.till._refund(
            self.other_terminal,
            {"key": str(uuid4()), "origin_key": sold["key"], "amount": "1.00", "order_ref": "x"},
        )

        self.assertEqual([self.refund(held, "5.00")["code"], foreign["code"]], ["NO_ORIGIN", "NO_ORIGIN"])

    def test_refund_bad_input(self):
        """Amounts and keys that are none."""
        origin = self.authorize()
        self.capture(origin)
        for amount in ("-1", "0", "NaN", None, 5.0):
            with self.subTest(amount):
                self.assertEqual(self.refund(origin, amount)["code"], "BAD_AMOUNT")
        self.assertEqual(self.refund(origin, "1.00", key="x")["code"], "BAD_REQUEST")

    def test_minimum_refund_follows_the_goods(self):
        """R-004-57: half paid by the card, so half of what comes back goes to the card."""
        origin = self.authorize()
        payment = self.capture(origin)

        due = [payment._minimum_refund(Decimal(total)) for total in ("0", "10.01", "30.00")]

        self.assertEqual(due, [Decimal("0"), Decimal("5.01"), Decimal("15.00")])

    def test_staff_reverse_a_captured_payment(self):
        """R-004-84: authorised users reverse a wrong charge; the reason is kept."""
        origin = self.authorize()
        payment = self.capture(origin)

        wizard = (
            self.env["circuit.transaction.reverse"].with_context(active_id=payment.id).create({"reason": "typed twice"})
        )
        action = wizard.action_reverse()

        refund = self.env["circuit.transaction"].browse(action["res_id"])
        self.assertEqual((self.balance(), refund.reason, refund.channel), (Decimal("41.25"), "typed twice", "staff"))
        with self.assertRaises(UserError):
            wizard.action_reverse()
