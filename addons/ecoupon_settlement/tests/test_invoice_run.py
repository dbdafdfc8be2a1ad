from datetime import date
from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import InvoiceCase


@tagged("post_install", "-at_install")
class TestInvoiceRun(InvoiceCase):
    def test_issuer_gets_one_invoice_of_values_and_commission(self):
        """R-000-20, R-000-21, R-000-24 (C4): issued by A, accepted by C: A is invoiced 5.00 outside VAT and 0.15 with
        VAT; C and whoever handed it out are invoiced nothing."""
        redemption = self.spend("5.00")

        invoice = self.invoice_month()

        self.assertEqual((invoice.partner_id, invoice.state), (self.issuer, "posted"))
        self.assertEqual(self.figures(invoice), ("5.15", "0.03", "5.18"))
        self.assertEqual(
            [(line.price_subtotal, line.account_id) for line in invoice.invoice_line_ids],
            [(5.0, self.funder.liability_account_id), (0.15, self.funder.contribution_account_id)],
        )
        self.assertEqual(redemption.invoice_item_ids.move_line_id, invoice.invoice_line_ids)

    def test_from_the_till_to_the_invoice(self):
        """R-000-20, R-000-24 (C4): a coupon of A spent at the till of C makes the invoice it is linked
        to."""
        self.env["ecoupon.commission"].create({"circuit_id": self.circuit.id, "date_from": "2020-01-01", "rate": 3})
        self.capture(self.use(self.coupon(self.campaign_a)))
        redemption = self.env["ecoupon.redemption"].search([("circuit_id", "=", self.circuit.id)])
        month = f"{redemption.day:%Y-%m}"

        invoice = self.invoice_month(month)

        self.assertEqual(self.figures(invoice), ("5.15", "0.03", "5.18"))
        self.assertEqual(redemption.invoice_count, 1)
        self.assertEqual(redemption.action_view_invoices()["domain"], [("id", "in", invoice.ids)])

    def test_commission_is_rounded_coupon_by_coupon(self):
        """R-000-24 (C7): 143 own coupons of 4.99: commission 21.45, VAT 4.72, total 26.17, as the dashboard says."""
        for _coupon in range(143):
            self.spend("4.99", acceptor=self.issuer)

        invoice = self.invoice_month()

        self.assertEqual(self.figures(invoice), ("21.45", "4.72", "26.17"))
        self.assertEqual(len(invoice.invoice_line_ids), 1)

    def test_only_spent_coupons_are_invoiced(self):
        """R-000-24 (C8): of 100 issued 25 are spent: 3.75, VAT 0.83, total 4.58; those that expired cost nothing."""
        for _coupon in range(25):
            self.spend("5.00", acceptor=self.issuer)
        for _coupon in range(3):
            self.coupon(self.campaign_a)

        invoice = self.invoice_month()

        self.assertEqual(self.figures(invoice), ("3.75", "0.83", "4.58"))

    def test_reversal_after_invoicing_is_a_credit_note(self):
        """R-000-25 (C9): C1 reversed after it was invoiced: a credit note of 0.15 and 0.03 VAT on that invoice."""
        spent = self.spend("5.00", acceptor=self.issuer)
        invoice = self.invoice_month()
        self.spend("5.00", day="2026-05-02", acceptor=self.issuer, origin=spent)

        note = self.invoice_month("2026-05")

        self.assertEqual((note.move_type, note.reversed_entry_id), ("out_refund", invoice))
        self.assertEqual(self.figures(note), ("0.15", "0.03", "0.18"))

    def test_reversal_in_the_same_month_cancels_out(self):
        """R-000-25: spent and reversed before the month is invoiced: no document, and neither is looked at again."""
        spent = self.spend("5.00")
        self.spend("5.00", day="2026-04-12", origin=spent)

        moves = self.invoice_month()

        self.assertFalse(moves)
        self.assertEqual(self.month_run.state, "done")
        with self.assertRaisesRegex(UserError, "Nothing to invoice"):
            self.invoice_month()

    def test_partial_reversal_takes_back_value_and_commission(self):
        """R-000-25: 2.00 of 5.00 given back after invoicing: the credit note takes back 2.00 and 0.06."""
        spent = self.spend("5.00")
        self.invoice_month()
        self.spend("2.00", day="2026-05-02", origin=spent, commission="0.06")

        note = self.invoice_month("2026-05")

        self.assertEqual(self.figures(note), ("2.06", "0.01", "2.07"))

    def test_run_again_adds_nothing(self):
        """R-000-24: the same month run twice: the second run says that nothing is left."""
        self.spend("5.00")
        self.invoice_month()

        with self.assertRaisesRegex(UserError, "Nothing to invoice"):
            self.invoice_month()

        self.assertEqual(len(self.month_run.move_ids), 1)

    def test_late_coupon_is_added(self):
        """R-000-24: a coupon that reached the books after the run gets an invoice of its own when run again."""
        self.spend("5.00")
        self.invoice_month()
        self.spend("3.00")

        more = self.invoice_month()

        self.assertEqual(self.figures(more)[0], "3.09")
        self.assertEqual(self.month_run.invoice_count, 2)

    def test_sponsor_pays_its_share(self):
        """R-000-20 (B04): the sponsor is invoiced its share, the issuer the rest and the whole commission."""
        region = self.sponsor()
        self.spend("10.00", sponsor=region, share="4.00")

        invoices = self.invoice_month()

        by_partner = {invoice.partner_id: self.figures(invoice) for invoice in invoices}
        self.assertEqual(by_partner, {self.issuer: ("6.30", "0.07", "6.37"), region: ("4.00", "0.00", "4.00")})

    def test_sponsor_pays_for_own_coupons_too(self):
        """R-000-20 (B04): the issuer accepted its own coupon of 10.00, 4.00 of it the sponsor's: the sponsor is invoiced
        4.00, the issuer gets them back, and pays its commission."""
        region = self.sponsor()
        spent = self.spend("10.00", acceptor=self.issuer, sponsor=region, share="4.00")

        invoices = self.invoice_month()

        documents = {(one.partner_id, one.move_type): self.figures(one) for one in invoices}
        self.assertEqual(
            documents,
            {
                (self.issuer, "out_invoice"): ("0.30", "0.07", "0.37"),
                (self.issuer, "out_refund"): ("4.00", "0.00", "4.00"),
                (region, "out_invoice"): ("4.00", "0.00", "4.00"),
            },
        )
        self.assertEqual(self.balance(self.funder.liability_account_id), 0)
        self.spend("10.00", day="2026-05-02", acceptor=self.issuer, origin=spent, share="4.00")
        kinds = {(move.partner_id, move.move_type) for move in self.invoice_month("2026-05")}
        self.assertEqual(kinds, {(self.issuer, "out_invoice"), (self.issuer, "out_refund"), (region, "out_refund")})

    def test_a_share_a_little_above_the_commission(self):
        """R-000-20 (B04): 0.55 given and 0.50 with 22 % VAT asked for: two documents, both above zero."""
        self.spend("10.00", acceptor=self.issuer, sponsor=self.sponsor(), share="0.55", commission="0.50")

        invoices = self.invoice_month()

        own = invoices.filtered(lambda one: one.partner_id == self.issuer)
        self.assertEqual(sorted(one.amount_total for one in own), [0.55, 0.61])
        self.assertEqual(set(own.mapped("state")), {"posted"})

    def test_killed_run_goes_on(self):
        """R-000-24: a run that was left after its first issuer goes on in the queue with the others, and invoices nobody
        twice."""
        self.agreements[1].sudo().role_issue = True
        self.spend("5.00")
        self.spend("3.00", campaign=self.campaign(issuer_agreement_id=self.agreements[1].id))
        run = self.env["ecoupon.invoice.run"].create({"circuit_id": self.circuit.id, "month": "2026-04-01"})
        with patch("odoo.addons.ecoupon_settlement.models.ecoupon_invoice_run_work.CHUNK", 1):
            run.sudo()._begin()
            run.sudo()._work(seconds=-1)
            self.assertEqual((run.state, len(run.move_ids), run.job_state), ("running", 1, "waiting"))

            run.sudo()._job_make()

        self.assertEqual((run.state, run.debtor_done), ("done", 2))
        self.assertEqual(run.move_ids.partner_id, self.issuer | self.bookshop)
        self.assertEqual(len(run.move_ids), 2)

    def test_issuer_without_address_is_named(self):
        """R-000-24: no address and no VAT number: nothing of this issuer is posted, others are, and the run says what to
        enter; afterwards it adds the missing invoice."""
        other = self.agreements[1]
        other.sudo().role_issue = True
        self.spend("5.00", campaign=self.campaign(issuer_agreement_id=other.id), acceptor=self.shop)
        self.spend("5.00")
        self.issuer.write({"street": False, "vat": False, "l10n_it_codice_fiscale": False})

        moves = self.invoice_month()

        self.assertEqual(moves.partner_id, self.bookshop)
        self.assertEqual(self.month_run.state, "blocked")
        self.assertRegex(self.month_run.problems, "Issuer A: .*street, VAT number or fiscal code")
        self.assertEqual(self.month_run.item_ids.debtor_id, self.bookshop)
        self.issuer.write({"street": "Via Roma 1", "vat": "IT00465840031"})
        self.assertEqual(self.invoice_month().partner_id, self.issuer)
        self.assertEqual((self.month_run.state, self.month_run.problems), ("done", False))

    def test_closed_period_is_refused(self):
        """R-000-24: accounting is closed on the day of the invoices: nothing is made, and the day is named."""
        self.spend("5.00")
        self.company.sale_lock_date = date(2026, 5, 31)

        with self.assertRaisesRegex(UserError, "closed until 05/31/2026"):
            self.invoice_month()

        self.assertFalse(self.env["ecoupon.invoice.item"].search([]))

    def test_month_must_be_over_and_in_order(self):
        """R-000-24: a month that goes on, or one after a month that was not invoiced, is refused."""
        self.spend("5.00", day="2026-03-10")
        self.spend("5.00")

        with self.assertRaisesRegex(UserError, "March 2026 first"):
            self.invoice_month("2026-04")
        with self.assertRaisesRegex(UserError, "not over yet"):
            self.invoice_month("2026-05", at="2026-05-20 10:00:00")

    def test_missing_tax_is_named(self):
        """R-000-24: without the VAT of the commission nothing is made; the sentence names funder and field."""
        self.spend("5.00")
        self.funder.sudo().commission_tax_id = False

        with self.assertRaisesRegex(UserError, "“VAT of the commission”"):
            self.invoice_month()

    def test_invoice_stays_posted(self):
        """R-000-25: invoices of coupons are corrected by reversing coupons, not by hand."""
        self.spend("5.00")
        invoice = self.invoice_month()

        for change in (invoice.button_draft, invoice.button_cancel, invoice._reverse_moves):
            with self.assertRaisesRegex(UserError, "Reverse the coupon's operation"):
                change()

    def test_started_run_stays(self):
        """R-000-24: a run that has started is neither changed nor deleted."""
        self.spend("5.00")
        self.invoice_month()

        with self.assertRaises(UserError):
            self.month_run.month = "2026-05-01"
        with self.assertRaises(UserError):
            self.month_run.unlink()
        with self.assertRaises(UserError):
            self.month_run.state = "draft"
