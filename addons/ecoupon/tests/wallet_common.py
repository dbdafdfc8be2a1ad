from datetime import timedelta
from decimal import Decimal
from uuid import uuid4

from odoo import fields
from odoo.tests import new_test_user

from odoo.addons.merchant_circuit.rules.till import Line, Terminal

from .entitlement_common import EntitlementCase


class WalletCase(EntitlementCase):
    """An entitled citizen, a behaviour that the Region funds with 10.00, and two shops with tills."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        env = cls.env
        cls.promoter, cls.town = env["res.partner"].create([{"name": "Test region"}, {"name": "Test town"}])
        cls.circuit.promoter_id = cls.promoter
        cls.today = cls.circuit._local_day()
        grocery = env.ref("merchant_circuit.activity_grocery")
        cls.books = env["circuit.activity"].create({"name": "Test books", "code": "TESTBOOKS"})
        cls.shop, cls.bookshop = env["res.partner"].create(
            [{"name": name, "is_merchant": True} for name in ("Groceries C", "Books B")]
        )
        agreements = env["circuit.agreement"].create(
            [
                {
                    "circuit_id": cls.circuit.id,
                    "merchant_id": merchant.id,
                    "category_id": env.ref("merchant_circuit.category_commercio").id,
                    "activity_id": (cls.books if merchant == cls.bookshop else grocery).id,
                    "date_from": "2020-01-01",
                }
                for merchant in (cls.shop, cls.bookshop)
            ]
        )
        agreements.action_sign()
        cls.agreements = agreements
        cls.till = env["circuit.till"]
        cls.terminals = {
            merchant: Terminal(merchant.id, env.company.id, "pos", f"pos.config,{merchant.id}", "pos.session,1")
            for merchant in (cls.shop, cls.bookshop)
        }
        cls.manager = new_test_user(env, "wallet-manager", groups="merchant_circuit.group_manager")
        cls.behaviour = cls.make_behaviour()

    def setUp(self):
        super().setUp()
        self.prove()
        self.entitlement = self.entitle(day_from="2020-01-01")

    @classmethod
    def make_behaviour(cls, **values):
        """A behaviour as the Region writes it.

        :return: ecoupon.behaviour
        """
        values = {
            "name": "An hour of volunteering",
            "code": f"V{uuid4().hex[:12]}",
            "circuit_id": cls.circuit.id,
            "amount": 10,
            "date_from": "2020-01-01",
            "source_id": cls.promoter.id,
            **values,
        }
        return cls.env["ecoupon.behaviour"].with_user(cls.region).create(values)

    def reward(self, behaviour=None, partner=None, **values):
        """A reward as the office records it.

        :return: ecoupon.reward
        """
        values = {
            "behaviour_id": (behaviour or self.behaviour).id,
            "partner_id": (partner or self.anna).id,
            "day": self.today,
            "reference": uuid4().hex,
            **values,
        }
        return self.env["ecoupon.reward"].with_user(self.officer).create(values)

    @property
    def wallet(self):
        """The citizen's wallet."""
        return self.env["ecoupon.wallet"]._of_citizen(self.anna, self.circuit)

    def code(self):
        """A fresh code, as the citizen's telephone shows it."""
        return self.wallet._issue_code(self.citizen)[0]

    def pay(self, code=None, *lines, shop=None, **changes):
        """Show a code at a till, for 8.00 unless said otherwise.

        :return: dict, the till's answer
        """
        rows = [line if isinstance(line, dict) else {"amount": line} for line in lines or ("8.00",)]
        self.sent = {
            "key": str(uuid4()),
            "identifier": code or self.code(),
            "secret": "",
            "lines": rows,
            "requested": None,
            "order_ref": f"order {uuid4()}",
            **changes,
        }
        return self.till._authorize(self.terminals[shop or self.shop], self.sent)

    def capture(self, reply, shop=None):
        """Capture what :meth:`pay` authorised last.

        :return: circuit.transaction
        """
        lines = [
            Line(Decimal(line["amount"]), line.get("activity_id"), line.get("payable", True))
            for line in self.sent["lines"]
        ]
        return self.env["circuit.transaction"]._capture(
            self.terminals[shop or self.shop], reply["key"], self.sent["order_ref"], Decimal(reply["amount"]), lines
        )

    def held(self):
        """What is in the citizen's wallet."""
        return self.wallet._overview()["balance"]

    def refused(self, code, reply):
        """Assert a refusal.

        :return: its sentence
        """
        self.assertEqual((reply["status"], reply.get("code")), ("refused", code), reply)
        return reply["message"]

    def later(self, **step):
        """An instant from now on."""
        return fields.Datetime.now() + timedelta(**step)
