from decimal import Decimal
from unittest.mock import patch

from odoo.tests import mute_logger, tagged

from odoo.addons.merchant_circuit.rules.till import Quote

from .common import WebTillCase


@tagged("post_install", "-at_install")
class TestPay(WebTillCase):
    def setUp(self):
        super().setUp()
        self.user = self.login()

    def records(self, key=None):
        """Transactions with a key, or all of the shop's."""
        domain = [("key", "=", key)] if key else [("merchant_id", "=", self.merchant.id)]
        return self.env["circuit.transaction"].search(domain)

    def test_three_inputs_charge_the_card(self):
        """R-001-15, R-004-71, R-004-75: who, how much, PIN; debited and captured at once."""
        reply = self.pay()

        record = self.records(reply["key"])
        self.assertEqual((reply["status"], reply["amount"], reply["balance"]), ("captured", "15.00", "26.25"))
        self.assertEqual((record.state, record.channel, record.order_ref), ("captured", "web", reply["key"]))
        self.assertEqual(record.user_id, self.user)
        self.assertEqual(record.terminal, f"res.users,{self.user.id}")
        self.assertRegex(record.session_ref, rf"^web,{self.user.id},\d{{4}}-\d\d-\d\d$")
        self.assertEqual(self.balance(), Decimal("26.25"))

    def test_the_receipt_says_what_was_deducted_and_what_is_left(self):
        """R-004-81, R-004-80: amount, residual, what is still to collect, number of the operation."""
        receipt = self.pay()["receipt"]

        wanted = ("shop", "purchase", "amount", "collect", "balance", "account", "holder", "instrument", "kind")
        self.assertEqual(
            [receipt[name] for name in wanted],
            ["Alimentari Rossi", "30.00", "15.00", "15.00", "26.25", "COMMERCIO", "TST***01", "Test card", "payment"],
        )
        self.assertTrue(receipt["reference"])

    def test_the_answer_brings_the_operations_of_the_day(self):
        """R-004-95: with the payment that was just made, which may be taken back."""
        reply = self.pay()

        self.assertEqual(reply["day"]["operations"][0]["reference"], reply["reference"])
        self.assertEqual(reply["day"]["reversible"]["key"], reply["key"])

    def test_the_same_key_debits_once(self):
        """R-004-83: a repeated request gets the same answer."""
        sale = self.sale()

        first, again = self.ask("pay", **sale), self.ask("pay", **sale)

        self.assertEqual(first, again)
        self.assertEqual(self.balance(), Decimal("26.25"))

    def test_the_same_key_with_another_amount_is_refused(self):
        """R-004-83: a key stands for one purchase."""
        sale = self.sale()
        self.ask("pay", **sale)

        reply = self.ask("pay", **{**sale, "amount": "31.00"})

        self.assertEqual((reply["code"], self.balance()), ("KEY_CONFLICT", Decimal("26.25")))

    def test_an_answer_that_was_lost_is_asked_for(self):
        """R-004-83: status tells what the payment told, receipt included."""
        reply = self.pay()

        known = self.ask("status", key=reply["key"])

        self.assertEqual(known["receipt"], reply["receipt"])

    def test_an_unknown_key_is_given_up_for_good(self):
        """R-004-83: nothing is debited by a request that arrives after the till gave up."""
        sale = self.sale()
        self.assertEqual(self.ask("status", key=sale["key"])["status"], "unknown")

        self.assertEqual(self.ask("void", key=sale["key"])["status"], "voided")
        late = self.ask("pay", **sale)

        self.assertEqual((late["code"], self.balance()), ("KEY_USED", Decimal("41.25")))

    def test_giving_up_a_captured_payment_tells_the_truth(self):
        """R-004-83: the request was on its way and won: the receipt is shown."""
        reply = self.pay()

        known = self.ask("void", key=reply["key"])

        self.assertEqual((known["status"], known["receipt"]), ("captured", reply["receipt"]))
        self.assertEqual(self.balance(), Decimal("26.25"))

    def test_a_capture_that_fails_leaves_no_hold(self):
        """R-004-82: authorised and captured in one transaction, or neither."""
        sale = self.sale()
        failing = patch.object(
            type(self.env["circuit.transaction"]), "_after_capture", side_effect=ZeroDivisionError("boom")
        )
        with failing, mute_logger("odoo.http"):
            self.assertIn("error", self.raw("pay", **sale))

        self.assertFalse(self.records(sale["key"]))
        self.assertEqual(self.balance(), Decimal("41.25"))

    def test_a_part_that_the_card_does_not_pay_is_left_out(self):
        """R-001-11: tobacco among the purchase; it is on the receipt, the line tells the rules."""
        with patch.object(
            type(self.env["circuit.instrument"]),
            "_circuit_quote",
            lambda model, handle, merchant, purchase, at: self.quoted.append(purchase) or self.quote(purchase),
        ):
            self.quoted = []
            reply = self.pay(amount="30.00", excluded="6.00")

        lines = [(line.amount, line.payable) for line in self.quoted[0].lines]
        self.assertEqual(lines, [(Decimal("24.00"), True), (Decimal("6.00"), False)])
        self.assertEqual((reply["receipt"]["purchase"], reply["amount"]), ("30.00", "12.00"))
        self.assertEqual(reply["receipt"]["collect"], "18.00")

    @staticmethod
    def quote(purchase):
        """Half of what the card may pay for."""
        eligible = sum(line.amount for line in purchase.lines if line.payable)
        return Quote(eligible / 2, purchase.requested, eligible)

    def test_the_citizen_may_use_less(self):
        """R-004-76: the requested amount is honoured."""
        self.assertEqual(self.pay(requested="5.00")["amount"], "5.00")

    def test_more_than_is_left_is_refused_with_what_is_possible(self):
        """R-004-76, example H5b: a sentence and the amount, nothing debited."""
        reply = self.pay(amount="200.00", requested="100.00")

        self.assertEqual((reply["status"], reply["code"], reply["limit"]), ("refused", "ACCOUNT_LIMIT", "41.25"))
        self.assertTrue(reply["message"])
        self.assertNotIn("receipt", reply)
        self.assertEqual(self.balance(), Decimal("41.25"))

    def test_a_wrong_pin_is_an_answer(self):
        """R-004-71: no stack trace, nothing written."""
        reply = self.pay(secret="99999")

        self.assertEqual((reply["status"], reply["code"]), ("refused", "UNKNOWN_OR_PIN"))
        self.assertFalse(self.records(reply.get("key")))

    def test_codes_reach_the_instrument_as_shown(self):
        """R-001-16, R-004-73: typed, or with the asterisks of a scanned bar code."""
        for identifier in ("card", " CARD ", "*CARD*"):
            with self.subTest(identifier):
                self.assertEqual(self.pay(identifier=identifier, amount="2.00")["status"], "captured")

    def test_malformed_input_is_refused(self):
        """R-004-82: an answer, nothing written, no stack trace."""
        bad = [
            {"amount": value}
            for value in (None, "", "12,50", "0", "-1", "1e3", "NaN", 30, 30.5, True, [], {}, "9" * 12)
        ]
        bad += [{"excluded": value} for value in ("-1", "31.00", "30.00x", 5)]
        bad += [{"requested": value} for value in ("0", "-5", "x", 5)]
        bad += [{"key": value} for value in (None, "", "1", 5, [])]
        bad += [{"identifier": value} for value in (None, 5, [], "X" * 5000)]
        bad += [{"secret": value} for value in (None, 24680, ["24680"])]
        bad += [{"documents": value} for value in ("yes", [1], {"other": True}, {"identity": "yes"})]
        for changes in bad:
            with self.subTest(changes):
                self.assertEqual(self.pay(**changes)["status"], "refused")
        self.assertFalse(self.records())
        self.assertEqual(self.balance(), Decimal("41.25"))

    def test_the_client_chooses_no_merchant(self):
        """R-000-27: the merchant is the login's, whatever is sent."""
        reply = self.pay(merchant_id=self.other_merchant.id, terminal="res.users,1", channel="pos")

        record = self.records(reply["key"])
        self.assertEqual((record.merchant_id, record.channel), (self.merchant, "web"))

    def test_documents_instead_of_the_pin(self):
        """R-001-12, B09: what was confirmed reaches the instrument and is kept."""
        charge = self._charge

        def shown(_model, handle, secret, quote, hold):
            seen = hold["documents"]
            if not (seen["health_card"] and seen["identity"]):
                return {"outcome": "refused", "code": "DOCUMENTS"}
            return charge(handle, "24680", quote, hold)

        instrument = type(self.env["circuit.instrument"])
        checks = patch.object(instrument, "_circuit_checks", lambda *_args: frozenset({"documents"}))
        with checks, patch.object(instrument, "_circuit_charge", shown):
            self.assertEqual(self.ask("open")["checks"], ["documents"])
            half = self.pay(secret="", documents={"health_card": True, "identity": False})
            whole = self.pay(secret="", documents={"health_card": True, "identity": True})

        self.assertEqual((half["code"], whole["status"]), ("DOCUMENTS", "captured"))
        record = self.records(whole["key"])
        self.assertTrue(record.health_card_seen and record.identity_seen)

    def test_a_coupon_and_a_card_pay_one_purchase(self):
        """H16, R-000-06: two operations of one order; what is still to collect is what both leave."""
        coupon = {"kind": "coupon", "vat_treatment": "payment"}
        instrument = type(self.env["circuit.instrument"])
        with (
            patch.object(type(self.till), "_reducing", lambda till: ["circuit.instrument"]),
            patch.object(instrument, "_circuit_taken", lambda model, paid, *_rest: (paid.amount,), create=True),
            patch.object(instrument, "_circuit_told", lambda model, outcome: coupon, create=True),
            patch.object(
                instrument,
                "_circuit_quote",
                lambda model, handle, merchant, purchase, at: Quote(
                    sum(line.amount for line in purchase.net) / 2, None, purchase.total
                ),
            ),
        ):
            first = self.pay(amount="40.00")
            second = self.pay(amount="40.00", order=first["key"])

        self.assertEqual((first["amount"], first["receipt"]["collect"]), ("20.00", "20.00"))
        self.assertEqual(first["receipt"]["vat_treatment"], "payment")
        self.assertEqual((second["amount"], second["receipt"]["collect"]), ("10.00", "10.00"))
        self.assertEqual(len(self.records().grouped("order_ref")), 1)

    def test_a_strange_order_is_refused(self):
        """R-004-83: the name of a purchase is the key of its first operation."""
        self.assertEqual(self.pay(order="somebody's")["code"], "BAD_REQUEST")
