from odoo.tests import tagged

from .common import WebTillCase


@tagged("post_install", "-at_install")
class TestPlace(WebTillCase):
    def test_operation_keeps_the_place_of_the_login(self):
        """R-000-04: the shop has two places and the person sells in one of them."""
        market = self.env["circuit.place"].create({"name": "Market stall", "merchant_id": self.merchant.id})
        self.login().sudo().place_id = market

        reply = self.pay()

        self.assertEqual(self.transaction(reply).place_id, market)

    def test_only_place_needs_no_setting(self):
        """R-000-04."""
        self.login()

        reply = self.pay()

        self.assertEqual(self.transaction(reply).place_id, self.merchant.place_ids)
