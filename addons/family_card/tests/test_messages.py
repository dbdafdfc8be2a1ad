from decimal import Decimal

from odoo.tests import tagged

from odoo.addons.family_card.rules import sms_text
from odoo.addons.merchant_circuit.rules.till import Line

from .common import CorletoCase


@tagged("post_install", "-at_install")
class TestMessages(CorletoCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.lang"]._activate_lang("it_IT")
        cls.program.sms_lang = "it_IT"

    def sale(self, card, pin, *lines, merchant=None, **changes):
        """Authorise and capture."""
        merchant = merchant or self.grocery
        reply = self.charge(card, pin, *lines, merchant=merchant, **changes)
        purchase = self.env["circuit.transaction"].search([("key", "=", reply["key"])])
        lines = [Line(Decimal(amount)) for amount in lines]
        self.env["circuit.transaction"]._capture(
            self.terminal(merchant), reply["key"], "order-1", Decimal(reply["amount"]), lines
        )
        return purchase

    def last(self, card):
        text = self.messages(card)[-1]
        self.assertTrue(sms_text.is_gsm7(text.replace("•", "*")))
        self.assertEqual(sms_text.segments(text.replace("•", "*")), 1)
        return text

    def test_s1_pin(self):
        """S1, R-004-72: the household reads the PIN, the list of messages shows dots."""
        card = self.request_card()
        card.action_activate()

        self.assertEqual(
            self.last(card),
            f"Comune di Corleto Perticara: Family Card n. {card.number} attiva. PIN •••••. "
            "Non comunicarlo a nessuno tranne che all'operatore al momento dell'acquisto.",
        )

    def test_s1_again_with_a_new_pin(self):
        """R-004-74."""
        card, _pin = self.card()
        card.action_reset_pin()

        self.assertIn("nuovo PIN •••••", self.last(card))

    def test_s2_credit(self):
        """S2, R-004-48: one message with all accounts."""
        card, _pin = self.card()
        before = len(self.messages(card))

        card._credit_period(self.q2, card.activated_at)

        self.assertEqual(len(self.messages(card)), before + 1)
        self.assertEqual(
            self.last(card),
            f"Family Card {card.number}: accredito 2 trim. 2024 di EUR 112,50: COMMERCIO 56,25, ARTIGIANATO 45,00, "
            "SOMMINISTRAZIONE 11,25. Spendibile fino al 31/12/2024.",
        )

    def test_s2_per_account(self):
        """A17: three messages."""
        self.terms.credit_sms = "per_account"
        card, _pin = self.card()
        before = len(self.messages(card))

        card._credit_period(self.q2, card.activated_at)

        self.assertEqual(len(self.messages(card)), before + 3)
        self.assertIn("di EUR 11,25: SOMMINISTRAZIONE 11,25.", self.last(card))

    def test_s2_none(self):
        """A17: credit without a message."""
        self.terms.credit_sms = "none"
        card, _pin = self.card()
        before = self.messages(card)

        card._credit_period(self.q2, card.activated_at)

        self.assertEqual(self.messages(card), before)

    def test_s3_charge(self):
        """S3, R-004-80: purchase, what the card paid, what is left; sent on capture, once."""
        card, pin = self.card({"COMMERCIO": "56.25"})
        before = len(self.messages(card))

        sale = self.sale(card, pin, "30.00")

        self.assertEqual(len(self.messages(card)), before + 1)
        self.assertEqual(
            self.last(card),
            "Family Card: spesa EUR 30,00 da Alimentari Rossi il 03/04/2024 10:15, pagati con la card 15,00. "
            f"Saldo COMMERCIO EUR 41,25. Op. {sale.reference}",
        )

    def test_no_message_before_the_capture(self):
        """A hold is not a purchase yet."""
        card, pin = self.card({"COMMERCIO": "56.25"})
        before = self.messages(card)

        self.charge(card, pin, "30.00")

        self.assertEqual(self.messages(card), before)

    def test_receipt_only(self):
        """A18: ``charge_notice`` receipt."""
        self.terms.charge_notice = "receipt"
        card, pin = self.card({"COMMERCIO": "56.25"})
        before = self.messages(card)

        self.sale(card, pin, "30.00")

        self.assertEqual(self.messages(card), before)

    def test_a_long_name_over_the_door_is_cut(self):
        """Examples 4.6: names are cut, amounts never; quotes and dashes do not double the price."""
        self.grocery.shop_name = "“Premiata Macelleria – Salumeria” dei Fratelli Di Giovanni & Figli"
        card, pin = self.card({"COMMERCIO": "56.25"})

        self.sale(card, pin, "30.00")

        text = self.last(card)
        for part in ("30,00", "15,00", "Saldo COMMERCIO EUR 41,25", 'da "Premiata'):
            self.assertIn(part, text)

    def test_a_refund_is_told(self):
        """R-004-84: the credit is back on its account."""
        card, pin = self.card({"COMMERCIO": "56.25"})
        sale = self.sale(card, pin, "30.00")

        sale._reverse("wrong amount")

        self.assertIn("EUR 15,00 restituiti da Alimentari Rossi", self.last(card))
        self.assertIn("Saldo COMMERCIO EUR 56,25", self.last(card))
