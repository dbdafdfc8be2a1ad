from datetime import datetime
from decimal import Decimal

from freezegun import freeze_time

from odoo.tests import tagged

from .common import CorletoCase


@tagged("post_install", "-at_install")
class TestTillExamples(CorletoCase):
    """Examples 4.5 through the real till service."""

    def check_paid(self, reply, amount, balance, account="COMMERCIO"):
        self.assertEqual(reply["status"], "authorized", reply.get("message"))
        self.assertEqual((reply["amount"], reply["balance"], reply["account"]), (amount, balance, account))

    def check_refused(self, reply, code, limit=None):
        self.assertEqual((reply["status"], reply.get("code"), reply.get("limit")), ("refused", code, limit))
        self.assertTrue(reply["message"])

    def test_charges_as_much_as_possible(self):
        """H1, H3, H4, H5, H10, H12: the card pays half, at most what is left (R-004-75, R-004-78)."""
        examples = {
            "H1": ("30.00", "56.25", "15.00", "41.25"),
            "H3": ("10.00", "41.25", "5.00", "36.25"),
            "H4": ("10.01", "41.25", "5.00", "36.25"),
            "H5": ("200.00", "41.25", "41.25", "0.00"),
            "H10": ("12.00", "0.35", "0.35", "0.00"),
            "H12a": ("22.49", "11.25", "11.24", "0.01"),
            "H12b": ("22.51", "11.25", "11.25", "0.00"),
        }
        for name, (purchase, before, paid, after) in examples.items():
            with self.subTest(name):
                card, pin = self.card({"COMMERCIO": before})

                reply = self.charge(card, pin, purchase)

                self.check_paid(reply, paid, after)
                self.assertEqual(self.balances(card)["COMMERCIO"], Decimal(after))

    def test_refused_charges(self):
        """H2, H4b, H5b, H11: a refusal names its rule and what would be possible (R-004-76 to R-004-78)."""
        examples = {
            "H2": ("9.99", "41.25", None, "MIN_SPEND", "10.00"),
            "H4b": ("10.03", "41.25", "5.02", "OWN_SHARE", "5.01"),
            "H5b": ("200.00", "41.25", "100.00", "ACCOUNT_LIMIT", "41.25"),
            "H11": ("15.00", "0.00", None, "NO_CREDIT", None),
        }
        for name, (purchase, before, asked, code, limit) in examples.items():
            with self.subTest(name):
                card, pin = self.card({"COMMERCIO": before})

                reply = self.charge(card, pin, purchase, requested=asked)

                self.check_refused(reply, code, limit)
                self.assertEqual(self.balances(card)["COMMERCIO"], Decimal(before))

    def test_accounts_never_compensate(self):
        """H6: a workshop takes only from ARTIGIANATO (R-004-43, R-004-44)."""
        card, pin = self.card({"COMMERCIO": "41.25", "ARTIGIANATO": "45.00"})

        reply = self.charge(card, pin, "120.00", requested="60.00", merchant=self.mechanic)

        self.check_refused(reply, "ACCOUNT_LIMIT", "45.00")
        self.assertEqual(self.balances(card)["COMMERCIO"], Decimal("41.25"))

    def test_a_pharmacy_refuses_ordinary_cards(self):
        """H7, R-004-79: also senior ones."""
        for kind, code in (("standard", "COMMERCIO"), ("senior", "UNICO")):
            with self.subTest(kind):
                card, pin = self.card({code: "50.00"}, kind=kind)

                self.check_refused(self.charge(card, pin, "24.90", merchant=self.pharmacy), "EXCLUDED_MERCHANT")

    def test_a_pharmacy_takes_special_cards(self):
        """H8, R-004-40: free-sale goods yes, prescription drugs no."""
        card, pin = self.card({"UNICO": "112.50"}, kind="special")

        self.check_paid(self.charge(card, pin, "24.90", merchant=self.pharmacy), "12.45", "100.05", "UNICO")
        reply = self.charge(card, pin, ("24.90", "prescription_drugs"), merchant=self.pharmacy)
        self.check_refused(reply, "EXCLUDED_MERCHANT")

    def test_a_senior_card_spends_in_every_macro_category(self):
        """K7, R-004-37: one account, accepted by all three."""
        card, pin = self.card({"UNICO": "112.50"}, kind="senior")

        for merchant, left in ((self.grocery, "102.50"), (self.mechanic, "92.50"), (self.bar, "82.50")):
            self.check_paid(self.charge(card, pin, "20.00", merchant=merchant), "10.00", left, "UNICO")

    def test_a_bar_that_sells_tobacco(self):
        """H9: cigarettes do not count (A25)."""
        card, pin = self.card({"SOMMINISTRAZIONE": "50.00"})

        reply = self.charge(card, pin, "18.00", ("6.00", "tobacco"), merchant=self.bar)

        self.check_paid(reply, "9.00", "41.00", "SOMMINISTRAZIONE")
        self.assertEqual(reply["eligible"], "18.00")

    def test_the_minimum_is_measured_on_eligible_goods(self):
        """H9b, A09."""
        card, pin = self.card({"SOMMINISTRAZIONE": "50.00"})

        reply = self.charge(card, pin, "8.00", ("6.00", "tobacco"), merchant=self.bar)

        self.check_refused(reply, "MIN_SPEND", "10.00")

    def test_the_minimum_on_the_whole_receipt(self):
        """H9b with ``whole receipt``."""
        self.terms.min_spend_base = "receipt"
        card, pin = self.card({"SOMMINISTRAZIONE": "50.00"})

        reply = self.charge(card, pin, "8.00", ("6.00", "tobacco"), merchant=self.bar)

        self.check_paid(reply, "4.00", "46.00", "SOMMINISTRAZIONE")

    def test_less_than_the_share_may_be_asked(self):
        """H13, A06: ``at_most``."""
        card, pin = self.card({"COMMERCIO": "112.50"})

        self.check_paid(self.charge(card, pin, "40.00", requested="12.00"), "12.00", "100.50")

    def test_exactly_the_share(self):
        """H13, A06: ``exactly``."""
        self.terms.card_share_mode = "exactly"
        card, pin = self.card({"COMMERCIO": "112.50"})

        self.check_refused(self.charge(card, pin, "40.00", requested="12.00"), "WRONG_SHARE", "20.00")
        self.check_paid(self.charge(card, pin, "40.00", requested="20.00"), "20.00", "92.50")

    def test_not_before_the_first_of_april(self):
        """H14, R-004-33: refused until 23:59:59 of 31/03/2024 in Rome."""
        card, pin = self.card({"COMMERCIO": "56.25"})

        with freeze_time(datetime(2024, 3, 31, 21, 59, 59)):
            reply = self.charge(card, pin, "30.00")
        self.check_refused(reply, "NOT_YET")
        self.assertIn("4", reply["message"])
        with freeze_time(datetime(2024, 3, 31, 22, 0, 0)):
            self.check_paid(self.charge(card, pin, "30.00"), "15.00", "41.25")

    def test_credit_stops_at_midnight_in_rome(self):
        """X2: the last second of 31/12/2024 and the first of 2025."""
        card, pin = self.card({"COMMERCIO": "56.25"})

        with freeze_time(datetime(2024, 12, 31, 22, 59, 59)):
            self.check_paid(self.charge(card, pin, "30.00"), "15.00", "41.25")
        with freeze_time(datetime(2024, 12, 31, 23, 0, 0)):
            self.check_refused(self.charge(card, pin, "30.00"), "NO_CREDIT")

    def test_refuse_instead_of_paying_what_is_left(self):
        """A07: ``on_insufficient`` refuse."""
        self.terms.on_insufficient = "refuse"
        card, pin = self.card({"COMMERCIO": "41.25"})

        self.check_refused(self.charge(card, pin, "200.00"), "ACCOUNT_LIMIT", "41.25")

    def test_a_card_with_old_and_new_accounts(self):
        """A16: after a change of kind the account with credit is used, then the other."""
        card, pin = self.card({"COMMERCIO": "5.00"})
        card.kind = "senior"
        self.credit(card, {"UNICO": "20.00"})

        self.check_paid(self.charge(card, pin, "20.00"), "5.00", "0.00", "COMMERCIO")
        self.check_paid(self.charge(card, pin, "20.00"), "10.00", "10.00", "UNICO")

    def test_terms_change_from_a_day_on(self):
        """R-004-06: a new act changes the minimum from its day; the old day keeps the old one."""
        card, pin = self.card({"COMMERCIO": "56.25"})
        self.env["family.card.terms"].create(
            {"program_id": self.program.id, "valid_from": "2024-05-01", "act_id": self.act.id, "min_spend": 20.0}
        )

        self.assertEqual(self.charge(card, pin, "12.00")["status"], "authorized")
        with freeze_time(datetime(2024, 4, 30, 22, 0, 0)):
            self.check_refused(self.charge(card, pin, "12.00"), "MIN_SPEND", "20.00")

    def test_a_shop_of_no_macro_category_of_the_card(self):
        """R-004-43: no account for this kind of shop."""
        other = self.env["circuit.category"].create({"name": "Culture", "code": "CULTURA"})
        self.grocery.agreement_ids.category_id = other
        card, pin = self.card({"COMMERCIO": "56.25"})

        self.check_refused(self.charge(card, pin, "20.00"), "NO_ACCOUNT")

    def test_a_closed_programme(self):
        """R-004-60."""
        card, pin = self.card({"COMMERCIO": "56.25"})
        self.program.action_close()

        self.check_refused(self.charge(card, pin, "20.00"), "ENDED")

    def test_the_answer_masks_the_holder(self):
        """COMMON: never a full fiscal code nor a PIN in an answer."""
        card, pin = self.card({"COMMERCIO": "56.25"})

        reply = self.charge(card, pin, "20.00")

        self.assertEqual(reply["holder"], card.fiscal_code[:3] + "*" * 11 + card.fiscal_code[-2:])
        self.assertEqual(reply["instrument"], "Family Card")
        self.assertNotIn(card.fiscal_code, str(reply))
        self.assertNotIn(pin, str({k: v for k, v in reply.items() if k != "key"}))
