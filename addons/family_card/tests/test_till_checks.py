from datetime import datetime
from decimal import Decimal
from uuid import uuid4

from psycopg2.errors import CheckViolation

from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.merchant_circuit.rules.refusals import Code, Refusal

from .common import CorletoCase

BOTH = {"health_card": True, "identity": True}
ONE = {"health_card": True, "identity": False}


@tagged("post_install", "-at_install")
class TestTillChecks(CorletoCase):
    """How the holder is identified at the till: PIN, documents, or both (B09)."""

    def by_documents(self, **changes):
        """Let the programme look at the documents instead of the PIN."""
        self.terms.write({"check_pin": False, "check_documents": True, **changes})

    def transaction(self, reply):
        return self.env["circuit.transaction"].search([("key", "=", reply["key"])])

    def test_both_documents_must_have_been_seen(self):
        """R-001-12: without both confirmations the charge is refused, with both it is paid."""
        self.by_documents()
        card, _pin = self.card({"COMMERCIO": "56.25"})

        for seen in (None, {}, ONE, {"identity": True}):
            with self.subTest(seen):
                reply = self.charge(card, "", "30.00", documents=seen)
                self.assertEqual((reply["status"], reply["code"]), ("refused", "DOCUMENTS"))
                self.assertIn("identity document", reply["message"])

        self.assertEqual(self.charge(card, "", "30.00", documents=BOTH)["amount"], "15.00")

    def test_what_was_seen_and_by_whom_is_kept(self):
        """R-001-12: for the audit, with the transaction."""
        self.by_documents()
        card, _pin = self.card({"COMMERCIO": "56.25"})

        transaction = self.transaction(self.charge(card, "", "30.00", documents=BOTH))

        self.assertTrue(transaction.health_card_seen)
        self.assertTrue(transaction.identity_seen)
        self.assertEqual(transaction.user_id, self.env.user)

    def test_nothing_is_said_to_have_been_seen_without_it(self):
        """R-004-71: a PIN card's transaction claims no documents."""
        card, pin = self.card({"COMMERCIO": "56.25"})

        transaction = self.transaction(self.charge(card, pin, "30.00"))

        self.assertFalse(transaction.health_card_seen or transaction.identity_seen)

    def test_fiscal_code_and_amount_are_enough(self):
        """R-001-15: no PIN is needed, and none is looked at."""
        self.by_documents()
        card, pin = self.card({"COMMERCIO": "56.25"})
        for _attempt in range(5):
            self.charge(card, self.wrong(pin), "12.00", documents=BOTH)

        self.assertEqual(self.charge(card, "", "12.00", documents=BOTH)["status"], "authorized")
        self.assertEqual(card.pin_failures, 0)

    def test_a_locked_pin_does_not_stop_documents(self):
        """B09: PIN_LOCKED has no meaning where no PIN is asked for."""
        self.by_documents()
        card, _pin = self.card({"COMMERCIO": "56.25"})
        card.sudo().pin_failures = 3

        self.assertEqual(self.charge(card, "", "12.00", documents=BOTH)["status"], "authorized")
        self.assertEqual(card.pin_failures, 3)

    def test_scanned_or_typed(self):
        """R-001-16: the fiscal code typed, or read from the bar code of the health card."""
        self.by_documents()
        card, _pin = self.card({"COMMERCIO": "56.25"})

        for text in (card.fiscal_code.lower(), f"*{card.fiscal_code}*"):
            with self.subTest(text[:1]):
                self.assertEqual(self.charge(text, "", "10.00", documents=BOTH)["status"], "authorized")

    def test_both_kinds_of_proof(self):
        """B09: a programme may ask for PIN and documents; the documents are asked for first and cost no try."""
        self.terms.check_documents = True
        card, pin = self.card({"COMMERCIO": "56.25"})

        self.assertEqual(self.charge(card, self.wrong(pin), "30.00")["code"], "DOCUMENTS")
        self.assertEqual(card.pin_failures, 0)
        self.assertEqual(self.charge(card, self.wrong(pin), "30.00", documents=BOTH)["code"], "UNKNOWN_OR_PIN")
        self.assertEqual(self.charge(card, pin, "30.00", documents=BOTH)["status"], "authorized")

    def test_one_of_them_is_always_checked(self):
        """B09: a programme cannot pay to whoever asks."""
        with mute_logger("odoo.sql_db"), self.assertRaises(CheckViolation):
            self.terms.check_pin = False
            self.env.flush_all()

    def test_an_unknown_code_gets_the_answer_of_a_known_one(self):
        """R-001-15: without documents a till cannot find out who holds a voucher."""
        self.by_documents()
        card, pin = self.card({"COMMERCIO": "56.25"})

        for secret, seen in (("", None), ("", ONE), (pin, None)):
            with self.subTest(seen):
                known = self.charge(card, secret, "30.00", documents=seen)
                self.assertEqual(self.charge(self.fiscal_code(), secret, "30.00", documents=seen), known)
        unknown = self.charge(self.fiscal_code(), "", "30.00", documents=BOTH)
        self.assertEqual(unknown["code"], "UNKNOWN")
        self.assertNotIn("PIN", unknown["message"])

    def test_a_voucher_of_another_circuit_is_not_betrayed(self):
        """R-001-15: at a shop of another circuit a voucher looks like an unknown card, whatever is confirmed."""
        card, pin = self.card()
        circuit = self.env["circuit.circuit"].create({"name": "Vouchers"})
        program = self.program.copy({"code": "VOUCHERS", "circuit_id": circuit.id})
        program.action_set_up()
        program.terms_ids.write({"check_pin": False, "check_documents": True})
        program.action_open()
        voucher = self.request_card(program_id=program.id)
        voucher.action_activate()

        for seen in (None, BOTH):
            unknown = self.charge(self.fiscal_code(), pin, "30.00", documents=seen)
            self.assertEqual(self.charge(voucher, pin, "30.00", documents=seen), unknown)
        self.assertEqual(card.pin_failures, 0)

    def test_the_till_knows_what_to_ask_for(self):
        """B09: the union over the running programmes of the shop's circuits."""
        now = datetime(2024, 4, 3, 8, 15)

        self.assertEqual(self.till._checks(self.grocery.id, now), {"pin"})
        self.by_documents()
        self.assertEqual(self.till._checks(self.grocery.id, now), {"documents"})
        other = self.program.copy({"code": "FAMILY"})
        other.action_set_up()
        self.assertEqual(self.till._checks(self.grocery.id, now), {"documents"})
        other.action_open()
        self.assertEqual(self.till._checks(self.grocery.id, now), {"documents", "pin"})
        self.program.action_close()
        other.action_close()
        self.assertEqual(self.till._checks(self.grocery.id, now), {"pin"})

    def test_malformed_confirmations(self):
        """R-001-12: only true counts as seen."""
        self.by_documents()
        card, _pin = self.card({"COMMERCIO": "56.25"})

        for seen in ("yes", ["health_card"], {"health_card": 1, "identity": 1}, {**BOTH, "passport": True}):
            with self.subTest(str(seen)):
                self.assertEqual(self.charge(card, "", "30.00", documents=seen)["code"], "BAD_REQUEST")

    def test_the_same_key_with_other_confirmations(self):
        """R-001-12: what was confirmed belongs to the request; the same one gets the same answer."""
        self.terms.check_documents = False
        card, pin = self.card({"COMMERCIO": "56.25"})
        key = str(uuid4())
        reply = self.charge(card, pin, "30.00", key=key)

        self.assertEqual(self.charge(card, pin, "30.00", key=key), reply)
        self.assertEqual(self.charge(card, pin, "30.00", key=key, documents=BOTH)["code"], "KEY_CONFLICT")
        self.assertEqual(self.balances(card)["COMMERCIO"], Decimal("41.25"))

    def test_no_pin_is_sent_that_nobody_asks_for(self):
        """R-001-15: neither the tills nor the balance page ask for one."""
        self.by_documents(balance_by_pin=False)
        card = self.request_card()

        card.action_activate()

        self.assertFalse(self.messages(card))
        self.assertFalse(card.sudo().pin_hash)

    def test_one_round_trip(self):
        """performance.md 8: the check of the documents adds no query."""
        self.by_documents()
        card, _pin = self.card({"COMMERCIO": "56.25"})
        self.charge(card, "", "10.00", documents=BOTH)
        self.env.flush_all()
        model = self.env["family.card"]
        handle = model._circuit_identify(card.fiscal_code, datetime(2024, 4, 3, 8, 15))

        with self.assertQueryCount(1):
            outcome = model._circuit_charge(handle, "", Refusal(Code.ENDED), self.bare_hold())

        self.assertEqual(outcome["outcome"], "quote")

    def bare_hold(self):
        return {"key": str(uuid4()), "fingerprint": "x", "merchant_id": self.grocery.id, "documents": BOTH}
