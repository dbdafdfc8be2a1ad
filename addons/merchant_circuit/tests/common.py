import json
from datetime import datetime
from decimal import Decimal
from typing import NamedTuple
from unittest.mock import patch
from uuid import uuid4

from odoo import fields
from odoo.tests import HttpCase, TransactionCase, new_test_user
from odoo.tools import SQL

from ..rules.refusals import Code, Refusal
from ..rules.till import Line, Quote, Terminal

SECRET = "24680"


class Handle(NamedTuple):
    """What the test instrument identifies."""

    id: int
    circuit_id: int
    mask: str
    label: str


class TillCase(TransactionCase):
    """A circuit with two merchants and an instrument of 41.25 that may pay half of a purchase."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        env = cls.env
        cls.circuit = env["circuit.circuit"].create({"name": "Test circuit"})
        cls.merchant, cls.other_merchant = env["res.partner"].create(
            [
                {"name": "Alimentari Rossi snc", "shop_name": "Alimentari Rossi", "is_merchant": True},
                {"name": "Ferramenta Neri", "is_merchant": True},
            ]
        )
        cls.agreement, cls.other_agreement = env["circuit.agreement"].create(
            [
                {
                    "circuit_id": cls.circuit.id,
                    "merchant_id": merchant.id,
                    "category_id": env.ref("merchant_circuit.category_commercio").id,
                    "activity_id": env.ref("merchant_circuit.activity_grocery").id,
                    "date_from": "2020-01-01",
                }
                for merchant in (cls.merchant, cls.other_merchant)
            ]
        )
        (cls.agreement | cls.other_agreement).action_sign()
        cls.funder = cls.open_funder("Test funder")
        cls.account = env["stored.value.account"]._open([{"name": "COMMERCIO", "funder_id": cls.funder.id}])
        env["stored.value.account"]._credit(
            [
                {
                    "account_id": cls.account.id,
                    "amount": Decimal("41.25"),
                    "available_from": datetime(2020, 1, 1),
                    "expires_at": None,
                    "origin": "test credit",
                    "memo": "",
                }
            ]
        )
        cls.till = env["circuit.till"]
        cls.terminal = Terminal(cls.merchant.id, env.company.id, "pos", "pos.config,1", "pos.session,1")
        cls.other_terminal = Terminal(cls.other_merchant.id, env.company.id, "pos", "pos.config,2", "pos.session,2")

    @classmethod
    def open_funder(cls, name):
        """A funder of the circuit; with sudo, as its programme makes it.

        :return: circuit.funder
        """
        funders = cls.env["circuit.funder"]
        return funders.browse(funders.sudo().create({"name": name, "circuit_id": cls.circuit.id}).id)

    def setUp(self):
        super().setUp()
        self.captured = []
        instrument = type(self.env["circuit.instrument"])
        replacements = {
            "_circuit_label": lambda model: "Test card",
            "_circuit_identify": self._identify,
            "_circuit_quote": lambda model, handle, merchant, purchase, at: Quote(
                (purchase.total / 2).quantize(Decimal("0.01")), purchase.requested, purchase.total
            ),
            "_circuit_charge": self._charge,
            "_circuit_account_label": lambda model, account_id: "COMMERCIO",
            "_circuit_after_capture": lambda model, transactions: self.captured.append(transactions),
        }
        for name, function in replacements.items():
            patcher = patch.object(instrument, name, function)
            patcher.start()
            self.addCleanup(patcher.stop)
        patcher = patch.object(type(self.till), "_instruments", lambda till: ["circuit.instrument"])
        patcher.start()
        self.addCleanup(patcher.stop)

    def _identify(self, identifier, at, circuits=()):
        if identifier == "NONSENSE":
            return Refusal(Code.BAD_IDENTIFIER)
        return Handle(self.account.id, self.circuit.id, "TST***01", "Test card") if identifier == "CARD" else None

    def _charge(self, handle, secret, quote, hold):
        if secret != SECRET:
            return {"outcome": "refused", "code": "UNKNOWN_OR_PIN"}
        if isinstance(quote, Refusal):
            return {"outcome": "quote"}
        payload = json.dumps({**hold, "account_id": self.account.id})
        [(outcome,)] = self.env.execute_query(SQL("SELECT circuit_hold(%s::jsonb)", payload))
        self.env["circuit.transaction"]._forget()
        self.env["stored.value.account"]._forget()
        return outcome

    def request(self, *amounts, **changes):
        """A request as a till sends it."""
        return {
            "key": str(uuid4()),
            "identifier": "CARD",
            "secret": SECRET,
            "lines": [{"amount": amount, "activity_id": None} for amount in amounts or ("30.00",)],
            "requested": None,
            "order_ref": "order-1",
            **changes,
        }

    def authorize(self, *amounts, terminal=None, **changes):
        """Authorise and return the till's answer."""
        return self.till._authorize(terminal or self.terminal, self.request(*amounts, **changes))

    def capture(self, reply, *amounts, **changes):
        """Capture an authorised purchase."""
        call = {
            "terminal": self.terminal,
            "key": reply["key"],
            "order_ref": "order-1",
            "amount": Decimal(reply["amount"]),
            "lines": [Line(Decimal(amount)) for amount in amounts or ("30.00",)],
            **changes,
        }
        return self.env["circuit.transaction"]._capture(**call)

    def balance(self):
        """The account's exact balance."""
        return self.account._balance()

    def transaction(self, reply):
        """The record behind an answer."""
        return self.env["circuit.transaction"].search([("key", "=", reply["key"])])

    def past(self, reply):
        """Let a hold's time pass."""
        self.env.cr.execute(
            SQL("UPDATE circuit_transaction SET expires_at = %s WHERE key = %s", fields.Datetime.now(), reply["key"])
        )
        self.env["circuit.transaction"]._forget()


class OfficeCase(TillCase):
    """The same with the people who look after the circuit: an officer of the public body and the operator's."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        company = cls.env["res.partner"].create({"name": "Gestore s.r.l.", "is_company": True})
        cls.circuit.operator_id = company
        cls.operator = new_test_user(cls.env, "operator", groups="merchant_circuit.group_operator")
        cls.operator.partner_id.parent_id = company
        cls.officer = new_test_user(cls.env, "officer", groups="merchant_circuit.group_officer")


class ShopCase(TillCase, HttpCase):
    """The same with a browser: shopkeepers are portal users, never internal ones."""

    def login(self, merchant):
        """Log a portal user of a merchant in."""
        user = new_test_user(self.env, f"shop-{merchant.id}", groups="base.group_portal", password="shop-password")
        user.sudo().write({"merchant_id": merchant.id, "lang": "en_US"})
        self.authenticate(user.login, "shop-password")
        return user

    def sale(self, terminal=None):
        """A captured purchase of 30.00, half of it paid by the card.

        :return: circuit.transaction
        """
        reply = self.authorize(terminal=terminal)
        self.capture(reply, **({"terminal": terminal} if terminal else {}))
        return self.transaction(reply)
