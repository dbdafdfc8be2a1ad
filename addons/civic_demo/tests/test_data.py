import csv

from stdnum.it import iva

from odoo.tests import BaseCase, tagged
from odoo.tools import file_open

from odoo.addons.base_iban.models.res_partner_bank import validate_iban
from odoo.addons.family_card.rules import fiscal_code, pin

SPECIMEN = "RSSMRA85T10A562S"


@tagged("post_install", "-at_install")
class TestData(BaseCase):
    """The people are valid for every check, and nobody's."""

    def rows(self, name):
        with file_open(f"civic_demo/demo/data/{name}.csv") as source:
            return list(csv.DictReader(source))

    def test_fiscal_codes_are_valid_unique_and_nobodys(self):
        """The birthplace Z999 exists nowhere."""
        codes = [row["fiscal_code"] for row in self.rows("people")]
        self.assertEqual(len(codes), len(set(codes)))
        for code in codes:
            self.assertTrue(fiscal_code.is_valid(code), code)
            self.assertTrue(code == SPECIMEN or code[11:15] == "Z999", code)

    def test_every_household_has_one_head(self):
        """R-004-15."""
        heads = [row["household"] for row in self.rows("people") if row["relation"] == "head"]
        self.assertEqual(sorted(heads), sorted(row["household"] for row in self.rows("households")))

    def test_kinds_of_household_are_those_of_the_brief(self):
        """40 households: one senior, one special, one suspended."""
        households = self.rows("households")
        self.assertEqual(len(households), 40)
        self.assertEqual([row["kind"] for row in households].count("senior"), 1)
        self.assertEqual([row["kind"] for row in households].count("special"), 1)
        self.assertEqual([row["state"] for row in households].count("suspended"), 1)

    def test_pins_are_such_as_the_programme_would_draw(self):
        """R-004-72."""
        for row in self.rows("households"):
            self.assertTrue(pin.is_well_formed(row["pin"]))
            self.assertFalse(pin.is_trivial(row["pin"]))

    def test_phones_have_a_prefix_without_subscribers(self):
        """Even a real gateway would reach nobody."""
        for row in self.rows("households"):
            self.assertRegex(row["phone"], r"^\+39313\d{7}$")

    def test_accounts_of_shops_are_valid_and_of_no_bank(self):
        """R-004-96: IBANs and VAT numbers pass every check; bank 99999 does not exist."""
        shops = self.rows("shops")
        self.assertEqual(len({row["iban"] for row in shops}), len(shops))
        for row in shops:
            validate_iban(row["iban"])
            self.assertEqual(row["iban"][5:10], "99999")
            self.assertTrue(iva.is_valid(row["vat"]), row["vat"])
            self.assertRegex(row["mobile"], r"^\+39313\d{7}$")
