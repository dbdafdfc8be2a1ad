"""What a merchant signed, and whether it is in force (R-001-03, R-004-95)."""

from odoo import http
from odoo.http import content_disposition, request

from .merchant import MerchantPages


class MerchantAgreements(MerchantPages):
    @http.route("/merchant/agreement", type="http", auth="user", methods=["GET"], website=True, sitemap=False)
    def agreements(self, **_kwargs):
        """Terms, dates, state and documents of the merchant's agreements; why it is suspended."""
        merchant = self._merchant()
        return self._render("merchant_circuit.merchant_agreements", {"signed": self._signed(merchant)})

    @http.route(
        "/merchant/agreement/document/<int:document_id>",
        type="http",
        auth="user",
        methods=["GET"],
        website=True,
        sitemap=False,
    )
    def document(self, document_id, **_kwargs):
        """A document of one's own agreement; what is neither PDF nor picture is not sent.

        :raise NotFound: another merchant's, or none
        """
        documents = self._signed(self._merchant()).document_ids
        found = documents.filtered(lambda line: line.id == document_id)
        download = found._download() if found else None
        if not download:
            raise request.not_found()
        content, mimetype, name = download
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

    @staticmethod
    def _signed(merchant):
        """Agreements of a merchant that were signed, the latest first; drafts are the office's own."""
        return merchant.agreement_ids.filtered(lambda line: line.state != "draft").sorted("date_from", reverse=True)
