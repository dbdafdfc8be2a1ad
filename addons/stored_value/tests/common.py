from datetime import datetime
from decimal import Decimal

from odoo.tests import TransactionCase


class LedgerCase(TransactionCase):
    """A ledger with one empty account; amounts are Decimal EUR, instants are UTC."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.Account = cls.env["stored.value.account"]
        cls.account = cls.Account._open([{"name": "COMMERCIO"}])

    def credit(self, amount, origin, expires=None, start=datetime(2024, 4, 1), account=None):
        """Credit one lot."""
        return self.Account._credit(
            [
                {
                    "account_id": (account or self.account).id,
                    "amount": Decimal(amount),
                    "available_from": start,
                    "expires_at": expires,
                    "origin": origin,
                    "memo": origin,
                }
            ],
            at=start,
        )

    def left(self, account=None):
        """What is left in each lot, by origin."""
        return {lot.origin: f"{lot.remaining:.2f}" for lot in (account or self.account).lot_ids}
