from decimal import Decimal
from uuid import uuid4

from odoo import Command
from odoo.exceptions import AccessError, UserError

from .common import PosCircuitCase


class TestForgery(PosCircuitCase):
    """What a cashier may try with plain RPC: each ends in a refusal and nothing is written."""

    def refused(self, order, kind=UserError):
        """The order is refused and the account untouched by it."""
        before = self.balance()
        with self.assertRaises(kind), self.cr.savepoint():
            self.sync(order)
        self.env.invalidate_all()
        self.assertFalse(self.env["pos.order"].sudo().search([("uuid", "=", order["uuid"])]))
        self.assertEqual(self.balance(), before)

    def test_a_card_line_never_authorised(self):
        """R-004-83."""
        uuid = str(uuid4())
        self.refused(self.order(uuid, [self.line(30.0)], [self.payment(15.0, str(uuid4())), self.payment(15.0)]))

    def test_more_than_was_authorised(self):
        """15.00 held, 20.00 claimed."""
        uuid = str(uuid4())
        reply = self.pos_authorize(uuid)
        self.refused(self.order(uuid, [self.line(30.0)], [self.payment(20.0, reply["key"]), self.payment(10.0)]))

    def test_a_hold_of_another_order(self):
        """One hold pays the purchase it was asked for."""
        reply = self.pos_authorize(str(uuid4()))
        uuid = str(uuid4())
        self.refused(self.order(uuid, [self.line(30.0)], [self.payment(15.0, reply["key"]), self.payment(15.0)]))

    def test_a_purchase_made_smaller_after_the_authorisation(self):
        """Otherwise the card would pay more than its share."""
        uuid = str(uuid4())
        reply = self.pos_authorize(uuid)
        self.refused(self.order(uuid, [self.line(15.0)], [self.payment(15.0, reply["key"])]))

    def test_a_total_that_hides_a_smaller_price(self):
        """The browser's totals are not believed: price and quantity are."""
        uuid = str(uuid4())
        reply = self.pos_authorize(uuid)
        line = self.line(1.0, price_subtotal=30.0, price_subtotal_incl=30.0)
        self.refused(self.order(uuid, [line], [self.payment(15.0, reply["key"]), self.payment(15.0)]))

    def test_goods_of_another_activity_than_authorised(self):
        """Bread was authorised, tobacco is sold."""
        tobacco = self.product.copy({"circuit_activity_id": self.env.ref("merchant_circuit.activity_tobacco").id})
        uuid = str(uuid4())
        reply = self.pos_authorize(uuid)
        line = self.line(30.0, product_id=tobacco.id)
        self.refused(self.order(uuid, [line], [self.payment(15.0, reply["key"]), self.payment(15.0)]))

    def test_another_merchants_hold(self):
        """A hold belongs to the shop that asked."""
        uuid = str(uuid4())
        reply = self.pos_authorize(uuid, config=self.other_config, session=self.other_session)
        self.refused(self.order(uuid, [self.line(30.0)], [self.payment(15.0, reply["key"]), self.payment(15.0)]))

    def test_a_hold_that_was_given_up(self):
        """Void, then late confirmation."""
        uuid = str(uuid4())
        reply = self.pos_authorize(uuid)
        self.till.sudo()._void(self.config._circuit_terminal(self.pos_session.id), [reply["key"]])
        self.refused(self.order(uuid, [self.line(30.0)], [self.payment(15.0, reply["key"]), self.payment(15.0)]))

    def test_two_cards_on_one_sale(self):
        """One instrument per purchase."""
        uuid = str(uuid4())
        first, second = self.pos_authorize(uuid), self.pos_authorize(uuid)
        payments = [self.payment(15.0, first["key"]), self.payment(15.0, second["key"])]
        self.refused(self.order(uuid, [self.line(30.0)], payments))

    def test_a_draft_set_to_paid_by_rpc(self):
        """Writing the state is no way around the capture."""
        uuid = str(uuid4())
        draft = self.sync(self.order(uuid, [self.line(30.0)], [self.payment(30.0, str(uuid4()))], state="draft"))
        with self.assertRaises(UserError), self.cr.savepoint():
            draft.with_user(self.cashier).write({"state": "paid"})

    def test_a_card_payment_added_to_a_paid_order(self):
        """Neither by the order nor by the payment model."""
        order = self.sync(self.order(str(uuid4()), [self.line(30.0)], [self.payment(30.0)]))
        values = {**self.payment(5.0, str(uuid4())), "pos_order_id": order.id}
        with self.assertRaises(UserError), self.cr.savepoint():
            self.env["pos.payment"].with_user(self.cashier).create(values)

    def test_a_captured_payment_is_neither_edited_nor_deleted(self):
        """It is undone by a return only."""
        payment = self.sell().payment_ids.filtered("circuit_transaction_id").with_user(self.cashier)
        for values in ({"amount": 1.0}, {"uuid": str(uuid4())}, {"payment_method_id": self.other_method.id}):
            with self.assertRaises(UserError), self.cr.savepoint():
                payment.write(values)
        with self.assertRaises(UserError), self.cr.savepoint():
            payment.unlink()

    def test_the_lines_of_a_captured_sale_are_not_edited(self):
        """What the card helped to pay stays as it was sold."""
        order = self.sell().with_user(self.cashier)
        with self.assertRaises(UserError), self.cr.savepoint():
            order.lines.write({"price_unit": 1.0})
        with self.assertRaises(UserError), self.cr.savepoint():
            order.write({"lines": [Command.create({**self.line(5.0), "order_id": order.id})]})

    def test_an_order_in_another_merchants_session(self):
        """Record rules apply to what is created."""
        uuid = str(uuid4())
        order = self.order(uuid, [self.line(30.0)], [self.payment(30.0)], session_id=self.other_session.id)
        self.refused(order, AccessError)

    def test_a_strangers_name_cannot_be_read_through_a_link(self):
        """Odoo shows the name of a linked partner to whoever may read the link."""
        citizen = self.env["res.partner"].create({"name": "Maria Bianchi"})
        self.refused(
            self.order(str(uuid4()), [self.line(30.0)], [self.payment(30.0)], partner_id=citizen.id), AccessError
        )
        order = self.sync(self.order(str(uuid4()), [self.line(30.0)], [self.payment(30.0)]))
        with self.assertRaises(AccessError), self.cr.savepoint():
            order.with_user(self.cashier).write({"partner_id": citizen.id})

    def test_the_till_service_cannot_be_called_by_rpc(self):
        """Its methods are private, and cashiers have no right on transactions."""
        transactions = self.env["circuit.transaction"].with_user(self.cashier)
        with self.assertRaises(AccessError):
            transactions.search([])
        with self.assertRaises(AccessError):
            transactions.create({"key": str(uuid4())})
        self.assertEqual(self.balance(), Decimal("41.25"))
