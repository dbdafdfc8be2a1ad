from datetime import date

from odoo.exceptions import UserError
from odoo.tests import tagged

from .test_registry_import import HEAD, RegistryImportCase


@tagged("post_install", "-at_install")
class TestPersonDuplicate(RegistryImportCase):
    def pair(self, first, second):
        """The pair that a search finds."""
        pairs = self.env["family.person.duplicate"]
        pairs.action_scan()
        return pairs.search([("first_id", "=", first.id), ("second_id", "=", second.id)])

    def twins(self, **vals):
        """Two people with the same name and birth date."""
        birth = {"name": "Ada Verdi", "l10n_it_codice_fiscale": False, "birth_date": "1980-05-01"}
        return self.person(**birth, **vals), self.person(**birth, **vals)

    def test_reasons(self):
        """domain.md 3.3: same code, omocodia, same name and birth date."""
        first = self.person(name="A", l10n_it_codice_fiscale="RSSMRA85T10A562S")
        same = self.person(name="B", l10n_it_codice_fiscale="RSSMRA85T10A562S")
        variant = self.person(name="C", l10n_it_codice_fiscale="RSSMRA85T1LA56NK")
        ada, other = self.twins()

        self.assertEqual(self.pair(first, same).reason, "same_code")
        self.assertEqual(self.pair(first, variant).reason, "variant")
        self.assertEqual(self.pair(ada, other).reason, "same_name")
        self.assertEqual(self.pair(first, variant).second_code, "RSS***********NK")

    def test_the_same_person_keeps_one_line_in_the_household(self):
        """R-004-17: memberships pass over, and what was known stays on record."""
        first, second = self.twins()
        family = self.household(self.person(), second)

        pair = self.pair(first, second)
        pair.action_same()
        family.invalidate_recordset()

        self.assertIn(first, family._members_on(date(2024, 1, 1)).person_id)
        self.assertNotIn(second, family._members_on(date(2024, 1, 1)).person_id)
        self.assertFalse(second.active)
        self.assertEqual((second.merged_into_id, pair.state, pair.kept_id), (first, "same", first))

    def test_two_cards_are_not_merged(self):
        """R-004-17: staff close one first."""
        first, second = self.twins()
        first.l10n_it_codice_fiscale = second.l10n_it_codice_fiscale = False
        cards = [self.request_card(self.household(person)) for person in (first, second)]

        with self.assertRaises(UserError):
            self.pair(first, second).action_same()
        self.assertEqual(cards[0].holder_id, first)

    def test_the_holder_of_the_card_is_kept(self):
        """R-004-17."""
        first, second = self.twins()
        self.request_card(self.household(second))
        pair = self.pair(first, second)

        pair.kept_id = first
        with self.assertRaises(UserError):
            pair.action_same()
        pair.kept_id = False
        pair.action_same()

        self.assertEqual(pair.kept_id, second)

    def test_two_households_on_one_day_are_settled_first(self):
        """R-004-17."""
        first, second = self.twins()
        self.household(self.person(), first)
        self.household(self.person(), second)

        with self.assertRaises(UserError):
            self.pair(first, second).action_same()

    def test_not_the_same_is_remembered(self):
        first, second = self.twins()
        pair = self.pair(first, second)
        pair.action_different()

        self.assertEqual(self.pair(first, second), pair)
        self.assertEqual(pair.state, "different")
        with self.assertRaises(UserError):
            pair.action_same()

    def test_the_registry_finds_who_was_merged(self):
        """R-004-51: the code of the person who is gone means the one kept."""
        first = self.person(name="Mario Rossi", l10n_it_codice_fiscale="RSSMRA85T10A562S")
        second = self.person(name="Mario Rossi", l10n_it_codice_fiscale="RSSMRA85T1LA56NK")
        self.household(first)
        self.pair(first, second).action_same()

        record = self.upload("F1;RSSMRA85T1LA56NK;Rossi;Mario;10/12/1985;IS;;;", header=HEAD)

        self.assertEqual((record.error_count, record.unchanged_count, record.new_person_count), (0, 1, 0))
