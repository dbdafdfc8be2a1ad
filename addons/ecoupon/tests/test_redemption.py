from datetime import timedelta
from decimal import Decimal

from odoo.exceptions import UserError
from odoo.tests import new_test_user, tagged

from .redemption_common import RedemptionCase


@tagged("post_install", "-at_install")
class TestRedemption(RedemptionCase):
    def test_own_coupon(self):
        """R-000-20, R-000-24, C1: 5.00 off at the issuer's own shop: nothing to clear, commission 0.15."""
        noted = self.spend("40.00", shop=self.issuer)

        self.assertEqual(self.figures(noted, "discount", "owed", "commission"), (5, 0, Decimal("0.15")))

    def test_percentage(self):
        """R-000-08, R-000-24, C2: 15 % of 39.90 are 5.99, commission 0.18."""
        noted = self.spend("39.90", percent=15)

        self.assertEqual(self.figures(noted, "discount", "commission"), (Decimal("5.99"), Decimal("0.18")))

    def test_more_than_the_goods(self):
        """R-000-07, C3: 10.00 on goods of 7.50: commission on what was granted."""
        noted = self.spend("7.50", amount=10)

        self.assertEqual(self.figures(noted, "discount", "commission"), (Decimal("7.50"), Decimal("0.23")))

    def test_three_members(self):
        """R-000-21, R-000-24, C4: handed out by B, issued by A, accepted by C: A owes C 5.00, B nothing."""
        coupon = self.coupon(distributor_id=self.bookshop.id)
        transaction = self.capture(self.use(coupon, "30.00"))

        noted = self.env["ecoupon.redemption"].search([("transaction_id", "=", transaction.id)])

        self.assertEqual(self.figures(noted, "owed", "commission"), (5, Decimal("0.15")))
        self.assertEqual((noted.issuer_id, noted.acceptor_id), (self.issuer, self.shop))
        self.assertEqual(noted.distributor_id, self.bookshop)
        self.assertEqual(transaction.funder_id, self.circuit.clearing_funder_id)

    def test_maximum(self):
        """R-000-24, C5: 20 % of 120.00, at most 15.00: commission 0.45."""
        noted = self.spend("120.00", percent=20, max_discount=15)

        self.assertEqual(self.figures(noted, "discount", "commission"), (15, Decimal("0.45")))

    def test_only_what_is_spent(self):
        """R-000-23, C8: issued, taken, held and voided coupons bear nothing."""
        self.coupon()
        held = self.use(self.coupon())
        self.till._void(self.terminals[self.shop], [held["key"]])

        self.assertFalse(self.env["ecoupon.redemption"].search([("circuit_id", "=", self.circuit.id)]))

    def test_reversal(self):
        """R-000-25, C9: what comes back takes back discount, debt and commission."""
        noted = self.spend("40.00")

        reversed_ = self.give_back(noted, "5.00")

        self.assertEqual((reversed_.kind, reversed_.origin_id), ("refund", noted))
        self.assertEqual(self.figures(noted | reversed_, "discount", "owed", "commission", "purchase"), (0, 0, 0, 0))

    def test_reversal_in_two_parts(self):
        """R-000-25: 4.99 came back as 2.50 and 2.49: nothing is left, no cent too many."""
        noted = self.spend("40.00", amount="4.99", sponsor_id=self.bookshop.id, sponsor_share=33)

        parts = self.give_back(noted, "2.50") | self.give_back(noted, "2.49")

        names = ("discount", "owed", "commission", "sponsor_amount", "purchase")
        self.assertEqual(self.figures(noted | parts, *names), (0, 0, 0, 0, 0))

    def test_the_terms_of_the_day(self):
        """R-000-22: the operator switches it off from a day on; what was spent before stays as it was."""
        before = self.spend("40.00")
        self.terms.copy({"date_from": self.circuit._local_today(), "enabled": False})

        after = self.spend("40.00")
        reversed_ = self.give_back(before, "5.00")

        self.assertEqual(self.figures(after, "commission"), (0,))
        self.assertEqual(self.figures(before | reversed_, "commission"), (0,))

    def test_terms_of_days_gone_by(self):
        """R-000-22: no terms for days whose coupons were reckoned by others."""
        self.spend("40.00")

        with self.assertRaisesRegex(UserError, "begin today or later"):
            self.terms.copy({"date_from": self.circuit._local_today() - timedelta(days=1), "rate": 5})

    def test_the_sponsor(self):
        """R-000-20, B04: the Region bears a fifth of the discount."""
        noted = self.spend("40.00", sponsor_id=self.bookshop.id, sponsor_share=20)

        self.assertEqual(self.figures(noted, "discount", "sponsor_amount"), (5, 1))

    def test_noted_once(self):
        """R-000-26: captured twice, it is there once, at once."""
        noted = self.spend("40.00")

        again = self.env["ecoupon.redemption"]._record(noted.transaction_id)

        self.assertFalse(again)

    def test_terms_in_use_stay(self):
        """R-000-22: new terms begin on a later day; the past is not reckoned again."""
        self.spend("40.00")

        with self.assertRaisesRegex(UserError, "from a later day"):
            self.terms.rate = 5
        with self.assertRaisesRegex(UserError, "from a later day"):
            self.terms.unlink()

    def test_the_operator_switches_it(self):
        """R-000-22: whoever runs the circuit sets the terms; an officer of the public body reads them."""
        operator = new_test_user(self.env, "commission_operator", groups="merchant_circuit.group_operator")
        self.circuit.operator_id = operator.partner_id.create({"name": "Gestore", "is_company": True})
        operator.partner_id.parent_id = self.circuit.operator_id

        self.terms.with_user(operator).enabled = False

        self.assertEqual(self.figures(self.spend("40.00"), "commission"), (0,))
