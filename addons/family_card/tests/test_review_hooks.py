from datetime import datetime
from decimal import Decimal

from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common import CorletoCase


@tagged("post_install", "-at_install")
class TestReviewHooks(CorletoCase):
    def test_cards_of_one_household_belong_together_and_no_others(self):
        """Issue 4: the group is opaque and the same for the cards of a household."""
        (card, _pin), (other, _pin) = self.card(), self.card()
        again = self.request_card(card.household_id)

        groups = self.env["family.card"]._circuit_group((card | other | again).ids)

        self.assertEqual(groups[card.id], groups[again.id])
        self.assertNotEqual(groups[card.id], groups[other.id])
        self.assertNotIn(card.holder_id.name, groups[card.id])

    def test_the_minimum_is_the_one_of_the_day(self):
        """Issue 4, R-004-78: purchases are compared with the minimum that held."""
        card, _pin = self.card()

        minimum = card._circuit_minimum(card.ids, datetime(2024, 4, 3, 10))
        before = card._circuit_minimum(card.ids, datetime(2020, 1, 1))

        self.assertEqual(minimum, {card.id: Decimal("10.00")})
        self.assertEqual(before, {})

    def test_a_suspicious_card_is_blocked_by_who_may(self):
        """Issue 4: from a case to the block, by the card's own rules."""
        card, _pin = self.card()
        self.assertTrue(card._circuit_may_block())
        stranger = self.user("review-employee", "base.group_user")
        with self.assertRaises(AccessError):
            card.with_user(stranger)._circuit_block("Case 1")

        card.with_user(self.user("review-officer", "family_card.group_officer"))._circuit_block("Case 1")

        self.assertEqual((card.state, card.state_reason), ("suspended", "fraud"))
        self.assertEqual(card.block_ids.note, "Case 1")
