from unittest.mock import patch

from odoo.tests import tagged

from odoo.addons.merchant_circuit.rules.refusals import Code, Refusal

from .common import ApiCase

BY_HTTP = {
    "BAD_REQUEST": (422, "INVALID"),
    "BAD_AMOUNT": (422, "INVALID"),
    "KEY_CONFLICT": (409, "KEY_CONFLICT"),
    "KEY_USED": (409, "KEY_USED"),
    "TOO_MANY": (429, "TOO_MANY"),
}


@tagged("post_install", "-at_install")
class TestRefusals(ApiCase):
    def test_every_refusal_is_an_answer(self):
        """R-004-76: 200 with code and sentence, but for what HTTP has its own words for."""
        till = self.env["circuit.till"]
        for code in Code:
            reply = till._refused(Refusal(code))
            with self.subTest(code), patch.object(type(till), "_authorize", lambda self, *_rest, reply=reply: reply):
                response = self.pay()
                if code in BY_HTTP:
                    self.assertProblem(response, *BY_HTTP[code])
                else:
                    self.assertEqual(response.status_code, 200)
                    body = response.json()
                    self.assertEqual((body["status"], body["code"]), ("refused", code))
                    self.assertEqual(body["message"], reply["message"])

    def test_a_refusal_tells_what_is_possible(self):
        """R-004-95: limit, clause and what is left travel to the program."""
        till = self.env["circuit.till"]
        told = {"limit": "10.00", "possible": "5.00", "left": "12.40", "account": "ARTIGIANATO", "clause": "Avviso §4"}
        reply = {"status": "refused", "code": "OWN_SHARE", "message": "No.", **told}
        with patch.object(type(till), "_authorize", lambda self, *_rest: reply):
            body = self.pay().json()

        self.assertEqual({name: body[name] for name in told}, told)

    def test_a_wrong_pin_is_an_answer(self):
        """R-004-74: the same sentence as for a card that does not exist."""
        replies = [self.pay(secret="99999").json(), self.pay(identifier="NOBODY").json()]

        self.assertEqual({reply["code"] for reply in replies}, {"UNKNOWN_OR_PIN"})
        self.assertEqual(replies[0]["message"], replies[1]["message"])

    def test_too_many_guesses_say_when_to_come_back(self):
        """SEC: 429 with Retry-After."""
        till = self.env["circuit.till"]
        reply = {"status": "refused", "code": "TOO_MANY", "message": "Wait.", "until": "2099-01-01T00:00:00Z"}
        with patch.object(type(till), "_authorize", lambda self, *_rest: reply):
            response = self.pay()

        self.assertProblem(response, 429, "TOO_MANY")
        self.assertGreater(int(response.headers["Retry-After"]), 1)
