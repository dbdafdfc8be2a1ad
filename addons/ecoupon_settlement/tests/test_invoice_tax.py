import os
from pathlib import Path

from lxml import etree

from odoo.tests import tagged

from .common import InvoiceCase


class Beside(etree.Resolver):
    """The schema of signatures lies beside the one that imports it by its address."""

    def __init__(self, folder):
        self.folder = folder

    def resolve(self, url, _public_id, context):
        return self.resolve_filename(str(self.folder / url.rsplit("/", 1)[-1]), context)


def schema():
    """The schema of FatturaPA, where the environment says where it lies: it is not distributed with this addon.

    :return: etree.XMLSchema or None
    """
    path = os.environ.get("CIVIC_FATTURAPA_XSD")
    if not path:
        return None
    parser = etree.XMLParser()
    parser.resolvers.add(Beside(Path(path).parent))
    return etree.XMLSchema(etree.parse(path, parser))


@tagged("post_install", "-at_install")
class TestInvoiceTax(InvoiceCase):
    def xml(self, invoice):
        """The electronic invoice, as Odoo renders it once its own checks find nothing; checked against the schema of
        the tax office where CIVIC_FATTURAPA_XSD names it.

        :return: function from an element's name to its texts
        """
        self.assertFalse(invoice._l10n_it_edi_export_data_check())
        tree = etree.fromstring(invoice._l10n_it_edi_render_xml())
        rules = schema()
        if rules:
            rules.assertValid(tree)
        return lambda name: [node.text for node in tree.iter(f"{{*}}{name}")]

    def test_wizard_finds_or_makes_what_is_needed(self):
        """R-000-24: the set-up finds the standard VAT and split payment of the chart, and makes a tax outside VAT."""
        funder = self.funder

        self.assertTrue(funder.invoice_ready and funder.books_ready and funder.settlement_ready)
        self.assertEqual(funder.commission_tax_id, self.company.account_sale_tax_id)
        self.assertEqual((funder.value_tax_id.amount, funder.value_tax_id.l10n_it_exempt_reason), (0, "N2.2"))
        self.assertEqual(funder.liability_account_id.account_type, "asset_current")
        self.assertEqual(funder.contribution_account_id.account_type, "income")
        self.assertEqual(funder.split_position_id.company_id, self.company)

    def test_electronic_invoice_of_a_company(self):
        """R-000-24: the electronic invoice has the values with N2.2, the commission with 22 %, and the stamp duty above
        77.47 outside VAT; sending it is simulated in demonstration mode."""
        for _coupon in range(20):
            self.spend("5.00")
        invoice = self.invoice_month()

        values = self.xml(invoice)
        self.month_run.action_send()

        self.assertEqual(values("TipoDocumento"), ["TD01"])
        self.assertEqual(values("ImportoTotaleDocumento"), ["103.66"])
        self.assertEqual(sorted(values("ImponibileImporto")), ["100.00", "3.00"])
        self.assertEqual(set(values("Natura")), {"N2.2"})
        self.assertEqual(values("ImportoBollo"), ["2.00"])
        self.assertEqual(invoice.l10n_it_edi_state, "processing")
        self.assertTrue(invoice.l10n_it_edi_attachment_name.endswith(".xml"))

    def test_credit_note_refers_to_its_invoice(self):
        """R-000-25 (C9): the electronic credit note is a TD04 that names the invoice."""
        spent = self.spend("5.00")
        invoice = self.invoice_month()
        self.spend("5.00", day="2026-05-02", origin=spent)

        values = self.xml(self.invoice_month("2026-05"))

        self.assertEqual(values("TipoDocumento"), ["TD04"])
        self.assertIn(invoice.name, values("IdDocumento"))

    def test_public_body_pays_without_vat(self):
        """R-000-24 (C11): commissions of 100.00 to a Comune: the document says 122.00, split payment, and 100.00 is
        payable."""
        self.issuer.l10n_it_pa_index = "UF1234"
        self.spend("40.00", acceptor=self.issuer, commission="100.00")

        invoice = self.invoice_month()
        values = self.xml(invoice)

        self.assertEqual(f"{invoice.amount_residual:.2f}", "100.00")
        self.assertEqual(values("ImportoTotaleDocumento"), ["122.00"])
        self.assertEqual(values("ImportoPagamento"), ["100.00"])
        self.assertEqual(values("Imposta"), ["22.00"])
        self.assertEqual(values("EsigibilitaIVA"), ["S"])

    def test_split_payment_that_has_ended(self):
        """R-000-24 (C11): after the last day of split payment a public body pays the VAT too."""
        self.issuer.l10n_it_pa_index = "UF1234"
        self.funder.sudo().split_payment_until = "2026-04-30"
        self.spend("40.00", acceptor=self.issuer, commission="100.00")

        invoice = self.invoice_month()

        self.assertEqual(self.figures(invoice), ("100.00", "22.00", "122.00"))

    def test_foreign_issuer_bears_no_italian_vat(self):
        """R-000-24: the commission to a company in France is a service outside VAT (N2.1), not goods sold there."""
        self.issuer.write({"country_id": self.env.ref("base.fr").id, "vat": "FR23334175221", "zip": "75001"})
        self.spend("5.00")

        invoice = self.invoice_month()

        self.assertEqual(self.figures(invoice), ("5.15", "0.00", "5.15"))
        self.assertEqual(set(self.xml(invoice)("Natura")), {"N2.1", "N2.2"})

    def test_issuer_outside_the_union(self):
        """R-000-24: a company in Switzerland bears no Italian VAT either, and its commission is no export of goods."""
        self.issuer.write({"country_id": self.env.ref("base.ch").id, "vat": "CHE-530781296TVA", "zip": "8001"})
        self.spend("5.00")

        invoice = self.invoice_month()

        self.assertEqual(self.figures(invoice), ("5.15", "0.00", "5.15"))
        self.assertEqual(set(self.xml(invoice)("Natura")), {"N2.1", "N2.2"})
