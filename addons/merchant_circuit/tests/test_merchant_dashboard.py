from datetime import timedelta

from odoo import fields
from odoo.tests import tagged

from .common import ShopCase


@tagged("post_install", "-at_install")
class TestMerchantDashboard(ShopCase):
    def live(self, query=""):
        """What the open page is told."""
        answer = self.url_open(f"/merchant/live{query}")
        self.assertEqual(answer.headers["Content-Type"], "application/json; charset=utf-8")
        return answer.json()

    def test_the_first_page_shows_today_and_the_month(self):
        """R-001-17, R-004-95: by state, for a portal user of the merchant."""
        self.sale()._reverse("Goods returned")
        self.sale()
        self.authorize("5.00")
        self.login(self.merchant)

        page = self.url_open("/merchant").text

        for text in ("Today", "30.00", "-15.00", "2.50", "Not confirmed yet", "Latest operations"):
            with self.subTest(text):
                self.assertIn(text, page.replace("\ufeff", ""))

    def test_another_merchants_figures_are_not_there(self):
        """R-000-27."""
        sale = self.sale()
        self.login(self.other_merchant)

        self.assertNotIn(sale.reference, self.url_open("/merchant").text)
        self.assertNotIn(sale.reference, self.live()["html"])

    def test_the_open_page_learns_of_new_operations(self):
        """R-004-95: it asks with what it shows, and gets the figures only when they changed."""
        self.login(self.merchant)
        before = self.live()
        unchanged = self.live(f"?digest={before['digest']}")
        sale = self.sale()
        after = self.live(f"?digest={before['digest']}")

        self.assertEqual(unchanged, {"digest": before["digest"]})
        self.assertIn(sale.reference, after["html"])
        self.assertTrue(after["status"])

    def test_the_page_begins_with_what_it_shows(self):
        """R-004-95: the first question of the open page changes nothing."""
        self.sale()
        self.login(self.merchant)

        self.assertIn(f'data-digest="{self.live()["digest"]}"', self.url_open("/merchant").text)

    def test_the_trend_is_drawn_by_day_and_by_month(self):
        """R-004-95: with the same figures as a table; older operations belong to the twelve months only."""
        sale = self.sale()
        self.env.cr.execute(
            "UPDATE circuit_transaction SET authorized_at = %s WHERE id = %s",
            [fields.Datetime.now() - timedelta(days=70), sale.id],
        )
        sale._forget()
        self.login(self.merchant)

        days, months = self.live()["html"], self.live("?trend=months")["html"]

        self.assertEqual((days.count("<rect"), months.count("<rect")), (0, 1))
        self.assertIn("<table", months)

    def test_a_merchant_without_agreement_is_told(self):
        """R-001-03: and still sees what it charged."""
        self.agreement.action_end()
        self.login(self.merchant)

        self.assertIn("There is no agreement in force", self.url_open("/merchant").text)
