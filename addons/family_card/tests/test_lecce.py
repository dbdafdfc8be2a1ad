from datetime import datetime, timedelta
from decimal import Decimal
from uuid import uuid4

from freezegun import freeze_time

from odoo.tests import tagged

from odoo.addons.family_card.rules import sms_text
from odoo.addons.merchant_circuit.rules.till import Line

from .common import CorletoCase

BOTH = {"health_card": True, "identity": True}
START = datetime(2020, 6, 6, 15, 0)  # 17:00 in Lecce
CREDITED = datetime(2020, 6, 6, 8, 0)
NOON = datetime(2020, 6, 8, 10, 0)


@tagged("post_install", "-at_install")
class TestLecce(CorletoCase):
    """The food vouchers of Lecce, June 2020: examples 4.8 and S4 through the till service."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        env = cls.env
        env["res.lang"]._activate_lang("it_IT")
        cls.circuit = env["circuit.circuit"].create({"name": "Buoni spesa"})
        cls.program = env["family.card.program"].create(
            {
                "name": "Buoni spesa 2020",
                "code": "LECCE-2020",
                "year": 2020,
                "circuit_id": cls.circuit.id,
                "sender": "Comune di Lecce",
                "sms_lang": "it_IT",
            }
        )
        cls.program.action_set_up_lecce()
        cls.terms = cls.program.terms_ids
        cls.terms.spendable_from = START
        cls.program.action_open()
        cls.market = cls.shop("Market Sud", "commercio", "grocery")
        cls.toys = cls.shop("Giocattoli Nord", "commercio", "bookshop")
        cls.program.circuit_id.agreement_ids.date_from = "2020-01-01"

    def voucher(self, amount="150.00", at=CREDITED):
        """A beneficiary with credit on the account of the vouchers."""
        card = self.request_card()
        card.action_activate()
        self.env["stored.value.account"]._credit(
            [
                {
                    "account_id": card.account_ids.id,
                    "amount": Decimal(amount),
                    "available_from": at,
                    "expires_at": datetime(2020, 12, 31, 23, 0),
                    "origin": str(uuid4()),
                    "memo": "",
                }
            ],
            CREDITED,
        )
        return card

    def spend(self, card, *lines, at=NOON, merchant=None, **changes):
        """Charge a voucher as a cashier who has seen both documents."""
        with freeze_time(at):
            return self.charge(card, "", *lines, merchant=merchant or self.market, documents=BOTH, **changes)

    # ------------------------------------------------------------------ the preset

    def test_the_preset(self):
        """B09, B10, B11, R-001-11: no own share, no minimum, documents, food and necessities, one account, no checks."""
        self.assertEqual((self.terms.card_share_mode, self.terms.min_spend), ("full", 0))
        self.assertEqual((self.terms.check_pin, self.terms.check_documents), (False, True))
        self.assertEqual(set(self.terms.allowed_activity_ids.mapped("code")), {"grocery", "necessities"})
        self.assertFalse(self.terms.excluded_activity_ids)
        self.assertFalse(self.terms.check_residence or self.terms.check_taxes or self.terms.check_abode)
        self.assertEqual(self.terms.charge_notice, "residual")
        [line] = self.program.scheme_ids.line_ids
        self.assertEqual((line.code, line.weight), ("BUONO", 100))
        for kind in ("standard", "senior", "special"):
            self.assertEqual(self.program._scheme_for(kind).line_ids, line)
        self.assertEqual(self.program.card_label, "Buono spesa")
        self.assertEqual(self.terms.on_exhaustion, "waiting_list")
        first, second = self.program.period_ids.sorted("number")
        self.assertEqual((first.kind, first.amount_rule), ("tranche", "whole"))
        self.assertEqual((second.kind, second.amount_rule, second.previous_id), ("tranche", "previous", first))
        self.assertEqual(set(self.program.period_ids.mapped("expires_at")), {datetime(2020, 12, 31, 23)})

    def test_preparing_again_changes_nothing(self):
        """What the office has set up stays."""
        before = (self.program.period_ids, self.program.scheme_ids, self.program.terms_ids)

        self.program.action_set_up_lecce()

        self.assertEqual((self.program.period_ids, self.program.scheme_ids, self.program.terms_ids), before)

    def test_two_programmes_with_one_prefix(self):
        """R-004-73: a card number names one card, also where nobody thought of a prefix of its own."""
        twin = self.program.copy({"code": "LECCE-2020-BIS"})
        twin.action_set_up_lecce()
        twin.action_open()
        first = self.request_card()
        second = self.request_card(program_id=twin.id)

        (first | second).action_activate()
        self.env.flush_all()

        self.assertNotEqual(first.number, second.number)

    # ------------------------------------------------------------------ when

    def test_v1_not_before_the_instant(self):
        """V1, R-001-01, B12: 17:00 of 6 June 2020 in Lecce, to the second."""
        card = self.voucher()

        early = self.spend(card, "23.40", at=START - timedelta(seconds=1))

        self.assertEqual(early["code"], "NOT_YET")
        self.assertIn("20", early["message"])
        self.assertEqual(self.spend(card, "23.40", at=START)["status"], "authorized")

    def test_credited_and_not_yet_spendable(self):
        """R-001-02, V1: the credit of a tranche is on the account and waits for its own instant."""
        self.terms.spendable_from = False
        self.env["family.card.fund"].create(
            {
                "program_id": self.program.id,
                "name": "State",
                "amount": 1000,
                "available": True,
                "available_on": CREDITED,
            }
        )
        tranche = self.program.period_ids.sorted("number")[0]
        tranche.spendable_from = START
        card = self.request_card(annual_amount=150)
        card.action_activate()
        card._credit_period(tranche, CREDITED)

        self.assertEqual(card.account_ids._balance(), Decimal("150.00"))
        self.assertEqual(card.account_ids.lot_ids.expires_at, datetime(2020, 12, 31, 23))
        early = self.spend(card, "23.40", at=START - timedelta(seconds=1))
        self.assertEqual(early["code"], "NOT_YET")
        self.assertEqual(self.spend(card, "23.40", at=START)["balance"], "126.60")

    def test_the_expiry_date(self):
        """B11: the last second of 2020 in Lecce and the first of 2021."""
        card = self.voucher()

        self.assertEqual(self.spend(card, "10.00", at=datetime(2020, 12, 31, 22, 59, 59))["status"], "authorized")
        self.assertEqual(self.spend(card, "10.00", at=datetime(2020, 12, 31, 23, 0, 0))["code"], "NO_CREDIT")

    # ------------------------------------------------------------------ how much

    def test_v3_all_of_the_purchase_while_it_lasts(self):
        """V3: 150.00, then 23.40, then 200.00 asked and 200.00 as far as it goes."""
        card = self.voucher()

        first = self.spend(card, "23.40")
        asked = self.spend(card, "200.00", requested="200.00")
        last = self.spend(card, "200.00")

        self.assertEqual((first["amount"], first["balance"]), ("23.40", "126.60"))
        self.assertEqual((asked["code"], asked["limit"]), ("ACCOUNT_LIMIT", "126.60"))
        self.assertEqual((last["amount"], last["balance"]), ("126.60", "0.00"))  # the citizen pays 73.40

    def test_no_minimum(self):
        """B11: a bottle of water."""
        self.assertEqual(self.spend(self.voucher(), "0.35")["amount"], "0.35")

    def test_food_and_basic_necessities_only(self):
        """R-001-11: other goods on the receipt are paid otherwise; a shop without such goods gets nothing."""
        card = self.voucher()

        mixed = self.spend(card, "20.00", ("7.00", "necessities"), ("30.00", "household_goods"), ("6.00", "tobacco"))

        self.assertEqual((mixed["eligible"], mixed["amount"]), ("27.00", "27.00"))
        self.assertEqual(self.spend(card, "20.00", merchant=self.toys)["code"], "EXCLUDED_MERCHANT")

    # ------------------------------------------------------------------ who

    def test_nothing_transferable(self):
        """R-001-21: only the holder's own fiscal code or the number of the card names the balance; no account, lot,
        transaction or PIN does, and another person's code finds nothing."""
        card = self.voucher()
        paid = self.spend(card, "10.00")
        for code in (paid["reference"], paid["key"], str(card.account_ids.id), card.account_ids.lot_ids.origin):
            with self.subTest(code):
                self.assertEqual(self.spend(code[:64], "10.00")["code"], "BAD_IDENTIFIER")

        self.assertEqual(self.spend(self.fiscal_code(), "10.00")["code"], "UNKNOWN")
        self.assertEqual(self.spend(card.number, "10.00")["status"], "authorized")
        self.assertEqual(self.spend(card.fiscal_code, "10.00")["status"], "authorized")

    def test_number_and_code_lead_to_one_person(self):
        """R-001-21: the transaction says whose voucher it was."""
        card = self.voucher()
        reply = self.spend(card.number, "10.00")

        transaction = self.env["circuit.transaction"].search([("key", "=", reply["key"])])
        self.assertEqual((transaction.instrument_model, transaction.instrument_id), ("family.card", card.id))
        self.assertEqual(reply["holder"], card.fiscal_code[:3] + "*" * 11 + card.fiscal_code[-2:])
        self.assertEqual(reply["instrument"], "Buono spesa")
        self.assertEqual(self.till._status(self.terminal(self.market), reply["key"])["instrument"], "Buono spesa")

    # ------------------------------------------------------------------ message

    def test_s4_residual_after_each_transaction(self):
        """S4, R-001-14, B10: the text of the examples, 87 characters."""
        card = self.voucher()
        with freeze_time(NOON):
            for amount, text in (
                ("23.40", "Comune di Lecce: buono spesa usato EUR 23,40 da Market Sud. Credito residuo EUR 126,60."),
                ("26.60", "Comune di Lecce: buono spesa usato EUR 26,60 da Market Sud. Credito residuo EUR 100,00."),
            ):
                reply = self.spend(card, amount)
                self.env["circuit.transaction"]._capture(
                    self.terminal(self.market),
                    reply["key"],
                    "order-1",
                    Decimal(reply["amount"]),
                    [Line(Decimal(amount))],
                )
                message = self.messages(card)[-1]
                self.assertEqual(message, text)
                self.assertEqual((len(message), sms_text.segments(message)), (87, 1))
