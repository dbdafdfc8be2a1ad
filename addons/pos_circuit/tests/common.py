import json
from uuid import uuid4

from odoo import Command, fields
from odoo.tests import tagged

from odoo.addons.account.tests.common import AccountTestInvoicingHttpCommon
from odoo.addons.merchant_circuit.tests.common import SECRET, TillCase

PASSWORD = "cashier-cashier"


@tagged("post_install", "-at_install")
class PosCircuitCase(TillCase, AccountTestInvoicingHttpCommon):
    """Two onboarded merchants, each with till and cashier; the test card of 41.25 pays half."""

    @classmethod
    def get_default_groups(cls):
        groups = super().get_default_groups()
        return (
            groups | cls.quick_ref("merchant_circuit.group_manager") | cls.quick_ref("point_of_sale.group_pos_manager")
        )

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company = cls.env.company
        setup = cls.env["circuit.account.setup"].create({"funder_id": cls.funder.id})
        setup.write({"liability_code": "FC2001", "merchant_code": "FC2002"})
        setup._apply()
        cls.config = cls.onboard(cls.merchant, "rossi@shop.example")
        cls.other_config = cls.onboard(cls.other_merchant, "neri@shop.example")
        users = cls.env["res.users"].sudo()
        cls.cashier = users.search([("login", "=", "rossi@shop.example")])
        cls.other_cashier = users.search([("login", "=", "neri@shop.example")])
        cls.card_method = cls.config.payment_method_ids.filtered(lambda m: m.use_payment_terminal == "circuit")
        cls.other_method = cls.config.payment_method_ids - cls.card_method
        cls.product = cls.env.ref("pos_circuit.product_purchase_amount")
        cls.pos_session = cls.open_session(cls.config, cls.cashier)
        cls.other_session = cls.open_session(cls.other_config, cls.other_cashier)

    @classmethod
    def onboard(cls, merchant, login):
        """Run the onboarding wizard and return the merchant's till."""
        wizard = cls.env["circuit.merchant.onboarding"].create(
            {
                "partner_id": merchant.id,
                "circuit_id": cls.circuit.id,
                "category_id": cls.env.ref("merchant_circuit.category_commercio").id,
                "activity_id": cls.env.ref("merchant_circuit.activity_grocery").id,
                "login": login,
                "password": PASSWORD,
            }
        )
        return wizard._onboard().sudo(False)

    @classmethod
    def open_session(cls, config, cashier):
        """Open a till as its page does."""
        config.with_user(cashier).sudo().open_ui()
        session = config.current_session_id
        session.with_user(cashier).set_opening_control(0, "")
        return session

    def pos_authorize(self, order_ref, *amounts, config=None, session=None, **changes):
        """Hold the card's share of a purchase of the generic product."""
        config, session = config or self.config, session or self.pos_session
        return self.till.sudo()._authorize(
            config._circuit_terminal(session.id), self.request(*amounts, order_ref=order_ref, **changes)
        )

    def line(self, amount, qty=1, origin=None, **changes):
        """A line of an order as the browser sends it."""
        return {
            "uuid": str(uuid4()),
            "product_id": self.product.id,
            "full_product_name": self.product.name,
            "qty": qty,
            "price_unit": amount,
            "price_subtotal": amount * qty,
            "price_subtotal_incl": amount * qty,
            "discount": 0,
            "tax_ids": [Command.clear()],
            "pack_lot_ids": [],
            "refunded_orderline_id": origin.id if origin else False,
            **changes,
        }

    def payment(self, amount, key=None, method=None):
        """A payment line; with a key it is the card's."""
        return {
            "uuid": key or str(uuid4()),
            "amount": amount,
            "payment_method_id": (method or (self.card_method if key else self.other_method)).id,
            "name": fields.Datetime.to_string(fields.Datetime.now()),
            "payment_status": "done" if key else False,
        }

    def order(self, uuid, lines, payments, **changes):
        """An order as the browser sends it."""
        total = sum(line["price_subtotal_incl"] for line in lines)
        return {
            "uuid": uuid,
            "access_token": str(uuid4()),
            "session_id": self.pos_session.id,
            "company_id": self.company.id,
            "user_id": self.cashier.id,
            "partner_id": False,
            "date_order": fields.Datetime.to_string(fields.Datetime.now()),
            "amount_total": total,
            "amount_paid": sum(payment["amount"] for payment in payments),
            "amount_tax": 0,
            "amount_return": 0,
            "fiscal_position_id": False,
            "pricelist_id": False,
            "lines": [Command.create(line) for line in lines],
            "payment_ids": [Command.create(payment) for payment in payments],
            "state": "paid",
            "to_invoice": False,
            "last_order_preparation_change": "{}",
            **changes,
        }

    def sync(self, order, user=None):
        """Send an order to the server as the cashier's browser does; return what is stored."""
        orders = self.env["pos.order"].with_user(user or self.cashier)
        uuid = order["uuid"]  # core takes it out of a draft
        orders.sync_from_ui([order])
        self.env.invalidate_all()
        return self.env["pos.order"].sudo().search([("uuid", "=", uuid)])

    def sell(self, total=30.0, card=15.0):
        """A sale of ``total``, ``card`` of it by card; return the stored order."""
        uuid = str(uuid4())
        reply = self.pos_authorize(uuid, f"{total:.2f}", requested=f"{card:.2f}")
        self.assertEqual(reply["status"], "authorized", reply)
        payments = [self.payment(card, reply["key"]), self.payment(total - card)]
        return self.sync(self.order(uuid, [self.line(total)], payments))

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

    def give_back(self, order, qty, card, other, uuid=None, price=None):
        """Return ``qty`` of the only line of an order, at its price or another one."""
        uuid = uuid or str(uuid4())
        payments = []
        if card:
            reply = self.authorize_refund(order, f"{card:.2f}", uuid)
            self.assertEqual(reply["status"], "authorized", reply)
            payments.append(self.payment(-card, reply["key"]))
        if other:
            payments.append(self.payment(-other))
        line = self.line(price or order.lines.price_unit, -qty, order.lines)
        return self.sync(self.order(uuid, [line], payments, is_refund=True))

    def call(self, path, params=None, status=200):
        """A JSON-RPC call over HTTP with the session of the last ``authenticate``."""
        response = self.url_open(
            path,
            data=json.dumps({"jsonrpc": "2.0", "method": "call", "params": params or {}}),
            headers={"Content-Type": "application/json"},
        )
        self.assertEqual(response.status_code, status)
        return response.json()


__all__ = ["PASSWORD", "SECRET", "PosCircuitCase"]
