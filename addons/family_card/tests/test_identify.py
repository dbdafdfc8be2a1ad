from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged

from .common import CorletoCase

OMOCODIA = "RSSMRA85T1LA56NK"
CHILD = "RSSMRA23A41C986N"


@tagged("post_install", "-at_install")
class TestIdentify(CorletoCase):
    def test_by_fiscal_code_however_it_is_typed(self):
        """R-004-71: typed in lower case, or scanned with the marks of Code 39."""
        card, pin = self.card({"COMMERCIO": "56.25"})

        for text in (card.fiscal_code.lower(), f"*{card.fiscal_code}*", f" {card.fiscal_code} "):
            with self.subTest(text[:3]):
                self.assertEqual(self.charge(text, pin, "10.00")["status"], "authorized")

    def test_by_card_number(self):
        """R-004-73: typed, or the text of the QR code."""
        card, pin = self.card({"COMMERCIO": "56.25"})

        self.assertEqual(self.charge(card.number.lower(), pin, "10.00")["status"], "authorized")

    def test_a_code_changed_for_omocodia(self):
        """Must be shown 6."""
        card, pin = self.card(
            {"COMMERCIO": "56.25"}, family=self.household(self.person(l10n_it_codice_fiscale=OMOCODIA))
        )

        self.assertEqual(self.charge(card, pin, "10.00")["status"], "authorized")
        self.assertEqual(card.holder_id.birth_date.isoformat(), "1985-12-10")

    def test_a_provisional_code_needs_the_flag(self):
        """domain.md 3.3: 11 digits, once staff said so."""
        with self.assertRaises(UserError):
            self.request_card(self.household(self.person(l10n_it_codice_fiscale="93000000005"))).action_activate()
        person = self.person(l10n_it_codice_fiscale="93000000005", provisional_fiscal_code=True)
        card, pin = self.card({"COMMERCIO": "56.25"}, family=self.household(person))

        self.assertEqual(self.charge(card, pin, "10.00")["status"], "authorized")

    def test_a_child_of_2023_is_not_of_1923(self):
        """Must be shown 6; the birth date on file decides, and must agree with the code."""
        child = self.person(l10n_it_codice_fiscale=CHILD)
        self.assertEqual(child.birth_date.isoformat(), "2023-01-01")

        child.birth_date = "1923-01-01"
        with self.assertRaises(ValidationError):
            child.birth_date = "1923-01-02"

    def test_malformed_identifiers(self):
        """Must be shown 6: a clear refusal, nothing written."""
        for text in ("", "X", "RSSMRA85T10A562X", "0" * 16, "FC-2024", "x" * 64, "'; DROP TABLE", "FC-２０２４-000001"):
            with self.subTest(text):
                reply = self.charge(text, "48213", "20.00")
                self.assertEqual(reply["code"], "BAD_IDENTIFIER")
                self.assertTrue(reply["message"])

    def test_unknown_and_wrong_get_the_same_answer(self):
        """R-004-74: whoever tries fiscal codes learns nothing."""
        card, pin = self.card({"COMMERCIO": "56.25"})

        unknown = self.charge(self.fiscal_code(), pin, "20.00")
        wrong = self.charge(card, self.wrong(pin), "20.00")

        self.assertEqual(unknown, wrong)
        self.assertEqual(unknown["code"], "UNKNOWN_OR_PIN")

    def test_a_request_that_was_not_issued_is_unknown(self):
        card = self.request_card()

        self.assertEqual(self.charge(card, "48213", "20.00")["code"], "UNKNOWN_OR_PIN")

    def test_the_running_programme_comes_first(self):
        """A person with last year's card and this year's is charged on this year's."""
        card, _pin = self.card()
        older = self.program.copy({"code": "TEST-2023", "year": 2023})
        older.action_set_up()
        older.terms_ids.valid_from = "2023-01-01"
        older.action_open()
        old_card = self.request_card(card.household_id, program_id=older.id)
        old_card.action_activate()
        older.action_close()
        self.env.flush_all()

        handle = self.env["family.card"]._circuit_identify(card.fiscal_code, card.activated_at)

        self.assertEqual(handle.id, card.id)
        self.assertEqual(handle.circuit_id, self.circuit.id)

    def test_the_shops_own_circuit_comes_first(self):
        """R-003-08: who holds cards of two public bodies pays with the one this shop accepts."""
        card, pin = self.card({"COMMERCIO": "56.25"})
        circuit = self.env["circuit.circuit"].create({"name": "Neighbouring circuit"})
        newer = self.program.copy({"code": "NEXT-2025", "year": 2025, "circuit_id": circuit.id})
        newer.action_set_up()
        newer.terms_ids.valid_from = "2023-01-01"
        newer.action_open()
        self.request_card(card.household_id, program_id=newer.id).action_activate()
        self.env.flush_all()

        self.assertEqual(self.charge(card.fiscal_code, pin, "10.00")["status"], "authorized")

    def test_identifying_takes_one_query(self):
        """performance.md 8: the hot path; the terms come from memory."""
        card, _pin = self.card()
        model = self.env["family.card"]
        model._circuit_identify(card.fiscal_code, card.activated_at)

        with self.assertQueryCount(1):
            model._circuit_identify(card.fiscal_code, card.activated_at)
