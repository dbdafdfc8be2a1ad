from odoo.exceptions import UserError
from odoo.tests import tagged

from odoo.addons.account.tests.common import AccountTestInvoicingCommon
from odoo.addons.merchant_circuit.tests.common import TillCase


class SetupCase(TillCase, AccountTestInvoicingCommon):
    """A funder of a company with a chart of accounts."""

    @classmethod
    def get_default_groups(cls):
        return super().get_default_groups() | cls.quick_ref("merchant_circuit.group_manager")

    def wizard(self, **values):
        """A wizard as it opens, then filled in."""
        return self.env["circuit.account.setup"].create({"funder_id": self.funder.id, **values})


@tagged("post_install", "-at_install")
class TestSettlementSetup(SetupCase):
    """The set-up wizard with the generic chart."""

    def test_the_generic_chart_gets_what_bills_need(self):
        """R-004-96: journal, a purchase tax of 0 % outside VAT, account of the stamp duty and first terms."""
        self.wizard(terms_department="Welfare")._apply()

        funder = self.funder
        self.assertTrue(funder.books_ready and funder.settlement_ready)
        self.assertEqual((funder.bill_journal_id.type, funder.bill_tax_id.amount), ("purchase", 0.0))
        self.assertEqual(funder.bill_tax_id.type_tax_use, "purchase")
        self.assertEqual(funder.stamp_account_id.account_type, "expense")

    def test_the_first_terms_name_the_department(self):
        """R-001-18: the department that pays is entered at the set-up and stays on the terms."""
        self.wizard(terms_department="Welfare", terms_from="2024-01-01")._apply()

        self.assertEqual(self.funder.terms_ids.mapped("department"), ["Welfare"])

    def test_a_second_time_changes_nothing(self):
        """R-004-96: the wizard opens with what is there."""
        self.wizard()._apply()
        before = self.funder.read(["bill_journal_id", "bill_tax_id", "stamp_account_id", "terms_ids"])

        self.wizard()._apply()

        after = self.funder.read(["bill_journal_id", "bill_tax_id", "stamp_account_id", "terms_ids"])
        self.assertEqual(after, before)

    def test_a_second_funder_shares_journal_and_tax(self):
        """R-004-96: one tax and one journal of bills serve all programmes of a public body."""
        self.wizard()._apply()
        second = self.open_funder("Second")

        (self.funder | second).action_set_up_books()

        self.assertTrue(second.settlement_ready)
        self.assertEqual(second.bill_tax_id, self.funder.bill_tax_id)
        self.assertEqual(second.bill_journal_id, self.funder.bill_journal_id)

    def test_books_that_were_set_up_before_are_completed(self):
        """R-004-96: funders that had their accounts already get the rest."""
        second = self.open_funder("Second")
        (self.funder | second).action_set_up_books()
        (self.funder | second).sudo().write({"bill_journal_id": False, "stamp_account_id": False})

        (self.funder | second).action_set_up_books()

        self.assertTrue(self.funder.settlement_ready and second.settlement_ready)

    def test_a_code_in_use_is_refused(self):
        """R-004-96: nothing is made under a code that another journal has."""
        taken = self.env["account.journal"].search([("company_id", "=", self.env.company.id)], limit=1).code

        with self.assertRaisesRegex(UserError, f"{taken} is in use"):
            self.wizard(bill_journal_id=False, bill_journal_code=taken)._apply()


@tagged("post_install", "-at_install", "post_install_l10n")
class TestSettlementSetupItaly(SetupCase):
    """The set-up wizard with the Italian chart."""

    @classmethod
    @SetupCase.setup_chart_template("it")
    def setUpClass(cls):
        super().setUpClass()

    def test_the_italian_chart_gets_a_purchase_tax_n2_2(self):
        """R-004-96: the Italian chart has no purchase tax N2.2; the new one has the exoneration and the wording that
        Italian documents need."""
        self.wizard()._apply()

        tax = self.funder.bill_tax_id
        self.assertEqual((tax.country_id.code, tax.l10n_it_exempt_reason), ("IT", "N2.2"))
        self.assertIn("art. 2 c. 3 lett. a", tax.invoice_legal_notes)
        self.assertEqual(tax.tax_group_id, self.env["account.chart.template"].ref("tax_group_fuori"))

    def test_a_tax_n2_2_that_is_there_is_taken(self):
        """R-004-96: the accountant's own tax outside VAT is proposed."""
        self.wizard()._apply()
        tax = self.funder.bill_tax_id
        self.funder.sudo().bill_tax_id = False

        self.assertEqual(self.wizard().bill_tax_id, tax)
