from decimal import Decimal

from .common import PosCircuitCase


class TestTour(PosCircuitCase):
    """The till in a browser, as the restricted cashier."""

    browser_size = "1366x768"

    def _identify(self, identifier, at, circuits=()):
        """The health card that the tour scans is the test card."""
        return super()._identify("CARD" if identifier == "RSSMRA85T10A562S" else identifier, at)

    def test_card_sale(self):
        """Scan, PIN, 15.00 of 30.00 by card, the rest otherwise, receipt: also proves that the white
        list of models lets the till open."""
        self.cashier.sudo().password = self.cashier.login  # start_tour signs in with the login as password
        self.start_tour(f"/pos/ui/{self.config.id}", "pos_circuit_card_sale", login=self.cashier.login)

        transaction = self.env["circuit.transaction"].sudo().search([("merchant_id", "=", self.merchant.id)])
        self.assertEqual((transaction.state, transaction.amount), ("captured", 15.0))
        self.assertEqual(self.balance(), Decimal("26.25"))
