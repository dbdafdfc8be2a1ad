from odoo.exceptions import ValidationError
from odoo.tests import tagged

from ..models.circuit_api_key import SCOPES
from .common import ApiCase


@tagged("post_install", "-at_install")
class TestPlace(ApiCase):
    def test_operation_keeps_the_place_of_the_key(self):
        """R-000-04: a web shop is a place of its own."""
        online = self.env["circuit.place"].create(
            {
                "name": "Web shop",
                "merchant_id": self.merchant.id,
                "kind": "online",
                "url": "https://shop.example.com",
            }
        )
        _key, text = self.keys._issue(self.merchant, "Cart", SCOPES, place=online)

        paid = self.pay(text=text).json()

        self.assertEqual(self.transaction(paid).place_id, online)

    def test_only_place_needs_no_setting(self):
        """R-000-04: and a change of the places reaches keys in memory."""
        first = self.pay().json()
        self.env["circuit.place"].create({"name": "Second shop", "merchant_id": self.merchant.id})
        second = self.pay(order_ref="order-2").json()

        self.assertEqual(self.transaction(first).place_id, self.merchant.place_ids.sorted("id")[:1])
        self.assertFalse(self.transaction(second).place_id)

    def test_key_sells_at_a_place_of_its_own_merchant(self):
        """R-000-04."""
        with self.assertRaises(ValidationError):
            self.keys._issue(self.merchant, "Cart", SCOPES, place=self.other_merchant.place_ids)
