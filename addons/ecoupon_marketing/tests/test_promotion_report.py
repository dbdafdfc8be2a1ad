from datetime import timedelta

from odoo.tests import tagged

from .common import PromotionCase


@tagged("post_install", "-at_install")
class TestPromotionReport(PromotionCase):
    def setUp(self):
        super().setUp()
        self.deliver()

    def test_from_the_click_to_the_till(self):
        """R-000-34: one mail, one click, one coupon, one redemption of 5.00."""
        self.click()
        self.spend(self.take())

        self.assertEqual(
            self.results(), {"sent": 1, "opened": 1, "clicked": 1, "taken": 1, "spent": 1, "discount": 5.0}
        )
        self.assertEqual((self.newsletter.clicked_count, self.newsletter.spent_count), (1, 1))

    def test_second_click_counts_nothing_more(self):
        """R-000-34: persons, not fingers."""
        self.click()
        self.click()
        self.take()

        self.assertEqual((self.results()["clicked"], self.results()["taken"]), (1, 1))

    def test_coupon_without_a_click_is_no_result(self):
        """R-000-34: Anna took it, but not because of the mail; Bruno got none."""
        self.take()
        self.take(self.bruno)

        self.assertEqual((self.results()["clicked"], self.results()["taken"]), (0, 0))

    def test_coupon_of_another_campaign_is_no_result(self):
        """R-000-34: the link led elsewhere."""
        self.click()
        self.take(campaign=self.campaign(name="Other"))

        self.assertEqual(self.results()["taken"], 0)

    def test_coupon_taken_too_late_is_no_result(self):
        """R-000-34: within the days the newsletter sets."""
        self.newsletter.attribution_days = 7
        self.click(after=-timedelta(days=8))
        self.take()

        self.assertEqual((self.results()["clicked"], self.results()["taken"]), (1, 0))

    def test_reversal_takes_the_result_back(self):
        """R-000-34: what was given back was not spent."""
        self.click()
        coupon = self.take()
        spent = self.spend(coupon)
        self.spend(coupon, "2.00", origin=spent)
        part = self.results()
        self.spend(coupon, "3.00", origin=spent)

        self.assertEqual((part["spent"], part["discount"]), (1, 3.0))
        self.assertEqual((self.results()["spent"], self.results()["discount"]), (0, 0.0))

    def test_addresses_of_computers_are_not_kept(self):
        """R-000-34: a click is counted, not where it came from."""
        self.assertFalse(self.click().ip)
