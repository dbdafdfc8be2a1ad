from datetime import date, datetime
from decimal import Decimal

from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from odoo.addons.family_card.rules import sms_text
from odoo.addons.merchant_circuit.rules.till import Line

from .common import CorletoCase

END_Q1 = datetime(2024, 9, 30, 22)
END_Q2 = datetime(2024, 12, 31, 23)
END_Q3 = datetime(2025, 3, 31, 22)


@tagged("post_install", "-at_install")
class TestLotLife(CorletoCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.manager = cls.user("lot_manager", "family_card.group_manager")
        cls.giunta = cls.env["family.card.act"].create(
            {"program_id": cls.program.id, "kind": "giunta", "number": "70", "date": "2024-12-10"}
        )

    def left(self, card):
        """What is left in the lots of COMMERCIO, by expiry."""
        lots = self.account(card, "COMMERCIO").lot_ids.sorted("expires_at")
        return [f"{lot.remaining:.2f}" for lot in lots]

    def sale(self, card, pin, total, day):
        """A captured purchase at the grocery on a day of July or later."""
        with freeze_time(day):
            reply = self.charge(card, pin, total)
            self.assertEqual(reply["status"], "authorized")
            return self.env["circuit.transaction"]._capture(
                self.terminal(self.grocery), reply["key"], "order-1", Decimal(reply["amount"]), [Line(Decimal(total))]
            )

    def x3(self):
        """The card of example X3 after its purchase: 6.25 of Q1 and 13.75 of Q2 are gone."""
        card, pin = self.card({"COMMERCIO": "6.25"})
        self.account(card, "COMMERCIO").lot_ids.sudo().expires_at = END_Q1
        self.credit(card, {"COMMERCIO": "56.25"}, END_Q2)
        self.credit(card, {"COMMERCIO": "56.25"}, END_Q3)
        return card, pin, self.sale(card, pin, "40.00", datetime(2024, 7, 15, 9))

    def extension(self, **vals):
        """The dialog as the manager fills it in."""
        return (
            self.env["family.card.extension"]
            .with_user(self.manager)
            .create({"program_id": self.program.id, "last_day": "2025-01-31", "act_id": self.giunta.id, **vals})
        )

    def test_every_quarter_has_its_expiry(self):
        """X1, R-004-55: each quarter credited within its first ten days."""
        card, _pin = self.card()
        for period, day in ((self.q1, 1), (self.q2, 4), (self.q3, 7), (self.q4, 10)):
            with freeze_time(datetime(2024, day, 5, 8)):
                card._credit_period(period, datetime(2024, day, 5, 8))

        self.assertEqual(
            self.account(card, "COMMERCIO").lot_ids.mapped("expires_at"),
            [END_Q1, END_Q2, END_Q3, datetime(2025, 6, 30, 22)],
        )

    def test_the_nearest_expiry_goes_first(self):
        """X3, R-004-58: 6.25 of Q1, then 13.75 of Q2."""
        card, _pin, sale = self.x3()

        self.assertEqual(sale.amount, 20)
        self.assertEqual(self.left(card), ["0.00", "42.50", "56.25"])
        self.assertEqual(card.balance, 98.75)

    def test_expired_credit_is_booked(self):
        """X4, R-004-56: on 01/10/2024 at midnight in Rome the residue of Q1 leaves with an entry."""
        card, _pin = self.card()
        self.credit(card, {"COMMERCIO": "6.25"}, END_Q1)
        with freeze_time(datetime(2024, 9, 30, 21, 59)):
            self.env["stored.value.account"]._cron_expire()
            self.assertEqual(self.left(card), ["6.25"])

        with freeze_time(END_Q1):
            self.env["stored.value.account"]._cron_expire()

        entry = card.account_ids.entry_ids.filtered(lambda entry: entry.kind == "expiry")
        self.assertEqual((entry.amount, card.balance), (-6.25, 0))
        self.assertFalse(card.account_ids._verify())

    def test_the_household_is_warned_once(self):
        """X4, R-004-55: one SMS fifteen days before, with every account; not again the day after."""
        self.env["res.lang"]._activate_lang("it_IT")
        self.program.sms_lang = "it_IT"
        card, _pin = self.card()
        self.credit(card, {"COMMERCIO": "6.25", "ARTIGIANATO": "45.00"}, END_Q1)
        self.credit(card, {"COMMERCIO": "56.25"}, END_Q2)
        before = len(self.messages(card))

        with freeze_time(datetime(2024, 9, 15, 21, 59)):
            self.assertEqual(self.env["family.card"]._cron_warn_expiry(), 0)
        for at in (datetime(2024, 9, 15, 22), datetime(2024, 9, 16, 22), datetime(2024, 9, 29, 8)):
            with freeze_time(at):
                self.env["family.card"]._cron_warn_expiry()

        self.assertEqual(len(self.messages(card)), before + 1)
        text = self.messages(card)[-1]
        for part in (card.number, "51,25", "30/09/2024", "COMMERCIO 6,25", "ARTIGIANATO 45,00"):
            self.assertIn(part, text)
        self.assertNotIn("56,25", text)
        self.assertTrue(sms_text.is_gsm7(text))
        self.assertEqual(sms_text.segments(text), 1)

    def test_many_expiries_still_fit_one_segment(self):
        """Examples 4.6: without the accounts when they do not fit; amounts and days are never cut."""
        self.program.card_label = "Corleto Family Card delle famiglie"
        card, _pin = self.card()
        for day in range(1, 4):
            amounts = {"COMMERCIO": "156.25", "ARTIGIANATO": "145.00", "SOMMINISTRAZIONE": "111.25"}
            self.credit(card, amounts, datetime(2024, 9, day, 22))

        with freeze_time(datetime(2024, 8, 30)):
            self.env["family.card"]._cron_warn_expiry()

        text = self.messages(card)[-1]
        self.assertEqual(sms_text.segments(text), 1)
        self.assertEqual(text.count("412"), 3)
        self.assertIn("1237", text)

    def test_no_warning_when_the_terms_say_none(self):
        """X4: the number of days is a parameter; 0 is none."""
        card, _pin = self.card()
        self.terms.expiry_warning_days = 0
        self.credit(card, {"COMMERCIO": "6.25"}, END_Q1)

        with freeze_time(datetime(2024, 9, 30)):
            self.assertEqual(self.env["family.card"]._cron_warn_expiry(), 0)

    def test_a_card_that_cannot_be_used_is_not_warned(self):
        """R-004-59: the family of a dead holder gets no reminder to spend."""
        card, _pin = self.card()
        self.credit(card, {"COMMERCIO": "6.25"}, END_Q1)
        card._change_state("suspended", "holder_death")

        with freeze_time(datetime(2024, 9, 30)):
            self.assertEqual(self.env["family.card"]._cron_warn_expiry(), 0)

    def test_an_extended_credit_is_warned_of_again(self):
        """X4, X5: the new expiry is another one."""
        card, _pin = self.card()
        self.credit(card, {"COMMERCIO": "6.25"}, END_Q2)
        with freeze_time(datetime(2024, 12, 30)):
            self.assertEqual(self.env["family.card"]._cron_warn_expiry(), 1)
            self.extension().action_extend()
            self.assertEqual(self.env["family.card"]._cron_warn_expiry(), 0)

        with freeze_time(datetime(2025, 1, 30)):
            self.assertEqual(self.env["family.card"]._cron_warn_expiry(), 1)

    def test_the_giunta_extends_credit(self):
        """X5, R-004-56: Q2 until 31/01/2025; the act is kept with every lot; Q3 stays."""
        card, pin = self.card()
        self.credit(card, {"COMMERCIO": "56.25", "ARTIGIANATO": "45.00"}, END_Q2)
        self.credit(card, {"COMMERCIO": "56.25"}, END_Q3)
        with freeze_time(datetime(2024, 12, 20)):
            wizard = self.extension()
            self.assertEqual((wizard.lot_count, wizard.amount), (2, 101.25))

            wizard.action_extend()

        until = datetime(2025, 1, 31, 23)
        self.assertEqual(
            self.account(card, "COMMERCIO").lot_ids.sorted("expires_at").mapped("expires_at"), [until, END_Q3]
        )
        entries = card.account_ids.entry_ids.filtered(lambda entry: entry.kind == "extension")
        self.assertEqual(entries.mapped("memo"), [self.giunta.display_name] * 2)
        self.assertEqual(entries.mapped("amount"), [0, 0])
        self.assertFalse(card.account_ids._verify())
        self.sale(card, pin, "20.00", datetime(2025, 1, 31, 22, 59))

    def test_no_extension_without_an_act(self):
        """X5, R-004-56: by no road."""
        card, _pin = self.card({"COMMERCIO": "56.25"})
        other = self.program.copy({"code": "OTHER"})
        foreign = self.giunta.copy({"program_id": other.id})

        for act in (False, foreign.id):
            with self.subTest(str(act)), self.assertRaises(UserError):
                self.extension(act_id=act).action_extend()
        with self.assertRaises(UserError):
            card.account_ids.lot_ids._extend(datetime(2025, 1, 31, 23), "")
        self.assertEqual(card.account_ids.lot_ids.expires_at, END_Q2)

    def test_an_extension_needs_something_to_extend(self):
        """X5: what expired stays expired, and nothing is shortened."""
        card, _pin = self.card()
        self.credit(card, {"COMMERCIO": "6.25"}, datetime(2024, 4, 1))

        for last_day in ("2025-01-31", "2024-03-01"):
            with self.subTest(last_day), self.assertRaises(UserError):
                self.extension(last_day=last_day).action_extend()

    def test_chosen_credits_alone_are_extended(self):
        """X5: of a selection in the list."""
        card, _pin = self.card({"COMMERCIO": "56.25"})
        other, _pin = self.card({"COMMERCIO": "56.25"})
        lot = card.account_ids.lot_ids
        wizard = Form(
            self.env["family.card.extension"].with_context(active_model="stored.value.lot", active_ids=lot.ids)
        )
        wizard.last_day = date(2025, 1, 31)
        wizard.act_id = self.giunta

        wizard.save().action_extend()

        self.assertEqual(lot.expires_at, datetime(2025, 1, 31, 23))
        self.assertEqual(other.account_ids.lot_ids.expires_at, END_Q2)

    def test_a_whole_quarter_is_extended(self):
        """X5: every card of the programme, that quarter only."""
        cards = self.card()[0] | self.card()[0]
        for card in cards:
            card._credit_period(self.q1, card.activated_at)
            card._credit_period(self.q2, card.activated_at)
        with freeze_time(datetime(2024, 9, 20)):
            wizard = self.extension(period_ids=[(6, 0, self.q1.ids)])
            self.assertEqual((wizard.lot_count, wizard.amount), (6, 225))

            wizard.action_extend()

        lots = cards.account_ids.lot_ids
        until = {lot.period_id: lot.expires_at for lot in lots}
        self.assertEqual(until, {self.q1: datetime(2025, 1, 31, 23), self.q2: END_Q2})
        self.assertFalse(cards.account_ids._verify())

    def test_only_managers_extend(self):
        """R-004-08: an officer or a stranger cannot."""
        officer = self.user("lot_officer", "family_card.group_officer")

        with self.assertRaises(AccessError):
            self.env["family.card.extension"].with_user(officer).create({"last_day": "2025-01-31"})

    def test_a_reversal_returns_to_the_same_lots(self):
        """X6, R-004-84: on 16/07."""
        card, _pin, sale = self.x3()

        with freeze_time(datetime(2024, 7, 16)):
            sale._reverse("Wrong amount")

        self.assertEqual(self.left(card), ["6.25", "56.25", "56.25"])

    def test_a_late_reversal_returns_what_has_not_expired(self):
        """X6, R-004-84: on 02/10 the 6.25 of Q1 returns and expires at once, 13.75 is usable."""
        card, _pin, sale = self.x3()

        with freeze_time(datetime(2024, 10, 2)):
            sale._reverse("Wrong amount")

        self.assertEqual(self.left(card), ["0.00", "56.25", "56.25"])
        kinds = card.account_ids.entry_ids.sorted("id")[-3:].mapped("kind")
        self.assertEqual(sorted(kinds), ["expiry", "give_back", "give_back"])

    def test_credit_loaded_late_lives_from_its_quarter(self):
        """X7: ``expiry_basis`` credit quarter: Q1 loaded in April lives until 31/12/2024."""
        self.terms.expiry_basis = "credit_quarter"
        card, _pin = self.card()

        card._credit_period(self.q1, card.activated_at)

        self.assertEqual(set(card.account_ids.lot_ids.mapped("expires_at")), {END_Q2})

    def test_the_card_lives_all_year(self):
        """R-004-102: from the first day to the last, at every shop with an agreement."""
        for day in (datetime(2024, 4, 1, 8), datetime(2024, 12, 31, 22, 59)):
            for shop in (self.grocery, self.mechanic, self.bar):
                card, pin = self.card({"COMMERCIO": "50.00", "ARTIGIANATO": "50.00", "SOMMINISTRAZIONE": "50.00"})
                with self.subTest(f"{day} {shop.name}"), freeze_time(day):
                    self.assertEqual(self.charge(card, pin, "20.00", merchant=shop)["status"], "authorized")
