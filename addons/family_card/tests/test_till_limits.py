from datetime import datetime
from decimal import Decimal
from uuid import uuid4

from freezegun import freeze_time

from odoo.tests import tagged

from odoo.addons.merchant_circuit.rules.till import Line

from .common import CorletoCase

ORDER = "order-1"


@tagged("post_install", "-at_install")
class TestTillLimits(CorletoCase):
    """Readings that need the account's lock: the cap per quarter (A05) and the waived minimum (A09); and the list
    of goods (R-001-11)."""

    def capture(self, reply, amount):
        """Confirm a charge."""
        return self.env["circuit.transaction"]._capture(
            self.terminal(self.grocery), reply["key"], ORDER, Decimal(reply["amount"]), [Line(Decimal(amount))]
        )

    def capped(self):
        """A card with 56.25 of the first and 56.25 of the second quarter, and the cap on."""
        self.terms.per_quarter_category_cap = True
        card, pin = self.card()
        with freeze_time(datetime(2024, 4, 2, 8)):
            for period in (self.q1, self.q2):
                card._credit_period(period, datetime(2024, 4, 2, 8))
        self.assertEqual(self.balances(card)["COMMERCIO"], Decimal("112.50"))
        return card, pin

    # ------------------------------------------------------------ cap per quarter

    def test_no_cap_unless_it_is_chosen(self):
        """A05, R-004-35: by default the balance is the only limit."""
        card, pin = self.card()
        for period in (self.q1, self.q2):
            card._credit_period(period, datetime(2024, 4, 2, 8))

        self.assertEqual(self.charge(card, pin, "225.00")["amount"], "112.50")

    def test_the_cap_is_the_quarters_credit(self):
        """A05: 56.25 for the quarter, though 112.50 are on the account; the residual told is the real one."""
        card, pin = self.capped()

        reply = self.charge(card, pin, "225.00")

        self.assertEqual((reply["amount"], reply["balance"]), ("56.25", "56.25"))
        self.assertEqual(self.charge(card, pin, "30.00")["code"], "ACCOUNT_LIMIT")

    def test_the_refusal_tells_what_the_cap_leaves(self):
        """A05, R-004-76."""
        card, pin = self.capped()
        self.charge(card, pin, "80.00")

        reply = self.charge(card, pin, "60.00", requested="30.00")

        self.assertEqual((reply["code"], reply["limit"]), ("ACCOUNT_LIMIT", "16.25"))

    def test_a_void_gives_the_room_back(self):
        """A05."""
        card, pin = self.capped()
        reply = self.charge(card, pin, "225.00")
        self.till._void(self.terminal(self.grocery), [reply["key"]])

        self.assertEqual(self.charge(card, pin, "225.00")["amount"], "56.25")

    def test_a_refund_gives_the_room_back_to_its_own_quarter(self):
        """A05, R-004-84: part of a purchase of April comes back in April, the rest in July."""
        card, pin = self.capped()
        sale = self.capture(self.charge(card, pin, "112.50"), "112.50")
        terminal = self.terminal(self.grocery)
        self.refund(terminal, sale, "10.00")

        self.assertEqual(self.charge(card, pin, "225.00")["amount"], "10.00")
        with freeze_time(datetime(2024, 7, 2, 8)):
            card._credit_period(self.q3, datetime(2024, 7, 2, 8))
            self.refund(terminal, sale, "40.00")
            self.assertEqual(self.charge(card, pin, "225.00")["amount"], "56.25")

    def refund(self, terminal, sale, amount):
        """Give back part of a captured sale."""
        key = str(uuid4())
        request = {"key": key, "origin_key": sale.key, "amount": amount, "order_ref": ORDER}
        self.assertEqual(self.till._refund(terminal, request)["amount"], amount)
        self.env["circuit.transaction"]._capture(terminal, key, ORDER, Decimal(amount))

    def test_a_new_quarter_has_a_cap_of_its_own(self):
        """A05: what was left of the quarters before waits; nothing before the quarter is credited."""
        card, pin = self.capped()
        self.charge(card, pin, "225.00")

        with freeze_time(datetime(2024, 6, 30, 22, 0, 0)):  # 1 July in Rome
            self.assertEqual(self.charge(card, pin, "30.00")["limit"], "0.00")
            card._credit_period(self.q3, datetime(2024, 6, 30, 22, 0, 0))
            self.assertEqual(self.charge(card, pin, "225.00")["amount"], "56.25")

    def test_each_account_has_a_cap_of_its_own(self):
        """A05, R-004-43: 40 % of the quarter at the workshop."""
        card, pin = self.capped()
        self.charge(card, pin, "225.00")

        self.assertEqual(self.charge(card, pin, "225.00", merchant=self.mechanic)["amount"], "45.00")

    # ------------------------------------------------------------ waived minimum

    def test_the_last_cents_may_be_spent_when_the_minimum_is_waived(self):
        """A09, R-004-77: 4.99 are left, less than the card's share of 10.00."""
        self.terms.min_spend_waived_below_balance = True
        card, pin = self.card({"COMMERCIO": "4.99"})

        reply = self.charge(card, pin, "6.00")

        self.assertEqual((reply["amount"], reply["balance"]), ("3.00", "1.99"))

    def test_the_minimum_holds_while_the_balance_is_enough(self):
        """A09: with 5.00 on the account a purchase of 10.00 is possible, so it is required."""
        self.terms.min_spend_waived_below_balance = True
        card, pin = self.card({"COMMERCIO": "5.00"})

        reply = self.charge(card, pin, "9.99")

        self.assertEqual((reply["code"], reply["limit"]), ("MIN_SPEND", "10.00"))
        self.assertEqual(self.balances(card)["COMMERCIO"], Decimal("5.00"))

    def test_the_minimum_is_not_waived_by_default(self):
        """A09."""
        card, pin = self.card({"COMMERCIO": "0.35"})

        self.assertEqual(self.charge(card, pin, "6.00")["code"], "MIN_SPEND")

    def test_nothing_left_is_said_as_such(self):
        """A09, H11."""
        self.terms.min_spend_waived_below_balance = True
        card, pin = self.card()

        self.assertEqual(self.charge(card, pin, "6.00")["code"], "NO_CREDIT")

    # ------------------------------------------------------------ list of goods

    def test_only_goods_of_the_list(self):
        """R-001-11: toys on the receipt are paid otherwise; the shop's own goods are on the list."""
        self.terms.allowed_activity_ids = self.env.ref("merchant_circuit.activity_grocery")
        card, pin = self.card({"COMMERCIO": "56.25"})

        reply = self.charge(card, pin, "20.00", ("30.00", "household_goods"))

        self.assertEqual((reply["eligible"], reply["amount"]), ("20.00", "10.00"))

    def test_a_shop_without_such_goods(self):
        """R-001-11: nothing is eligible."""
        self.terms.allowed_activity_ids = self.env.ref("merchant_circuit.activity_necessities")
        card, pin = self.card({"COMMERCIO": "56.25"})

        self.assertEqual(self.charge(card, pin, "20.00")["code"], "EXCLUDED_MERCHANT")
        reply = self.charge(card, pin, ("20.00", "necessities"))
        self.assertEqual(reply["amount"], "10.00")

    # ------------------------------------------------------------ end of the year

    def test_credits_outlive_the_year_by_default(self):
        """A12, R-004-55, X1: the third quarter is spendable until 31/03/2025."""
        self.assertEqual(self.q3._expires_at(self.terms, datetime(2024, 7, 2).date()), datetime(2025, 3, 31, 22))

    def test_credits_die_with_the_year(self):
        """A12: at midnight in Rome; earlier expiries stay."""
        self.terms.expire_at_year_end = True

        self.assertEqual(self.q1._expires_at(self.terms, datetime(2024, 4, 2).date()), datetime(2024, 9, 30, 22))
        for period in (self.q2, self.q3, self.q4):
            self.assertEqual(period._expires_at(self.terms, period.load_by), datetime(2024, 12, 31, 23))
