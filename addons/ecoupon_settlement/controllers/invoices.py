"""What a member is invoiced for the coupons it issued: its own invoices only (R-000-24)."""

from base64 import b64decode

from odoo import http
from odoo.http import content_disposition, request

from odoo.addons.merchant_circuit.controllers.merchant import MerchantPages
from odoo.addons.stored_value.tools import write_csv

PAGE = 24
ADDRESS = "/merchant/invoices/<int:invoice_id>"


class MerchantInvoices(MerchantPages):
    @http.route(
        ["/merchant/invoices", "/merchant/invoices/page/<int:page>"],
        type="http",
        auth="user",
        methods=["GET"],
        website=True,
        sitemap=False,
    )
    def invoices(self, page=1, **_kwargs):
        """The member's invoices and credit notes for coupons, the newest first.

        :param int page: from 1
        """
        merchant = self._merchant()
        # sudo: members have no right on the model; the domain is the whole of what they may see
        moves = request.env["account.move"].sudo()
        domain = moves._issuer_domain(merchant)
        pages = max(1, -(-moves.search_count(domain) // PAGE))
        page = min(max(page, 1), pages)
        invoices = moves.search(domain, order="invoice_date desc, id desc", limit=PAGE, offset=(page - 1) * PAGE)
        return self._invoice_page(
            "ecoupon_settlement.merchant_invoices",
            {
                "invoices": invoices,
                "page_number": page,
                "pages": pages,
                "money": self._money(self._currency(merchant)),
            },
        )

    @http.route(ADDRESS, type="http", auth="user", methods=["GET"], website=True, sitemap=False)
    def invoice(self, invoice_id, **_kwargs):
        """One invoice: its lines, what is open, its files.

        :raise NotFound: another member's, or none
        """
        invoice = self._own_invoice(invoice_id)
        return self._invoice_page(
            "ecoupon_settlement.merchant_invoice",
            {
                "invoice": invoice,
                "lines": invoice.invoice_line_ids.filtered(lambda line: line.display_type == "product"),
                "money": self._money(invoice.currency_id),
            },
        )

    @http.route(f"{ADDRESS}/<string:kind>", type="http", auth="user", methods=["GET"], website=True, sitemap=False)
    def download_invoice(self, invoice_id, kind, **_kwargs):
        """The invoice as a file: PDF, the electronic invoice, or the coupons it is of.

        :param str kind: pdf, xml or csv
        :raise NotFound: any other kind, another member's, or no such file
        """
        invoice = self._own_invoice(invoice_id)
        name = (invoice.name or "").replace("/", "-")
        if kind == "pdf":
            # sudo: the report of the member's own invoice
            reports = request.env["ir.actions.report"].sudo()
            if reports.get_wkhtmltopdf_state() != "ok":
                # no PDF maker on this server: the browser prints the same page
                page, _kind = reports._render_qweb_html("account.account_invoices", invoice.ids)
                return request.make_response(page, headers=[("Content-Type", "text/html; charset=utf-8")])
            content, _kind = reports._render_qweb_pdf("account.account_invoices", invoice.ids)
            mimetype, name = "application/pdf", f"{name}.pdf"
        elif kind == "xml" and invoice.l10n_it_edi_attachment_file:
            content = b64decode(invoice.l10n_it_edi_attachment_file)
            mimetype, name = "application/xml", invoice.l10n_it_edi_attachment_name
        elif kind == "csv":
            content, mimetype, name = self._coupons_csv(invoice), "text/csv; charset=utf-8", f"{name}.csv"
        else:
            raise request.not_found()
        return request.make_response(
            content,
            headers=[
                ("Content-Type", mimetype),
                ("Content-Length", len(content)),
                ("Content-Disposition", content_disposition(name)),
                ("X-Content-Type-Options", "nosniff"),
                ("Cache-Control", "private, no-store"),
            ],
        )

    # ------------------------------------------------------------------ parts

    def _own_invoice(self, invoice_id):
        """An invoice of this member, with the rights of the system.

        :raise NotFound: another member's, or none
        """
        # sudo: as in invoices
        moves = request.env["account.move"].sudo()
        found = moves.search([*moves._issuer_domain(self._merchant()), ("id", "=", invoice_id)])
        if not found:
            raise request.not_found()
        return found.with_context(bin_size=False)

    def _invoice_page(self, template, values):
        return self._render(template, {"state_of": self._invoice_state, "sign": self._invoice_sign, **values})

    @staticmethod
    def _coupons_csv(invoice):
        """The coupons of an invoice, one row each; nobody's person is named."""
        _ = request.env._
        parts = dict(invoice.ecoupon_item_ids._fields["part"]._description_selection(request.env))
        rows = [
            [
                item.redemption_id.transaction_id.reference or "",
                item.day,
                item.campaign_id.name,
                item.acceptor_id._shop_label(),
                parts[item.part],
                f"{item.amount:.2f}",
            ]
            for item in invoice.ecoupon_item_ids.sorted("id")
        ]
        headers = [_("Operation"), _("Day"), _("Campaign"), _("Spent at"), _("What"), _("Amount")]
        return write_csv(headers, rows)

    @staticmethod
    def _invoice_sign(invoice):
        """-1 for a credit note."""
        return -1 if invoice.move_type == "out_refund" else 1

    @staticmethod
    def _invoice_state(invoice):
        """What the state of payment means for the member.

        :return: (words, class of their badge)
        """
        _ = request.env._
        if invoice.move_type == "out_refund":
            return _("Credit note"), "text-bg-light border"
        return {
            "paid": (_("Paid"), "o_merchant_ok"),
            "in_payment": (_("Paid"), "o_merchant_ok"),
            "partial": (_("Partly paid"), "text-bg-warning"),
            "reversed": (_("Taken back"), "text-bg-light border"),
        }.get(invoice.payment_state, (_("To pay"), "text-bg-warning"))
