from odoo.tests import tagged

from .common import InvoiceCase


@tagged("post_install", "-at_install")
class TestCampaignBooks(InvoiceCase):
    def missing(self):
        """What the campaign's page says."""
        self.campaign_a.invalidate_recordset(["books_missing"])
        return self.campaign_a.books_missing

    def test_books_are_complete(self):
        """R-000-24: nothing is told where the wizard has set everything up."""
        self.assertFalse(self.missing())

    def test_missing_books_are_told_on_the_campaign(self):
        """R-000-20, R-000-24: the office reads what to enter before a shop's till cannot close the day."""
        self.funder.journal_id = False
        self.assertIn("Set up books", self.missing())

    def test_missing_journal_of_invoices_is_told(self):
        """R-000-24: by name."""
        self.funder.invoice_journal_id = False
        self.assertIn("Journal of issuers' invoices", self.missing())

    def test_coupons_of_the_issuer_alone_need_no_clearing(self):
        """R-000-20: nobody is owed anything."""
        self.funder.journal_id = False
        self.assertFalse(self.campaign(accept="issuer").books_missing)

    def test_circuit_without_clearing(self):
        """R-000-20: it is made when the first campaign is published."""
        self.circuit.sudo().clearing_funder_id = False
        self.assertFalse(self.campaign().books_missing)
