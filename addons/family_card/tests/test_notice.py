import ast
from datetime import datetime

from freezegun import freeze_time
from lxml import etree

from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import NOW, CorletoCase

ACTS = [
    ("council", "29", "2023-12-20"),
    ("giunta", "6", "2024-01-31"),
    ("determination", "6", "2024-02-02"),
    ("protocol", "1027", "2024-02-05"),
]


@tagged("post_install", "-at_install")
class TestNotice(CorletoCase):
    def fields_of(self, model, xmlid):
        """Names of the fields that a form shows."""
        arch = etree.fromstring(self.env[model].get_view(self.env.ref(xmlid).id, "form")["arch"])
        return {node.get("name") for node in arch.xpath("//field") if node.get("invisible") != "1"}

    def found(self, typed, field):
        """Cards that the search box finds for a text typed into a field of the card's own search view."""
        arch = etree.fromstring(self.env["family.card"].get_view(False, "search")["arch"])
        [node] = arch.xpath(f"/search/field[@name='{field}']")
        domain = node.get("filter_domain")
        tree = ast.literal_eval(domain.replace("self", repr(typed))) if domain else [(field, "ilike", typed)]
        return self.env["family.card"].search([("program_id", "=", self.program.id), *tree])

    def test_acts_and_person_in_charge_are_kept_with_the_programme(self):
        """R-004-01: the four acts of 2024 and who answers for them, on the programme's form."""
        acts = self.env["family.card.act"].create(
            [
                {"program_id": self.program.id, "kind": kind, "number": number, "date": date}
                for kind, number, date in ACTS
            ]
        )
        self.program.responsible = "Dott.ssa Maria Verdi"

        self.assertLessEqual(acts, self.program.act_ids)
        self.assertEqual(acts[0].display_name, "Council resolution 29 2023-12-20")
        shown = self.fields_of("family.card.program", "family_card.view_program_form")
        self.assertLessEqual({"act_ids", "responsible", "contact_phone", "contact_email"}, shown)

    def test_every_parameter_is_on_the_form(self):
        """R-004-02: no parameter is hidden from who answers for it."""
        technical = {"program_id", "company_id", "currency_id", "in_use", "display_name", "id"}
        technical |= {"create_uid", "create_date", "write_uid", "write_date"}
        parameters = set(self.env["family.card.terms"]._fields) - technical

        shown = self.fields_of("family.card.terms", "family_card.view_terms_form")

        self.assertFalse(parameters - shown)

    def test_year_two_does_not_change_year_one(self):
        """R-004-02: its own terms, periods and accounts."""
        self.card({"COMMERCIO": "10.00"})
        before = (self.terms.min_spend, self.program.period_ids, self.program.scheme_ids)
        second = self.program.copy({"code": "TEST-2025", "year": 2025})
        second.action_set_up()

        second.terms_ids.min_spend = 25.0
        second.terms_ids.expiry_quarters = 1

        self.assertEqual((self.terms.min_spend, self.program.period_ids, self.program.scheme_ids), before)
        self.assertEqual(self.terms.expiry_quarters, 2)
        self.assertFalse(second.period_ids & self.program.period_ids)
        self.assertEqual({period.date_start.year for period in second.period_ids}, {2025})

    def test_the_card_lists_the_household(self):
        """R-004-16: every member may use it, with the holder's code and the PIN."""
        head, spouse, child = self.person(), self.person(name="Anna Bianchi"), self.person(name="Luca Rossi")
        card, pin = self.card({"COMMERCIO": "56.25"}, household_id=self.household(head, spouse, child).id)

        self.assertEqual(card.member_ids.person_id, head | spouse | child)
        self.assertEqual(self.charge(head.l10n_it_codice_fiscale, pin, "20.00")["status"], "authorized")
        self.assertEqual(
            self.charge(spouse.l10n_it_codice_fiscale, pin, "20.00")["code"],
            "UNKNOWN_OR_PIN",
            "it is the holder's code that counts",
        )

    def test_a_senior_household_has_the_quarter_on_one_account(self):
        """R-004-36, R-004-37, R-004-38: no split, the same quarterly total, the same other conditions."""
        card, pin = self.card(kind="senior")

        card._credit_period(self.q1, NOW)

        self.assertEqual({code: f"{amount:.2f}" for code, amount in self.balances(card).items()}, {"UNICO": "112.50"})
        self.assertEqual(self.charge(card, pin, "9.99")["code"], "MIN_SPEND")
        self.assertEqual(self.charge(card, pin, "20.00", merchant=self.pharmacy)["code"], "EXCLUDED_MERCHANT")
        self.assertEqual(self.charge(card, pin, "300.00")["amount"], "112.50")

    def test_a_special_card_reaches_more_shops(self):
        """R-004-39, R-004-40: parapharmacies, health and personal services, which refuse the other cards."""
        special, pin = self.card({"UNICO": "112.50"}, kind="special")
        standard, other_pin = self.card({"COMMERCIO": "112.50"})
        self.assertEqual(special.special_act_id, self.act)
        for activity in ("pharmacy", "parapharmacy", "health", "personal_services"):
            shop = self.shop(f"Shop {activity}", "commercio", activity)
            with self.subTest(activity):
                self.assertEqual(self.charge(special, pin, "20.00", merchant=shop)["status"], "authorized")
                self.assertEqual(self.charge(standard, other_pin, "20.00", merchant=shop)["code"], "EXCLUDED_MERCHANT")
        self.assertEqual(self.charge(special, pin, "20.00", merchant=self.grocery)["status"], "authorized")

    def test_the_giunta_changes_the_wider_list(self):
        """R-004-41: new terms with their act, from a day on; no code."""
        special, pin = self.card({"UNICO": "112.50"}, kind="special")
        sport = self.env.ref("merchant_circuit.activity_sport")
        health = self.env.ref("merchant_circuit.activity_health")
        clinic = self.shop("Studio medico", "commercio", "health")
        gym = self.shop("Palestra", "commercio", "sport")
        standard, other_pin = self.card({"COMMERCIO": "112.50"})
        self.env["family.card.terms"].create(
            {
                "program_id": self.program.id,
                "valid_from": "2024-05-01",
                "act_id": self.act.id,
                "special_activity_ids": [(6, 0, (self.terms.special_activity_ids - health | sport).ids)],
            }
        )

        self.assertEqual(self.charge(standard, other_pin, "20.00", merchant=gym)["status"], "authorized")
        with freeze_time(datetime(2024, 5, 2, 8)):
            self.assertEqual(self.charge(special, pin, "20.00", merchant=gym)["status"], "authorized")
            self.assertEqual(self.charge(standard, other_pin, "20.00", merchant=gym)["code"], "EXCLUDED_MERCHANT")
            self.assertEqual(self.charge(standard, other_pin, "20.00", merchant=clinic)["status"], "authorized")

    def test_a_special_card_without_its_act_is_refused_later_too(self):
        """R-004-39: also when the kind changes after the issue."""
        card, _pin = self.card()

        with self.assertRaises(UserError):
            card.kind = "special"

    def test_a_card_is_found_by_what_people_say_at_the_desk(self):
        """R-004-47, issue 3: number, old number, holder, fiscal code, phone, member, account."""
        head, member = self.person(name="Caterina Lomonaco"), self.person(name="Zeno Passarelli")
        card, _pin = self.card(household_id=self.household(head, member).id, phone="+39 347 999 8877")
        self.card()
        old = card.number
        card.action_replace()

        for typed, field in (
            (card.number, "number"),
            (old, "number"),
            ("lomonaco", "number"),
            (card.fiscal_code[:15].lower(), "number"),
            (card.fiscal_code, "fiscal_code"),
            ("Caterina", "holder_id"),
            ("9998877", "phone"),
            ("passarelli", "member_ids"),
            (f"{card.number} COMM", "account_ids"),
        ):
            with self.subTest(f"{field}: {typed}"):
                self.assertEqual(self.found(typed, field), card)

    def test_credit_is_never_paid_out(self):
        """R-004-57: what is not spent expires; there is no way from an account to money."""
        card, _pin = self.card({"COMMERCIO": "56.25"})

        kinds = dict(self.env["stored.value.entry"]._fields["kind"].selection)
        card._change_state("closed", "request")

        self.assertEqual(set(kinds), {"credit", "debit", "give_back", "expiry", "extension", "adjustment"})
        self.assertEqual(card.balance, 56.25)
        self.assertFalse(card.account_ids.entry_ids.filtered(lambda entry: entry.kind != "credit"))
