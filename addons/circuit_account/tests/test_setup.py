from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import new_test_user, tagged

from odoo.addons.account.tests.common import AccountTestInvoicingCommon
from odoo.addons.merchant_circuit.tests.common import TillCase


@tagged("post_install", "-at_install")
class TestSetup(TillCase, AccountTestInvoicingCommon):
    """The set-up wizard, with the generic chart of accounts (R-004-96)."""

    @classmethod
    def get_default_groups(cls):
        return super().get_default_groups() | cls.quick_ref("merchant_circuit.group_manager")

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.second = cls.open_funder("Second")

    def wizard(self, funder=None, **values):
        """A wizard as it opens, then filled in."""
        return self.env["circuit.account.setup"].create({"funder_id": (funder or self.funder).id, **values})

    def test_what_is_missing_is_made_with_free_codes(self):
        """R-004-96: two kinds of debt and a cost; what is owed to shops reconciles and is not the bills' payable."""
        self.wizard()._apply()

        funder = self.funder
        self.assertTrue(funder.books_ready)
        self.assertEqual(funder.liability_account_id.account_type, "liability_current")
        self.assertEqual(funder.contribution_account_id.account_type, "expense")
        self.assertEqual(funder.merchant_account_id.account_type, "liability_current")
        self.assertTrue(funder.merchant_account_id.reconcile)
        self.assertEqual(funder.journal_id.type, "general")
        self.assertEqual(funder.journal_id.company_id, funder.company_id)

    def test_a_second_time_changes_nothing(self):
        """The wizard opens with what is there."""
        self.wizard()._apply()
        before = self.funder.read(
            ["liability_account_id", "contribution_account_id", "merchant_account_id", "journal_id"]
        )

        self.wizard()._apply()

        after = self.funder.read(
            ["liability_account_id", "contribution_account_id", "merchant_account_id", "journal_id"]
        )
        self.assertEqual(after, before)

    def test_each_funder_has_accounts_of_its_own(self):
        """The button of the list sets up several; nobody's credit mixes with another's."""
        (self.funder | self.second).action_set_up_books()

        self.assertTrue(self.funder.books_ready)
        self.assertTrue(self.second.books_ready)
        self.assertFalse(
            (self.funder.liability_account_id | self.funder.merchant_account_id)
            & (self.second.liability_account_id | self.second.merchant_account_id)
        )
        self.assertEqual(
            self.env["circuit.funder"].search([("books_ready", "=", False)]) & self.second, self.second[:0]
        )

    def test_another_funders_account_is_refused(self):
        """With one account for two nobody could say whose money it is."""
        self.wizard()._apply()

        with self.assertRaisesRegex(ValidationError, "already belongs to Test funder"):
            self.wizard(self.second, liability_account_id=self.funder.liability_account_id.id)._apply()

    def test_the_payable_account_of_bills_is_refused(self):
        """Bills stand beside what is not billed yet, not in the same account."""
        payable = self.company_data["default_account_payable"]

        with self.assertRaisesRegex(ValidationError, "not the payable"):
            self.wizard(merchant_account_id=payable.id)._apply()

    def test_a_code_in_use_is_refused(self):
        """A sentence, and no account made."""
        code = self.company_data["default_account_expense"].code

        with self.assertRaisesRegex(UserError, f"The code {code} is in use"):
            self.wizard(contribution_code=code)._apply()
        with self.assertRaisesRegex(UserError, "needs a code and a name"):
            self.wizard(merchant_name=" ")._apply()

    def test_a_manager_without_rights_in_accounting_may_use_it(self):
        """The circuit's manager is seldom an accountant; an officer may not."""
        manager = new_test_user(self.env, "books-manager", groups="merchant_circuit.group_manager")
        officer = new_test_user(self.env, "books-officer", groups="merchant_circuit.group_officer")

        self.env["circuit.account.setup"].with_user(manager).create({"funder_id": self.funder.id}).action_apply()

        self.assertTrue(self.funder.books_ready)
        with self.assertRaises(AccessError):
            self.env["circuit.account.setup"].with_user(officer).create({"funder_id": self.second.id})

    def test_the_charts_of_italy_and_of_nowhere(self):
        """R-004-96: codes as long as those of the chart, beside its payables and its costs."""
        known = self.env["account.chart.template"]._get_chart_template_mapping()
        charts = [chart for chart in ("generic_coa", "it") if chart in known]
        self.assertIn("generic_coa", charts)
        for chart in charts:
            with self.subTest(chart):
                company = self._create_company(name=f"Town of {chart}", country_id=self.env.ref("base.it").id)
                self.env.company = company
                self._use_chart_template(company, chart)
                payable = self.env["account.account"].search([("account_type", "=", "liability_payable")], limit=1)
                circuit = self.env["circuit.circuit"].create({"name": chart, "company_id": company.id})
                funder = self.env["circuit.funder"].sudo().create({"name": chart, "circuit_id": circuit.id}).sudo(False)

                self.wizard(funder)._apply()

                self.assertTrue(funder.books_ready)
                codes = [
                    account.with_company(company).code
                    for account in (funder.liability_account_id, funder.merchant_account_id)
                ]
                self.assertEqual({len(code) for code in codes}, {len(payable.code)})
                self.assertEqual({code[:2] for code in codes}, {payable.code[:2]})
                cost = funder.contribution_account_id.with_company(company).code
                bills = self.env["account.journal"].search(
                    [("company_id", "=", company.id), ("type", "=", "purchase")], limit=1
                )
                self.assertEqual(cost[:2], bills.default_account_id.with_company(company).code[:2])
                self.assertEqual(funder.merchant_account_id.company_ids, company)
