from decimal import Decimal
from uuid import uuid4

from odoo.exceptions import UserError

from .common import PosCircuitCase


class TestRefund(PosCircuitCase):
    """A return gives the card's share back to the card, to the same lots."""

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

    # ------------------------------------------------------------ ways around the rule

    def refused(self, *arguments, **options):
        """This return is refused and moves nothing."""
        before = self.balance()
        with self.assertRaises(UserError), self.cr.savepoint():
            self.give_back(*arguments, **options)
        self.env.invalidate_all()
        self.assertEqual(self.balance(), before)

    def test_a_lower_price_returns_its_share(self):
        """R-004-57: 10.00 of 30.00 come back, so 5.00 of 15.00 go to the card."""
        order = self.sell()
        self.refused(order, 1, 4.99, 5.01, price=10.0)

        self.give_back(order, 1, 5.0, 5.0, price=10.0)

        self.assertEqual(self.balance(), Decimal("31.25"))

    def test_what_was_not_sold_is_not_returned(self):
        """R-004-57: neither twice the quantity nor twice the price, even if the card gets all of its share."""
        order = self.sell()

        self.refused(order, 2, 15.0, 45.0)
        self.refused(order, 1, 15.0, 45.0, price=60.0)

    def test_a_sale_is_not_returned_twice(self):
        """R-004-57: a cash sale does not serve to pay another one's goods out again and again."""
        order = self.sync(self.order(str(uuid4()), [self.line(30.0)], [self.payment(30.0)]))
        self.give_back(order, 1, 0, 30.0)

        self.refused(order, 1, 0, 30.0)

    def test_many_small_returns_are_not_more_than_the_sale(self):
        """R-004-57: three times a third, and no fourth time."""
        order = self.sync(self.order(str(uuid4()), [self.line(3.33, 3)], [self.payment(9.99)]))
        for _part in range(3):
            self.give_back(order, 1, 0, 3.33)

        self.refused(order, 1, 0, 3.33)

    def test_at_another_till_of_the_shop(self):
        """R-004-57: the rule goes with the sale, not with the till."""
        order = self.sell()
        second = self.config.sudo().copy({"name": "Second till"})
        self.env.registry.clear_cache()
        self.config, self.pos_session = second, self.open_session(second, self.cashier)
        self.refused(order, 1, 0, 30.0)

        self.give_back(order, 1, 15.0, 15.0)

        self.assertEqual(self.balance(), Decimal("41.25"))

    def test_after_the_session_is_closed(self):
        """R-004-57: a sale of yesterday."""
        order = self.sell()
        self.pos_session.with_user(self.cashier).update_closing_control_state_session("")
        self.assertTrue(self.pos_session.with_user(self.cashier).close_session_from_ui()["successful"])
        self.assertEqual(order.state, "done")
        self.pos_session = self.open_session(self.config, self.cashier)
        self.refused(order, 1, 0, 30.0)

        self.give_back(order, 1, 15.0, 15.0)

        self.assertEqual(self.balance(), Decimal("41.25"))

    def test_a_draft_return_set_to_paid_by_rpc(self):
        """R-004-57: writing the state is no way around the card's share."""
        order = self.sell()
        line = self.line(30.0, -1, order.lines)
        draft = self.sync(self.order(str(uuid4()), [line], [self.payment(-30.0)], state="draft"))

        with self.assertRaises(UserError), self.cr.savepoint():
            draft.with_user(self.cashier).write({"state": "paid"})

    def test_a_return_bent_to_another_sale_afterwards(self):
        """R-004-57: first the return of a cash sale, then its line is said to be the card's."""
        order = self.sell()
        cash = self.sync(self.order(str(uuid4()), [self.line(30.0)], [self.payment(30.0)]))
        refund = self.give_back(cash, 1, 0, 30.0).with_user(self.cashier)

        with self.assertRaises(UserError), self.cr.savepoint():
            refund.lines.write({"refunded_orderline_id": order.lines.id})
        with self.assertRaises(UserError), self.cr.savepoint():
            refund.lines.create({**self.line(30.0, -1, order.lines), "order_id": refund.id})
        with self.assertRaises(UserError), self.cr.savepoint():
            refund.lines.unlink()

    def test_a_paid_sale_is_not_cancelled_by_rpc(self):
        """R-004-84: it would stay with the shop, paid by the card and said not to have been made."""
        order = self.sell().with_user(self.cashier)

        for state in ("cancel", "draft"):
            with self.subTest(state), self.assertRaises(UserError), self.cr.savepoint():
                order.write({"state": state})
