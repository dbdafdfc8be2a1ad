from decimal import Decimal
from uuid import uuid4

from odoo.addons.stored_value.tools import to_decimal

from .till_common import CouponTillCase


class RedemptionCase(CouponTillCase):
    """Coupons that are spent and come back, under terms of 3 %."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.terms = cls.env["ecoupon.commission"].create(
            {"circuit_id": cls.circuit.id, "date_from": "2020-01-01", "rate": 3}
        )

    def spend(self, *lines, shop=None, **campaign):
        """A coupon spent, and what was noted of it.

        :return: ecoupon.redemption
        """
        reply = self.use(self.coupon(self.campaign(**campaign)), *lines, shop=shop)
        self.assertEqual(reply["status"], "authorized", reply)
        transaction = self.capture(reply, shop=shop)
        return self.env["ecoupon.redemption"].search([("transaction_id", "=", transaction.id)])

    def give_back(self, redemption, amount):
        """A return of a coupon's payment.

        :return: ecoupon.redemption of the reversal
        """
        payment = redemption.transaction_id
        terminal = self.terminals[payment.merchant_id]
        key = str(uuid4())
        request = {"key": key, "origin_key": payment.key, "amount": amount, "order_ref": payment.order_ref}
        reply = self.till._refund(terminal, request)
        refund = self.env["circuit.transaction"]._capture(terminal, key, payment.order_ref, Decimal(reply["amount"]))
        return self.env["ecoupon.redemption"].search([("transaction_id", "=", refund.id)])

    def figures(self, redemptions, *names):
        """Sums, exact."""
        return tuple(sum(map(to_decimal, redemptions.mapped(name))) for name in names)
