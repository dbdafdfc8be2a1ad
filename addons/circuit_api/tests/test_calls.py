from decimal import Decimal
from uuid import uuid4

from odoo.tests import tagged

from .common import ApiCase


@tagged("post_install", "-at_install")
class TestCalls(ApiCase):
    def test_a_payment_is_authorised_and_captured(self):
        """R-004-70, R-004-82: a program outside charges a card with two calls; the operation says who did it."""
        response = self.pay()
        paid = response.json()
        captured = self.settle(paid).json()

        self.assertEqual(
            (response.status_code, response.headers["Location"]), (201, f"/circuit/v1/authorizations/{paid['key']}")
        )
        self.assertEqual(
            (paid["status"], paid["amount"], paid["currency"]), ("authorized", "15.00", self.circuit.currency_id.name)
        )
        self.assertEqual(captured, {**paid, "status": "captured"})
        transaction = self.transaction(paid)
        self.assertEqual((transaction.channel, transaction.state), ("api", "captured"))
        self.assertEqual(transaction.terminal, f"circuit.api.key,{self.key.id}")
        self.assertEqual(transaction.user_id, self.env.ref("circuit_api.user_api"))
        self.assertEqual(transaction.merchant_id, self.merchant)
        self.assertEqual(self.balance(), Decimal("26.25"))

    def test_the_same_key_never_debits_twice(self):
        """R-004-76: the same key and content, the same answer."""
        key = str(uuid4())

        replies = [self.pay(key).json() for _time in range(3)]

        self.assertEqual(replies, replies[:1] * 3)
        self.assertEqual(self.balance(), Decimal("26.25"))

    def test_the_same_key_for_something_else_is_a_conflict(self):
        """R-004-76."""
        key = str(uuid4())
        self.pay(key)

        self.assertProblem(self.pay(key, order_ref="order-2"), 409, "KEY_CONFLICT")

    def test_a_lost_answer_is_asked_for(self):
        """R-004-76: status tells what became of a key, and 404 that it debited nothing."""
        paid = self.pay().json()

        self.assertEqual(self.call("GET", f"/authorizations/{paid['key'].upper()}").json(), paid)
        self.assertProblem(self.call("GET", f"/authorizations/{uuid4()}"), 404, "UNKNOWN_KEY")
        self.assertProblem(self.call("GET", "/authorizations/not-a-key"), 404, "UNKNOWN_KEY")

    def test_a_capture_again_changes_nothing(self):
        """R-004-76."""
        paid = self.pay().json()

        first, second = self.settle(paid), self.settle(paid)

        self.assertEqual((first.status_code, first.json()), (200, second.json()))
        self.assertEqual(len(self.captured), 1)

    def test_only_what_was_authorised_is_captured(self):
        """R-004-76: the whole amount and the same order; the hold stays as it is."""
        paid = self.pay().json()
        for changes in ({"amount": "14.99"}, {"order_ref": "order-2"}):
            with self.subTest(changes):
                self.assertProblem(self.settle(paid, **changes), 409, "MISMATCH")
        self.assertProblem(self.settle({**paid, "key": str(uuid4())}), 404, "UNKNOWN_KEY")
        self.assertEqual(self.transaction(paid).state, "authorized")

    def test_a_hold_is_given_back(self):
        """R-004-76: void ends it, and again changes nothing; then it can neither be captured nor used again."""
        paid = self.pay().json()
        path = f"/authorizations/{paid['key']}/void"

        replies = [self.call("POST", path).json() for _time in range(2)]

        self.assertEqual(replies, [{"status": "voided", "key": paid["key"]}] * 2)
        self.assertEqual(self.balance(), Decimal("41.25"))
        self.assertProblem(self.settle(paid), 409, "KEY_USED")
        self.assertProblem(self.pay(paid["key"]), 409, "KEY_USED")

    def test_a_void_before_its_request_wins(self):
        """R-004-76: a request that was on its way is refused."""
        key = str(uuid4())

        reply = self.call("POST", f"/authorizations/{key}/void")

        self.assertEqual(reply.json(), {"status": "voided", "key": key})
        self.assertProblem(self.pay(key), 409, "KEY_USED")

    def test_a_captured_payment_is_not_voided(self):
        """R-004-84: it is refunded."""
        paid = self.pay().json()
        self.settle(paid)

        self.assertProblem(self.call("POST", f"/authorizations/{paid['key']}/void"), 409, "CAPTURED")
        self.assertEqual(self.transaction(paid).state, "captured")

    def test_a_refund_goes_back_to_the_card(self):
        """R-004-84: at once, in part, again with the same key only once, never above the payment."""
        paid = self.pay().json()
        self.settle(paid)
        body = {
            "origin_key": paid["key"],
            "amount": "5.00",
            "order_ref": "order-1",
            "reason": "Articolo reso, perché rotto",
        }
        key = str(uuid4())

        replies = [self.call("POST", "/refunds", body, Idempotency_Key=key).json() for _time in range(2)]
        rest = self.call("POST", "/refunds", {**body, "amount": "99.00"}, Idempotency_Key=str(uuid4())).json()
        none = self.call("POST", "/refunds", body, Idempotency_Key=str(uuid4())).json()

        self.assertEqual(replies[0], replies[1])
        self.assertEqual(
            (replies[0]["status"], replies[0]["amount"], replies[0]["balance"]), ("refunded", "5.00", "31.25")
        )
        self.assertEqual(rest["amount"], "10.00")
        self.assertEqual((none["status"], none["code"]), ("refused", "ALREADY_REFUNDED"))
        self.assertEqual(self.balance(), Decimal("41.25"))
        self.assertEqual(self.call("GET", f"/refunds/{key}").json(), replies[0])
        self.assertEqual(self.transaction(replies[0]).reason, "Articolo reso, perché rotto")

    def test_a_refund_is_no_payment(self):
        """A key is found where it was made."""
        paid = self.pay().json()
        self.settle(paid)
        key = str(uuid4())
        self.call("POST", "/refunds", {"origin_key": paid["key"], "amount": "5.00"}, Idempotency_Key=key)

        self.assertProblem(self.call("GET", f"/authorizations/{key}"), 404, "UNKNOWN_KEY")
        self.assertProblem(self.call("GET", f"/refunds/{paid['key']}"), 404, "UNKNOWN_KEY")

    def test_goods_of_another_activity_are_named_by_its_code(self):
        """R-004-77: no database id; an unknown code is told with its field."""
        code = self.env["circuit.activity"].search([], limit=1).code

        good = self.pay(lines=[{"amount": "30.00", "activity": code}])
        bad = self.pay(lines=[{"amount": "30.00"}, {"amount": "1.00", "activity": "no such"}])

        self.assertEqual(good.json()["status"], "authorized")
        problem = self.assertProblem(bad, 422, "INVALID")
        self.assertEqual([error["field"] for error in problem["errors"]], ["lines.1.activity"])

    def test_a_merchant_knows_nothing_of_anothers_operations(self):
        """R-000-27: another merchant's key finds, captures, voids and refunds nothing."""
        paid = self.pay().json()
        text, key = self.other_text, paid["key"]
        self.assertProblem(self.call("GET", f"/authorizations/{key}", text=text), 404, "UNKNOWN_KEY")
        self.assertProblem(self.settle(paid, text), 404, "UNKNOWN_KEY")
        self.assertProblem(self.call("POST", f"/authorizations/{key}/void", text=text), 409, "KEY_CONFLICT")
        self.settle(paid)
        refund = self.call(
            "POST", "/refunds", {"origin_key": key, "amount": "5.00"}, text, Idempotency_Key=str(uuid4())
        )
        self.assertEqual(refund.json()["code"], "NO_ORIGIN")
        self.assertEqual(self.balance(), Decimal("26.25"))

    def test_no_answer_shows_a_database_id(self):
        """R-004-70: keys, codes and words only."""
        paid = self.pay().json()
        answers = [paid, self.settle(paid).json(), self.call("GET", "/key").json()]

        for answer in answers:
            with self.subTest(answer=answer):
                self.assertFalse([name for name in answer if name == "id" or name.endswith("_id")])

    def test_the_key_tells_what_it_may_do(self):
        """R-004-70: good to try a new key."""
        facts = self.call("GET", "/key").json()

        self.assertEqual((facts["shop"], facts["name"]), ("Alimentari Rossi", "Web shop"))
        self.assertEqual(facts["scopes"], ["authorize", "capture", "identify", "refund", "status", "void"])
        self.assertIn("grocery", [activity["code"] for activity in facts["activities"]])

    def test_sentences_are_in_the_callers_language(self):
        """R-004-95: a program that asks for Italian shows Italian."""
        self.env["res.lang"]._activate_lang("it_IT")

        english, italian = (self.pay(secret="99999", lang=lang).json()["message"] for lang in ("en", "it-IT,it;q=0.9"))

        self.assertNotEqual(english, italian)

    def test_amounts_have_two_decimals(self):
        """R-004-70: whatever the program wrote."""
        paid = self.pay(requested="6", lines=[{"amount": "30"}]).json()

        self.assertEqual((paid["amount"], paid["eligible"], paid["balance"]), ("6.00", "30.00", "35.25"))
