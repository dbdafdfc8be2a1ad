from datetime import datetime, timedelta
from decimal import Decimal
from uuid import uuid4

from freezegun import freeze_time

from odoo.tests import tagged

from odoo.addons.merchant_circuit.rules.refusals import Code
from odoo.addons.merchant_circuit.rules.till import Line

from .common import NOW, CorletoCase

PLAIN = {"status", "code", "message"}


@tagged("post_install", "-at_install")
class TestTillRefusals(CorletoCase):
    """Every refusal code, provoked at the real service: one test ``test_<code>`` for each."""

    def refused(self, reply, code):
        """The answer is this refusal, in a sentence."""
        self.assertEqual((reply["status"], reply["code"]), ("refused", code))
        self.assertTrue(reply["message"].endswith("."))
        return reply

    def explained(self, reply, code, **expected):
        """The answer is this refusal and tells this."""
        self.refused(reply, code)
        told = {name: reply[name] for name in ("clause", "limit", "possible", "account", "left") if name in reply}
        self.assertEqual(told, expected)

    def captured(self, card, pin, amount="30.00"):
        """A confirmed sale of the grocery."""
        reply = self.charge(card, pin, amount)
        return self.env["circuit.transaction"]._capture(
            self.terminal(self.grocery), reply["key"], "order-1", Decimal(reply["amount"]), [Line(Decimal(amount))]
        )

    def refund(self, sale_key):
        """Ask for 5.00 back."""
        request = {"key": str(uuid4()), "origin_key": sale_key, "amount": "5.00", "order_ref": "order-1"}
        return self.till._refund(self.terminal(self.grocery), request)

    def test_every_code_is_provoked_here(self):
        """R-004-76: a new code needs its test; those of coupons and of their wallet are ecoupon's."""
        own = [code for code in Code if not code.startswith(("COUPON_", "WALLET_"))]
        missing = [code.value for code in own if not hasattr(self, f"test_{code.lower()}")]

        self.assertEqual(missing, [])

    # ------------------------------------------------------------ before the holder is proven

    def test_bad_request(self):
        card, pin = self.card()

        self.refused(self.charge(card, pin, "30.00", key="no key"), "BAD_REQUEST")

    def test_bad_amount(self):
        card, pin = self.card()

        self.refused(self.charge(card, pin, "1e3"), "BAD_AMOUNT")

    def test_bad_identifier(self):
        self.refused(self.charge("XYZ", "12345", "30.00"), "BAD_IDENTIFIER")

    def test_unknown(self):
        """R-001-12: with documents alone, a stranger's code."""
        self.terms.write({"check_pin": False, "check_documents": True})
        seen = {"health_card": True, "identity": True}

        self.refused(self.charge(self.fiscal_code(), "", "30.00", documents=seen), "UNKNOWN")

    def test_documents(self):
        self.terms.write({"check_pin": False, "check_documents": True})
        card, _pin = self.card({"COMMERCIO": "56.25"})

        self.refused(self.charge(card, "", "30.00"), "DOCUMENTS")

    def test_unknown_or_pin(self):
        card, pin = self.card({"COMMERCIO": "56.25"})

        self.refused(self.charge(card, self.wrong(pin), "30.00"), "UNKNOWN_OR_PIN")

    def test_pin_locked(self):
        card, pin = self.card({"COMMERCIO": "56.25"})
        card.sudo().pin_failures = self.terms.pin_attempts

        reply = self.refused(self.charge(card, pin, "5.00"), "PIN_LOCKED")
        self.assertEqual(reply.keys(), PLAIN)

    def test_pin_wait(self):
        card, pin = self.card({"COMMERCIO": "56.25"})
        for _try in range(2):
            self.charge(card, self.wrong(pin), "30.00")

        reply = self.refused(self.charge(card, pin, "5.00"), "PIN_WAIT")
        self.assertEqual(reply.keys(), PLAIN | {"until"})

    def test_code_expired(self):
        reply = self.refused(self.charge("CC1.FORGED", "", "5.00"), "CODE_EXPIRED")
        self.assertEqual(reply.keys(), PLAIN)

    def test_nothing_more_is_told_before_the_holder_is_proven(self):
        """R-004-76: no clause, no balance for whoever has the wrong PIN or invents a code."""
        card, pin = self.card({"COMMERCIO": "12.40"})

        for reply in (
            self.charge(card, self.wrong(pin), "5.00"),
            self.charge(card, self.wrong(pin), "30.00", requested="20.00"),
            self.charge(self.fiscal_code(), pin, "5.00"),
        ):
            self.assertEqual(reply.keys(), PLAIN)

    # ------------------------------------------------------------ the card

    def test_suspended(self):
        card, pin = self.card({"COMMERCIO": "56.25"})
        card.sudo().state = "suspended"

        self.explained(self.charge(card, pin, "30.00"), "SUSPENDED", clause="Notice §4")

    def test_closed(self):
        card, pin = self.card({"COMMERCIO": "56.25"})
        card.sudo().state = "closed"

        self.explained(self.charge(card, pin, "30.00"), "CLOSED", clause="Notice §4")

    def test_not_yet(self):
        self.terms.spendable_from = datetime(2024, 6, 30, 22, 0)
        card, pin = self.card({"COMMERCIO": "56.25"})

        self.explained(self.charge(card, pin, "30.00"), "NOT_YET", clause="Notice §4")

    def test_ended(self):
        card, pin = self.card({"COMMERCIO": "56.25"})
        self.program.action_close()

        self.explained(self.charge(card, pin, "30.00"), "ENDED", clause="Notice §2.2")

    # ------------------------------------------------------------ the purchase

    def test_min_spend(self):
        """R-004-77: what the minimum is, what it would open, what is left; nothing of this purchase."""
        card, pin = self.card({"COMMERCIO": "12.40"})

        reply = self.charge(card, pin, "9.99")

        self.explained(
            reply,
            "MIN_SPEND",
            clause="Notice §4",
            limit="10.00",
            possible="0.00",
            account="COMMERCIO",
            left="12.40",
        )
        self.assertRegex(reply["message"], r"minimum of 10\.00.* up to 5\.00")

    def test_min_spend_when_it_is_waived_for_less(self):
        """A09, R-004-77: the account still holds enough for the minimum."""
        self.terms.min_spend_waived_below_balance = True
        card, pin = self.card({"COMMERCIO": "5.00"})

        reply = self.charge(card, pin, "9.99")

        self.explained(
            reply,
            "MIN_SPEND",
            clause="Notice §4",
            limit="10.00",
            possible="0.00",
            account="COMMERCIO",
            left="5.00",
        )

    def test_own_share(self):
        """R-004-78: 20.00 of 30.00 are too much, 15.00 are possible."""
        card, pin = self.card({"COMMERCIO": "41.25"})

        reply = self.charge(card, pin, "30.00", requested="20.00")

        self.explained(
            reply,
            "OWN_SHARE",
            clause="Notice §4",
            limit="15.00",
            possible="15.00",
            account="COMMERCIO",
            left="41.25",
        )

    def test_what_is_possible_is_never_more_than_what_is_left(self):
        """R-004-76, R-004-78: 15.00 by the share, 12.40 on the account; asking for it works."""
        card, pin = self.card({"COMMERCIO": "12.40"})

        reply = self.charge(card, pin, "30.00", requested="20.00")

        self.assertEqual((reply["possible"], reply["left"]), ("12.40", "12.40"))
        self.assertEqual(self.charge(card, pin, "30.00", requested=reply["possible"])["status"], "authorized")

    def test_wrong_share(self):
        """A06: exactly half."""
        self.terms.card_share_mode = "exactly"
        card, pin = self.card({"COMMERCIO": "41.25"})

        reply = self.charge(card, pin, "30.00", requested="10.00")

        self.explained(
            reply,
            "WRONG_SHARE",
            clause="Notice §4",
            limit="15.00",
            possible="15.00",
            account="COMMERCIO",
            left="41.25",
        )

    def test_no_amount_is_offered_where_the_exact_share_is_not_there(self):
        """A06, R-004-76: half is 15.00, 12.40 are left; no amount would be accepted."""
        self.terms.card_share_mode = "exactly"
        card, pin = self.card({"COMMERCIO": "12.40"})

        reply = self.charge(card, pin, "30.00", requested="10.00")

        self.assertNotIn("possible", reply)

    def test_account_limit(self):
        """R-004-76, H5b: 20.00 would be within the share, 12.40 are left."""
        card, pin = self.card({"COMMERCIO": "12.40"})

        reply = self.charge(card, pin, "60.00", requested="20.00")

        self.explained(
            reply,
            "ACCOUNT_LIMIT",
            clause="Notice §4",
            limit="12.40",
            possible="12.40",
            account="COMMERCIO",
            left="12.40",
        )

    def test_account_limit_of_a_quarter(self):
        """A05: 41.25 are left, the quarter leaves nothing."""
        self.terms.per_quarter_category_cap = True
        card, pin = self.card({"COMMERCIO": "41.25"})

        reply = self.charge(card, pin, "30.00", requested="20.00")

        self.assertEqual((reply["code"], reply["limit"], reply["possible"]), ("OWN_SHARE", "15.00", "0.00"))
        self.assertEqual(reply["left"], "41.25")

    def test_no_credit(self):
        card, pin = self.card()

        self.explained(
            self.charge(card, pin, "30.00"),
            "NO_CREDIT",
            clause="Notice §4",
            possible="0.00",
            account="COMMERCIO",
            left="0.00",
        )

    def test_no_account(self):
        """R-004-43: no account of the scheme serves this kind of shop."""
        card, pin = self.card({"COMMERCIO": "56.25"})
        self.account(card, "COMMERCIO").scheme_line_id.sudo().category_ids = False

        self.explained(self.charge(card, pin, "30.00"), "NO_ACCOUNT", clause="Notice §3")

    def test_excluded_merchant(self):
        """R-004-79, H7: a pharmacy learns no balance."""
        card, pin = self.card({"COMMERCIO": "56.25"})

        self.explained(self.charge(card, pin, "24.90", merchant=self.pharmacy), "EXCLUDED_MERCHANT", clause="Notice §4")

    # ------------------------------------------------------------ shop and circuit

    def test_no_agreement(self):
        """R-004-90: a shop that no longer takes part learns no balance."""
        card, pin = self.card({"COMMERCIO": "56.25"})
        self.env["circuit.agreement"].search([("merchant_id", "=", self.bar.id)]).sudo().date_to = "2024-02-01"
        self.env.registry.clear_cache()

        self.explained(self.charge(card, pin, "30.00", merchant=self.bar), "NO_AGREEMENT", clause="Notice §1")

    def test_circuit_stopped(self):
        card, pin = self.card({"COMMERCIO": "56.25"})
        self.circuit.sudo().state = "stopped"
        self.env.registry.clear_cache()

        self.explained(self.charge(card, pin, "30.00"), "CIRCUIT_STOPPED", clause="Notice §2.2")

    # ------------------------------------------------------------ keys and refunds

    def test_key_conflict(self):
        """R-004-83: the same key for another purchase."""
        card, pin = self.card({"COMMERCIO": "56.25"})
        key = self.charge(card, pin, "30.00")["key"]

        reply = self.refused(self.charge(card, pin, "40.00", key=key), "KEY_CONFLICT")
        self.assertEqual(reply.keys(), PLAIN)

    def test_key_used(self):
        card, pin = self.card({"COMMERCIO": "56.25"})
        key = self.charge(card, pin, "30.00")["key"]
        self.till._void(self.terminal(self.grocery), [key])

        reply = self.refused(self.charge(card, pin, "30.00", key=key), "KEY_USED")
        self.assertEqual(reply.keys(), PLAIN)

    def test_no_origin(self):
        self.refused(self.refund(str(uuid4())), "NO_ORIGIN")

    def test_already_refunded(self):
        """R-004-84."""
        card, pin = self.card({"COMMERCIO": "56.25"})
        sale = self.captured(card, pin, "10.00")
        self.assertEqual(self.refund(sale.key)["amount"], "5.00")

        self.refused(self.refund(sale.key), "ALREADY_REFUNDED")

    def test_too_late(self):
        """R-004-84: the shop's own minutes are over, the office still may."""
        card, pin = self.card({"COMMERCIO": "56.25"})
        sale = self.captured(card, pin, "10.00")
        self.circuit.reversal_minutes = 0
        request = {"key": str(uuid4()), "origin_key": sale.key, "reason": "Wrong amount"}

        with freeze_time(NOW + timedelta(minutes=1)):
            self.refused(self.till._reverse_last(self.terminal(self.grocery), request), "TOO_LATE")

    # ------------------------------------------------------------ the till itself

    def test_too_many(self):
        """Issue 4: a till that tries codes waits, and is told for how long; the card learns nothing of it."""
        card, pin = self.card({"COMMERCIO": "56.25"})
        self.circuit.write({"guess_till": 2, "guess_merchant": 4})
        for _try in range(2):
            self.till._authorize(self.terminal(self.grocery), {})
            self.charge(card, pin, "30.00", identifier="RSSMRA80A01F839W")

        reply = self.refused(self.charge(card, pin, "30.00"), "TOO_MANY")
        self.assertEqual(reply.keys(), {*PLAIN, "until"})
        self.assertNotEqual(self.charge(card, pin, "30.00", merchant=self.bar).get("code"), "TOO_MANY")

    # ------------------------------------------------------------ the clauses

    def test_clauses_are_dated_and_may_be_named_better(self):
        """R-004-02, R-004-06: they belong to the terms of the day; a better name moves no money."""
        card, pin = self.card({"COMMERCIO": "12.40"})
        self.assertTrue(self.terms.in_use)

        self.terms.clause_minimum = "Regolamento, art. 9"

        self.assertEqual(self.charge(card, pin, "5.00")["clause"], "Regolamento, art. 9")

    def test_a_rule_without_a_clause(self):
        """R-001-15: not every notice has numbered clauses."""
        self.terms.clause_minimum = False
        card, pin = self.card({"COMMERCIO": "12.40"})

        self.assertNotIn("clause", self.charge(card, pin, "5.00"))
