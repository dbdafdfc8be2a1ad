from decimal import Decimal
from uuid import uuid4

from odoo import fields
from odoo.tests import tagged
from odoo.tools import SQL

from .till_common import CouponTillCase


@tagged("post_install", "-at_install")
class TestCouponUses(CouponTillCase):
    """R-000-38: a use is a payment that lives."""

    def refund(self, transaction, amount):
        """Give back a part of a captured payment.

        :return: dict, the till's answer
        """
        terminal = self.terminals[self.shop]
        request = {"key": str(uuid4()), "origin_key": transaction.key, "amount": amount, "order_ref": "back"}
        reply = self.till._refund(terminal, request)
        self.env["circuit.transaction"]._capture(terminal, reply["key"], "back", Decimal(reply["amount"]))
        return self.till._status(terminal, reply["key"])

    def test_the_stated_number_of_times(self):
        """R-000-38: n times and no more."""
        coupon = self.coupon(self.campaign(uses=3))

        for _time in range(3):
            self.assertEqual(self.use(coupon)["status"], "authorized")
        self.refused("COUPON_SPENT", self.use(coupon))

    def test_the_same_request_is_one_use(self):
        """R-000-38: the answer was lost and the till asks again, also when the circuit was stopped meanwhile."""
        coupon = self.coupon()
        first = self.use(coupon)

        self.assertEqual(self.till._authorize(self.terminals[self.shop], self.sent), first)
        coupon.campaign_id.sudo().state = "stopped"
        self.assertEqual(self.till._authorize(self.terminals[self.shop], self.sent), first)

    def test_a_void_gives_the_use_back(self):
        """R-000-38: the sale was given up."""
        coupon = self.coupon()
        reply = self.use(coupon)

        self.till._void(self.terminals[self.shop], [reply["key"]])

        self.assertEqual(self.use(coupon)["status"], "authorized")

    def test_a_hold_that_nobody_captures_gives_the_use_back(self):
        """R-000-38: the till died: its hold expires."""
        coupon = self.coupon()
        reply = self.use(coupon)
        self.env.cr.execute(
            SQL("UPDATE circuit_transaction SET expires_at = %s WHERE key = %s", fields.Datetime.now(), reply["key"])
        )
        self.env["circuit.transaction"]._forget()
        self.refused("COUPON_SPENT", self.use(coupon))

        self.env["circuit.transaction"]._cron_expire_holds()

        self.assertEqual(self.use(coupon)["status"], "authorized")

    def test_a_full_refund_gives_the_use_back(self):
        """R-000-38, R-000-20: a part of it does not; nothing is posted, for there is no account."""
        coupon = self.coupon()
        payment = self.capture(self.use(coupon))

        part = self.refund(payment, "2.00")
        self.refused("COUPON_SPENT", self.use(coupon))
        self.refund(payment, "3.00")

        self.assertEqual((part["status"], part["amount"], part["balance"]), ("captured", "2.00", None))
        self.assertEqual((part["kind"], part["vat_treatment"]), ("coupon", "payment"))
        self.assertEqual(self.use(coupon)["status"], "authorized")

    def test_the_office_reverses_a_coupon(self):
        """R-000-38: as any other payment."""
        coupon = self.coupon()
        payment = self.capture(self.use(coupon))

        refund = payment._reverse("wrong goods")

        self.assertEqual((refund.state, refund.amount), ("captured", 5.0))
        self.assertEqual(self.use(coupon)["status"], "authorized")


@tagged("post_install", "-at_install")
class TestCouponsTogether(CouponTillCase):
    """B03: what happens when two coupons are shown for one purchase."""

    def two(self, stacking, second=None, **changes):
        """Use a coupon of 10 percent, then one of 25 on the same 60.00.

        :return: dict, the till's second answer
        """
        self.circuit.coupon_stacking = stacking
        self.use(self.coupon(self.campaign(percent=10)), "60.00", order_ref="same")
        return self.use(second or self.coupon(self.campaign(percent=25, **changes)), "60.00", order_ref="same")

    def test_only_the_best_counts(self):
        """R-000-13: C6: refused, with what the second one would be worth."""
        reply = self.two("best")

        self.refused("COUPON_STACK", reply)
        self.assertEqual(reply["limit"], "15.00")

    def test_each_on_the_full_price(self):
        """R-000-13: C6, sum 21.00."""
        self.assertEqual(self.two("sum")["amount"], "15.00")

    def test_each_on_what_is_left(self):
        """R-000-13: C6, sequence 19.50."""
        self.assertEqual(self.two("sequence")["amount"], "13.50")

    def test_a_coupon_that_stands_alone(self):
        """R-000-13: whatever the circuit says."""
        reply = self.two("sum", alone=True)

        self.assertIn("cannot be used together", self.refused("COUPON_STACK", reply))

    def test_a_coupon_once_a_purchase(self):
        """R-000-38: also one with several uses."""
        self.circuit.coupon_stacking = "sum"
        coupon = self.coupon(self.campaign(uses=5))
        self.use(coupon, order_ref="same")

        self.refused("COUPON_STACK", self.use(coupon, order_ref="same"))
        self.assertEqual(self.use(coupon, order_ref="next")["status"], "authorized")

    def test_what_was_voided_or_bought_otherwise_does_not_count(self):
        """R-000-13: the other coupon was taken back; the same name of an order for other goods."""
        first = self.use(self.coupon(), "60.00", order_ref="same")

        self.assertEqual(self.use(self.coupon(), "61.00", order_ref="same")["status"], "authorized")
        self.till._void(self.terminals[self.shop], [first["key"]])
        self.assertEqual(self.use(self.coupon(), "60.00", order_ref="same")["status"], "authorized")
