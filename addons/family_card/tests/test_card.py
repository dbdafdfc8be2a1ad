from datetime import date, timedelta

from psycopg2.errors import UniqueViolation

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import CorletoCase


@tagged("post_install", "-at_install")
class TestCard(CorletoCase):
    def test_issuing_a_card(self):
        """R-004-08, R-004-14, R-004-35: number, three accounts, the PIN on its way."""
        card = self.request_card()

        card.action_activate()

        self.assertRegex(card.number, r"^FC-2024-\d{6}$")
        self.assertEqual(card.state, "active")
        self.assertEqual(
            card.account_ids.scheme_line_id.mapped(lambda line: (line.code, line.weight)),
            [("COMMERCIO", 50), ("ARTIGIANATO", 40), ("SOMMINISTRAZIONE", 10)],
        )
        self.assertEqual(len(self.messages(card)), 1)
        self.assertIn(card.number, self.messages(card)[0])

    def test_numbers_follow_each_other(self):
        """R-004-14: FC-2024-000001, 000002 …"""
        first, second = self.request_card(), self.request_card()

        (first | second).action_activate()

        self.assertEqual(int(second.number[-6:]) - int(first.number[-6:]), 1)

    def test_senior_and_special_cards_have_one_account(self):
        """R-004-36, R-004-37."""
        for kind in ("senior", "special"):
            card, _pin = self.card(kind=kind)
            self.assertEqual(card.account_ids.scheme_line_id.mapped("code"), ["UNICO"])

    def test_a_special_card_needs_its_act(self):
        """R-004-39."""
        card = self.request_card(kind="special")

        with self.assertRaises(UserError):
            card.action_activate()

    def test_the_holder_is_the_head(self):
        """R-004-15: proposed by default, demanded when the card is issued."""
        head, spouse = self.person(), self.person()
        family = self.household(head, spouse)

        self.assertEqual(self.request_card(family).holder_id, head)
        with self.assertRaises(UserError):
            self.request_card(family, holder_id=spouse.id).action_activate()

    def test_one_card_per_household(self):
        """R-004-17."""
        card, _pin = self.card()

        with self.assertRaises(UserError):
            self.request_card(card.household_id).action_activate()

    def test_one_card_per_person(self):
        """R-004-17: also when somebody heads a second household, once."""
        card, _pin = self.card()
        double = self.person(l10n_it_codice_fiscale=card.fiscal_code)

        with self.assertRaises(UserError):
            self.request_card(self.household(double)).action_activate()

    def test_the_database_is_the_last_defence(self):
        """R-004-17: two officers at once; the index refuses the second card."""
        card, _pin = self.card()
        second = self.request_card(card.household_id)

        with mute_logger("odoo.sql_db"), self.assertRaises(UniqueViolation), self.cr.savepoint():
            second.sudo().state = "active"
            second.flush_recordset()

    def test_a_new_head_takes_over_the_card(self):
        """B3, A22: the holder dies; the heir gets the card with the same credit, and a PIN of their own."""
        holder, heir = self.person(), self.person()
        card, pin = self.card({"COMMERCIO": "56.25"}, family=self.household(holder, heir))
        lots = card.account_ids.lot_ids
        card._change_state("suspended", "holder_death")
        with self.assertRaises(UserError), self.cr.savepoint():
            card.holder_id = heir
        first, second = card.household_id.household_member_ids
        first.valid_to = "2024-04-02"
        card.household_id.invalidate_recordset()
        second.write({"is_head": True, "valid_from": "2024-04-03"})
        card.household_id.invalidate_recordset()

        card.holder_id = heir
        card._change_state("active")

        self.assertEqual(card.fiscal_code, heir.l10n_it_codice_fiscale)
        self.assertEqual(card.account_ids.lot_ids, lots)
        self.assertEqual(self.charge(holder.l10n_it_codice_fiscale, pin, "20.00")["code"], "UNKNOWN_OR_PIN")
        self.assertEqual(self.charge(card, card._new_pin(), "20.00")["status"], "authorized")

    def test_a_closed_card_makes_room(self):
        """R-004-17: one *active* card."""
        card, _pin = self.card()
        card._change_state("closed", "lost")

        self.request_card(card.household_id).action_activate()

    def test_a_card_needs_a_fiscal_code_and_a_phone(self):
        """R-004-18, R-004-71."""
        without_code = self.household(self.person(l10n_it_codice_fiscale=False))
        with self.assertRaises(UserError):
            self.request_card(without_code).action_activate()
        with self.assertRaises(UserError):
            self.request_card(phone=False).action_activate()

    def test_the_phone_is_checked_and_kept_in_international_form(self):
        """R-004-18."""
        self.assertEqual(self.request_card(phone="+39 (347) 123-4567").phone, "+393471234567")
        with self.assertRaises(ValidationError):
            self.request_card(phone="call me")

    def test_a_suspended_card_is_refused_and_keeps_its_credit(self):
        """B3, R-004-59: no charge, balances intact; reactivated it pays again."""
        card, pin = self.card({"COMMERCIO": "56.25"})
        self.env["family.card.state.change"].create(
            {"card_ids": card.ids, "target": "suspended", "reason": "holder_death", "note": "Registry of deaths"}
        ).action_apply()

        self.assertEqual(card.state_reason, "holder_death")
        self.assertEqual(self.charge(card, pin, "20.00")["code"], "SUSPENDED")
        self.assertEqual(card.balance, 56.25)
        self.assertIn("Registry of deaths", card.message_ids[0].body)
        card._change_state("active")
        self.assertEqual(self.charge(card, pin, "20.00")["status"], "authorized")

    def test_a_suspension_needs_a_reason(self):
        """requirements 2.3."""
        card, _pin = self.card()

        with self.assertRaises(UserError):
            self.env["family.card.state.change"].create({"card_ids": card.ids, "target": "suspended"}).action_apply()

    def test_a_closed_card_is_refused(self):
        card, pin = self.card({"COMMERCIO": "56.25"})
        card._change_state("closed", "request")

        self.assertEqual(self.charge(card, pin, "20.00")["code"], "CLOSED")
        with self.assertRaises(UserError):
            card._change_state("active")

    def test_identity_of_an_issued_card_is_fixed(self):
        card, _pin = self.card()

        with self.assertRaises(UserError):
            card.household_id = self.household()
        with self.assertRaises(UserError):
            card.unlink()

    def test_a_change_of_kind_opens_the_missing_account(self):
        """A16: old credit stays where it is."""
        card, _pin = self.card({"COMMERCIO": "56.25"})

        card.kind = "senior"

        self.assertEqual(
            set(card.account_ids.scheme_line_id.mapped("code")),
            {"COMMERCIO", "ARTIGIANATO", "SOMMINISTRAZIONE", "UNICO"},
        )
        self.assertEqual(card.balance, 56.25)

    def test_the_senior_kind_is_proposed(self):
        """G3, R-004-36: one person of 71 at 31/12/2023."""
        old = self.person(l10n_it_codice_fiscale=False, birth_date=date(1952, 12, 31))

        self.assertEqual(self.request_card(self.household(old)).suggested_kind, "senior")
        self.assertEqual(self.request_card().suggested_kind, "standard")
        unknown = self.household(self.person(l10n_it_codice_fiscale=False))
        self.assertFalse(self.request_card(unknown).suggested_kind)

    def test_officers_issue_cards_but_do_not_forge_them(self):
        """R-004-08, queue_job's lesson: protected fields only through the actions."""
        officer = self.user("officer", "family_card.group_officer")
        card = self.request_card().with_user(officer)

        for vals in ({"state": "active"}, {"number": "FC-2024-999999"}, {"fiscal_code": "X"}, {"web_failures": 0}):
            with self.subTest(str(vals)), self.assertRaises(AccessError):
                card.write(vals)
        card.action_activate()
        self.assertEqual(card.state, "active")
        card.action_reset_pin()
        card._change_state("suspended", "fraud")

    def test_a_programme_must_be_running(self):
        """R-004-02: a draft programme issues nothing."""
        card = self.request_card()
        self.program.action_close()

        with self.assertRaises(UserError):
            card.action_activate()

    def test_smart_buttons_lead_to_the_ledger(self):
        """R-004-46, R-004-47: purchases, movements and accounts of the card."""
        card, pin = self.card({"COMMERCIO": "56.25"})
        self.charge(card, pin, "20.00")
        card.invalidate_recordset()

        self.assertEqual(card.transaction_count, 1)
        self.assertEqual(card.last_entry_ids.mapped("kind"), ["debit", "credit"])
        for action in (card.action_view_accounts(), card.action_view_entries(), card.action_view_transactions()):
            self.assertTrue(self.env[action["res_model"]].search_count(action["domain"]))

    def test_expired_credit_shows_as_not_available(self):
        """R-004-55: balance of the ledger and spendable credit are two things until the expiry is booked."""
        card, _pin = self.card()
        self.credit(card, {"COMMERCIO": "10.00"}, expires_at=card.activated_at - timedelta(days=1))

        account = self.account(card, "COMMERCIO")

        self.assertEqual(account._available()[account.id], 0)
