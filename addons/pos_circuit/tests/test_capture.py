from decimal import Decimal
from unittest.mock import patch
from uuid import uuid4

from odoo.exceptions import UserError

from odoo.addons.merchant_circuit.rules.till import Quote

from .common import PosCircuitCase


class TestCapture(PosCircuitCase):
    """The card's money is taken in the same database transaction that stores the sale."""

    def test_a_paid_order_captures_its_hold(self):
        """R-004-83: 30.00 at the till, 15.00 by card, 26.25 left of 41.25."""
        order = self.sell()

        transaction = order.payment_ids.circuit_transaction_id
        self.assertEqual(order.state, "paid")
        self.assertEqual((transaction.state, transaction.amount), ("captured", 15.0))
        self.assertEqual(transaction.session_ref, f"pos.session,{self.pos_session.id}")
        self.assertEqual(self.balance(), Decimal("26.25"))
        self.assertEqual(self.captured, [transaction])

    def test_the_same_order_twice_is_one_order_and_one_debit(self):
        """Reply lost, Validate pressed again: the order is stored once."""
        uuid = str(uuid4())
        reply = self.pos_authorize(uuid)
        order = self.order(uuid, [self.line(30.0)], [self.payment(15.0, reply["key"]), self.payment(15.0)])
        again = {**order, "lines": list(order["lines"]), "payment_ids": list(order["payment_ids"])}

        first = self.sync(order)
        second = self.sync(again)

        self.assertEqual(first, second)
        self.assertEqual(self.balance(), Decimal("26.25"))

    def test_a_draft_that_becomes_paid_captures(self):
        """An order saved as draft first goes through write, not create."""
        uuid = str(uuid4())
        reply = self.pos_authorize(uuid)
        line = self.line(30.0)
        draft = self.sync(self.order(uuid, [line], [], state="draft"))

        paid = self.order(uuid, [line], [self.payment(15.0, reply["key"]), self.payment(15.0)])
        order = self.sync({**paid, "lines": []})

        self.assertEqual(order, draft)
        self.assertEqual(order.payment_ids.circuit_transaction_id.state, "captured")

    def test_a_cancelled_order_gives_the_hold_back(self):
        """Cancel at the till: the credit is there again at once."""
        uuid = str(uuid4())
        reply = self.pos_authorize(uuid)
        draft = self.sync(self.order(uuid, [self.line(30.0)], [], state="draft"))
        self.assertEqual(self.balance(), Decimal("26.25"))

        draft.with_user(self.cashier).action_pos_order_cancel()

        self.assertEqual(self.transaction(reply).state, "voided")
        self.assertEqual(self.balance(), Decimal("41.25"))

    def test_an_order_removed_by_the_browser_gives_the_hold_back(self):
        """Delete of an order in the list of orders."""
        uuid = str(uuid4())
        reply = self.pos_authorize(uuid)
        draft = self.sync(self.order(uuid, [self.line(30.0)], [], state="draft"))

        self.env["pos.order"].with_user(self.cashier).remove_from_ui(draft.ids)

        self.assertEqual(self.transaction(reply).state, "voided")

    def test_a_sale_without_card_needs_no_circuit(self):
        """Everything paid otherwise."""
        order = self.sync(self.order(str(uuid4()), [self.line(30.0)], [self.payment(30.0)]))

        self.assertEqual(order.state, "paid")
        self.assertFalse(order.payment_ids.circuit_transaction_id)

    def test_a_merchants_sale_moves_no_stock_and_makes_no_invoice(self):
        """The merchant's goods and invoices are not the public body's."""
        uuid = str(uuid4())
        order = self.sync(
            self.order(uuid, [self.line(30.0)], [self.payment(30.0)], to_invoice=True, partner_id=self.merchant.id)
        )

        self.assertFalse(order.picking_ids)
        self.assertFalse(order.account_move)
        self.assertFalse(order.to_invoice)

    def test_two_cards_never_pay_one_sale(self):
        """R-004-72: the second one is refused when the sale is stored."""
        uuid = str(uuid4())
        replies = [self.pos_authorize(uuid, "10.00"), self.pos_authorize(uuid, "10.00")]
        payments = [self.payment(5.0, reply["key"]) for reply in replies]

        with self.assertRaisesRegex(UserError, "Only one circuit card"):
            self.sync(self.order(uuid, [self.line(10.0)], payments))

    def test_a_coupon_and_a_card_pay_one_sale(self):
        """R-000-06, H16: what comes off first and what the card pays are captured with the sale; the card sees what
        the first one left."""
        taken = patch.object(type(self.till), "_reducing", lambda till: ["circuit.instrument"])
        spread = patch.object(
            type(self.env["circuit.instrument"]),
            "_circuit_taken",
            lambda model, paid, purchase, merchant_id: (paid.amount,),
            create=True,
        )
        quote = patch.object(
            type(self.env["circuit.instrument"]),
            "_circuit_quote",
            lambda model, handle, merchant, purchase, at: Quote(
                sum(line.amount for line in purchase.net) / 2, None, purchase.total
            ),
        )
        uuid = str(uuid4())
        with taken, spread, quote:
            replies = [self.pos_authorize(uuid, "40.00"), self.pos_authorize(uuid, "40.00")]
            payments = [self.payment(float(reply["amount"]), reply["key"]) for reply in replies]
            order = self.sync(self.order(uuid, [self.line(40.0)], [*payments, self.payment(10.0)]))

        self.assertEqual([reply["amount"] for reply in replies], ["20.00", "10.00"])
        self.assertEqual(order.payment_ids.circuit_transaction_id.mapped("state"), ["captured", "captured"])
