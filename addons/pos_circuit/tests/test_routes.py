from decimal import Decimal
from uuid import uuid4

from odoo.tools import mute_logger

from .common import PASSWORD, SECRET, PosCircuitCase


class TestRoutes(PosCircuitCase):
    """The till's questions over HTTP."""

    def setUp(self):
        super().setUp()
        self.authenticate(self.cashier.login, PASSWORD)

    def ask(self, question, config=None, **params):
        """One question of the signed-in cashier."""
        return self.call(f"/pos_circuit/{(config or self.config).id}/{question}", params)["result"]

    def purchase(self, **changes):
        """A valid request of 30.00."""
        return {
            "key": str(uuid4()),
            "identifier": "CARD",
            "secret": SECRET,
            "lines": [{"product_id": self.product.id, "amount": "30.00"}],
            "requested": None,
            "order_ref": str(uuid4()),
            **changes,
        }

    def test_authorize_status_void(self):
        """The whole contract once."""
        request = self.purchase()

        reply = self.ask("authorize", **request)
        again = self.ask("authorize", **request)
        status = self.ask("status", key=request["key"])
        gone = self.ask("void", keys=[request["key"]])[request["key"]]

        self.assertEqual((reply["status"], reply["amount"], reply["balance"]), ("authorized", "15.00", "26.25"))
        self.assertEqual((again["amount"], again["balance"]), ("15.00", "26.25"))
        self.assertEqual(status["status"], "authorized")
        self.assertEqual(gone["status"], "voided")
        self.assertEqual(self.balance(), Decimal("41.25"))

    def test_the_smaller_amount_is_honoured(self):
        """The citizen may use less."""
        self.assertEqual(self.ask("authorize", **self.purchase(requested="5.00"))["amount"], "5.00")

    def test_a_wrong_pin_is_an_answer(self):
        """With a sentence, without a stack trace."""
        reply = self.ask("authorize", **self.purchase(secret="99999"))
        self.assertEqual((reply["status"], reply["code"]), ("refused", "UNKNOWN_OR_PIN"))
        self.assertTrue(reply["message"])

    def test_malformed_input_is_refused(self):
        """Must be shown 6: nothing written, no stack trace."""
        product = self.product.id
        bad = [
            {"lines": None},
            {"lines": []},
            {"lines": "30"},
            {"lines": [None]},
            {"lines": [{}]},
            {"lines": [{"product_id": product}]},
            {"lines": [{"product_id": "1", "amount": "30.00"}]},
            {"lines": [{"product_id": 2**40, "amount": "30.00"}]},
            {"lines": [{"product_id": -1, "amount": "30.00"}]},
            {"lines": [{"product_id": True, "amount": "30.00"}]},
            {"lines": [{"product_id": product, "amount": 30.0}]},
            {"lines": [{"product_id": product, "amount": "NaN"}]},
            {"lines": [{"product_id": product, "amount": "-30.00"}]},
            {"lines": [{"product_id": product, "amount": "1e9"}]},
            {"lines": [{"product_id": product, "amount": "99999999999.00"}]},
            {"lines": [{"product_id": product, "amount": "30.001"}]},
            {"lines": [{"product_id": product, "amount": "30.00"}] * 501},
            {"key": None},
            {"key": "1"},
            {"key": ["x"]},
            {"identifier": None},
            {"identifier": "A" * 1000},
            {"identifier": "NONSENSE"},
            {"secret": None},
            {"secret": ""},
            {"secret": "1" * 1000},
            {"secret": {"$ne": ""}},
            {"requested": "NaN"},
            {"requested": "-5.00"},
            {"requested": 5},
            {"order_ref": None},
            {"order_ref": 7},
        ]
        for changes in bad:
            with self.subTest(changes=str(changes)[:80]):
                answer = self.call(f"/pos_circuit/{self.config.id}/authorize", self.purchase(**changes))
                self.assertNotIn("error", answer)
                self.assertEqual(answer["result"]["status"], "refused")
                self.assertTrue(answer["result"]["message"])
        self.assertEqual(self.balance(), Decimal("41.25"))
        self.assertFalse(self.env["circuit.transaction"].sudo().search([("merchant_id", "=", self.merchant.id)]))

    def test_malformed_other_questions_are_refused(self):
        """Status, void and refund as well."""
        self.assertEqual(self.ask("status", key=7)["status"], "refused")
        self.assertEqual(self.ask("status", key="none")["status"], "unknown")
        self.assertEqual(self.ask("void", keys="all")["status"], "refused")
        self.assertEqual(self.ask("void", keys=[1])["status"], "refused")
        self.assertEqual(self.ask("void", keys=["x"] * 21)["status"], "refused")
        for params in ({}, {"amount": "x"}, {"returned": "-1", "key": "1"}, {"key": str(uuid4()), "amount": "1.00"}):
            self.assertEqual(self.ask("refund", **params)["status"], "refused", params)

    def test_the_activity_comes_from_the_product(self):
        """A client cannot choose the activity of what it sells."""
        tobacco = self.env.ref("merchant_circuit.activity_tobacco")
        cigarettes = self.product.copy({"circuit_activity_id": tobacco.id})
        lines = [{"product_id": cigarettes.id, "amount": "30.00", "activity_id": None}]
        seen = []
        instrument = type(self.env["circuit.instrument"])
        quote = instrument._circuit_quote

        def spy(model, handle, merchant, purchase, at):
            seen.append(purchase.lines)
            return quote(model, handle, merchant, purchase, at)

        self.patch(instrument, "_circuit_quote", spy)
        self.ask("authorize", **self.purchase(lines=lines))
        self.assertEqual([line.activity_id for line in seen[0]], [tobacco.id])

    def test_the_refund_is_proposed(self):
        """The card's share of what is returned."""
        order = self.sell()
        key = order.payment_ids.circuit_transaction_id.key
        reply = self.ask("refund", key=str(uuid4()), origin_key=key, returned="20.00", order_ref=str(uuid4()))
        self.assertEqual((reply["status"], reply["amount"]), ("authorized", "10.00"))

    def test_a_refund_of_nonsense_is_refused_in_words(self):
        """Must be shown 6: an origin that is no key never reaches the database."""
        for origin_key in ("x", "\x00", None, 7):
            with self.subTest(origin_key):
                reply = self.ask(
                    "refund", key=str(uuid4()), origin_key=origin_key, returned="20.00", order_ref=str(uuid4())
                )
                self.assertEqual(reply["code"], "BAD_REQUEST")

    def test_another_merchants_till_is_unknown(self):
        """Must be shown 5: no hint that it exists."""
        for question in ("authorize", "status", "void", "refund"):
            with self.subTest(question=question), mute_logger("odoo.http"):
                answer = self.call(f"/pos_circuit/{self.other_config.id}/{question}", self.purchase())
                self.assertEqual(answer["error"]["code"], 404)

    def test_another_merchants_key_says_nothing(self):
        """Neither its state nor its amount."""
        reply = self.pos_authorize(str(uuid4()), config=self.other_config, session=self.other_session)
        self.assertEqual(self.ask("status", key=reply["key"])["status"], "unknown")
        self.assertEqual(self.ask("void", keys=[reply["key"]])[reply["key"]]["status"], "refused")
        self.assertEqual(self.transaction(reply).state, "authorized")

    def test_without_an_open_session_nothing_is_authorised(self):
        """A sentence that says what to do."""
        self.pos_session.sudo().write({"state": "closing_control"})
        reply = self.ask("authorize", **self.purchase())
        self.assertEqual((reply["status"], reply["code"]), ("refused", "BAD_REQUEST"))

    def test_a_citizen_has_no_till(self):
        """A portal account is not a cashier."""
        self.env["res.users"].create(
            {
                "name": "Citizen",
                "login": "citizen@example.org",
                "password": PASSWORD,
                "group_ids": [(6, 0, [self.env.ref("base.group_portal").id])],
            }
        )
        self.authenticate("citizen@example.org", PASSWORD)
        with mute_logger("odoo.http"):
            answer = self.call(f"/pos_circuit/{self.config.id}/authorize", self.purchase())
        self.assertEqual(answer["error"]["code"], 404)
