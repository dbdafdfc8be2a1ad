from decimal import Decimal
from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.tests import tagged

from .wallet_common import WalletCase


@tagged("post_install", "-at_install")
class TestWalletExchange(WalletCase):
    """A coupon for what is in the wallet."""

    def offer(self, **values):
        """A published campaign whose coupons cost 4.00.

        :return: ecoupon.campaign
        """
        self.agreements[1].role_issue = True
        # sudo: a campaign is approved elsewhere
        return (
            self.env["ecoupon.campaign"]
            .sudo()
            .create(
                {
                    "name": "Theatre",
                    "circuit_id": self.circuit.id,
                    "issuer_agreement_id": self.agreements[1].id,
                    "amount": 5,
                    "accept": "all",
                    "area": "reserved",
                    "obtain": "exchanged",
                    "wallet_price": 4,
                    "per_person": 2,
                    "valid_from": self.later(hours=-1),
                    "valid_to": self.later(days=9),
                    "state": "published",
                    **values,
                }
            )
        )
