import random
from datetime import UTC, datetime, timedelta

from odoo.tests import BaseCase, tagged

from ..demo.purchases import HABITS, plan
from ..demo.seasons import TZ

START, END = datetime(2024, 4, 5, 8), datetime(2024, 11, 22, 12)


@tagged("post_install", "-at_install")
class TestPlan(BaseCase):
    """Invented purchases look like purchases."""

    def setUp(self):
        super().setUp()
        self.purchases = plan(random.Random(1), "h05", False, START, END)

    def test_same_seed_gives_the_same_purchases(self):
        """Whoever reads the manual sees the numbers of the manual."""
        self.assertEqual(self.purchases, plan(random.Random(1), "h05", False, START, END))

    def test_purchases_are_in_order_between_credit_and_now(self):
        """Nothing is bought before there is credit, nor in the future."""
        times = [purchase.at for purchase in self.purchases]
        self.assertEqual(times, sorted(times))
        self.assertGreater(times[0], START)
        self.assertLess(times[-1], END)

    def test_last_weeks_are_lively(self):
        """The first screens show purchases of these days."""
        recent = [purchase for purchase in self.purchases if purchase.at > END - timedelta(days=35)]
        self.assertGreaterEqual(len(recent), 2)

    def test_shops_are_closed_at_night_and_on_sundays(self):
        """In the time of Rome."""
        for purchase in self.purchases:
            local = purchase.at.replace(tzinfo=UTC).astimezone(TZ)
            self.assertTrue(8 <= local.hour < 20)
            self.assertNotEqual(local.weekday(), 6)

    def test_only_special_cards_go_to_the_pharmacy(self):
        """R-004-79, R-004-40."""
        self.assertTrue({purchase.shop for purchase in self.purchases} <= HABITS.keys())
        special = plan(random.Random(1), "h25", True, START - timedelta(days=900), END)
        self.assertIn("farmacia", {purchase.shop for purchase in special})

    def test_amounts_are_above_the_minimum(self):
        """R-004-77: the demo shows purchases, refusals are tried by hand."""
        for purchase in self.purchases:
            self.assertGreaterEqual(purchase.amount, 10)
