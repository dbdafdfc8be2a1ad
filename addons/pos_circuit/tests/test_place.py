from uuid import uuid4

from odoo.exceptions import ValidationError

from .common import PASSWORD, SECRET, PosCircuitCase


class TestPlace(PosCircuitCase):
    """A point of sale says where it stands."""

    def charge(self):
        """Authorise 30.00 at the till.

        :return: circuit.transaction
        """
        self.authenticate(self.cashier.login, PASSWORD)
        request = {
            "key": str(uuid4()),
            "identifier": "CARD",
            "secret": SECRET,
            "lines": [{"product_id": self.product.id, "amount": "30.00"}],
            "requested": None,
            "order_ref": str(uuid4()),
        }
        return self.transaction(self.call(f"/pos_circuit/{self.config.id}/authorize", request)["result"])

    def test_operation_keeps_the_place_of_the_till(self):
        """R-000-04: the shop has two places, the till stands at one."""
        market = self.env["circuit.place"].create({"name": "Market stall", "merchant_id": self.config.merchant_id.id})
        self.config.place_id = market

        self.assertEqual(self.charge().place_id, market)

    def test_only_place_needs_no_setting(self):
        """R-000-04."""
        self.assertEqual(self.charge().place_id, self.config.merchant_id.place_ids)

    def test_till_stands_at_a_place_of_its_own_merchant(self):
        """R-000-04."""
        with self.assertRaises(ValidationError):
            self.config.place_id = self.other_merchant.place_ids
