from decimal import Decimal
from uuid import uuid4

from odoo.exceptions import UserError

from .common import PosCircuitCase


class TestRefund(PosCircuitCase):
    """A return gives the card's share back to the card, to the same lots."""

    def authorize_refund(self, order, amount, uuid):
        """Prepare the return of ``amount`` of the order's card payment."""
        return self.till.sudo()._refund(
            self.config._circuit_terminal(self.pos_session.id),
            {
                "key": str(uuid4()),
                "origin_key": order.payment_ids.circuit_transaction_id.key,
                "amount": amount,
                "order_ref": uuid,
            },
        )

    def give_back(self, order, qty, card, other, uuid=None):
        """Return ``qty`` of the only line of an order."""
        uuid = uuid or str(uuid4())
        payments = []
        if card:
            reply = self.authorize_refund(order, f"{card:.2f}", uuid)
            self.assertEqual(reply["status"], "authorized", reply)
            payments.append(self.payment(-card, reply["key"]))
        if other:
            payments.append(self.payment(-other))
        line = self.line(order.lines.price_unit, -qty, order.lines)
        return self.sync(self.order(uuid, [line], payments, is_refund=True))

    def test_a_full_return_restores_the_account(self):
        """R-004-84."""
        order = self.sell()

        refund = self.give_back(order, 1, 15.0, 15.0)

        self.assertEqual(refund.payment_ids.circuit_transaction_id.kind, "refund")
        self.assertEqual(self.balance(), Decimal("41.25"))

    def test_credit_never_becomes_cash(self):
        """R-004-57: a return paid out otherwise is refused."""
        order = self.sell()
        with self.assertRaises(UserError), self.cr.savepoint():
            self.give_back(order, 1, 0, 30.0)
        with self.assertRaises(UserError), self.cr.savepoint():
            self.give_back(order, 1, 14.99, 15.01)
        self.env.invalidate_all()
        self.assertEqual(self.balance(), Decimal("26.25"))

    def test_partial_returns_add_up(self):
        """Half of the goods, then the other half: 7.50 each time."""
        uuid = str(uuid4())
        reply = self.pos_authorize(uuid)
        payments = [self.payment(15.0, reply["key"]), self.payment(15.0)]
        order = self.sync(self.order(uuid, [self.line(15.0, 2)], payments))

        self.give_back(order, 1, 7.5, 7.5)
        self.assertEqual(self.balance(), Decimal("33.75"))
        with self.assertRaises(UserError), self.cr.savepoint():
            self.give_back(order, 1, 0, 15.0)
        self.give_back(order, 1, 7.5, 7.5)

        self.assertEqual(self.balance(), Decimal("41.25"))

    def test_more_than_was_paid_is_not_given_back(self):
        """The card never gets more than it paid."""
        order = self.sell()
        reply = self.authorize_refund(order, "20.00", str(uuid4()))
        self.assertIn(reply["status"], ("refused", "authorized"))
        if reply["status"] == "authorized":
            self.assertEqual(reply["amount"], "15.00")

    def test_a_return_names_its_sale(self):
        """A free negative line would pay credit out in cash."""
        with self.assertRaises(UserError), self.cr.savepoint():
            self.sync(self.order(str(uuid4()), [self.line(30.0, -1)], [self.payment(-30.0)]))

    def test_a_return_and_a_purchase_do_not_share_a_receipt(self):
        """The card's share of a mixed receipt could not be told."""
        order = self.sell()
        uuid = str(uuid4())
        reply = self.pos_authorize(uuid, "10.00")
        lines = [self.line(40.0), self.line(30.0, -1, order.lines)]
        with self.assertRaises(UserError), self.cr.savepoint():
            self.sync(self.order(uuid, lines, [self.payment(5.0, reply["key"]), self.payment(5.0)]))

    def test_a_sale_without_card_is_returned_freely(self):
        """Nothing to give back to a card that paid nothing."""
        order = self.sync(self.order(str(uuid4()), [self.line(30.0)], [self.payment(30.0)]))
        refund = self.give_back(order, 1, 0, 30.0)
        self.assertEqual(refund.state, "paid")
