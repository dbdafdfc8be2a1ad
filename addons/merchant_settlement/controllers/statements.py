"""A merchant's statements: what is due, what was paid and when; signing them (R-004-97, R-004-98)."""

from base64 import b64decode
from datetime import timedelta
from urllib.parse import urlencode

from odoo import http
from odoo.exceptions import UserError
from odoo.http import content_disposition, request

from odoo.addons.family_card.rules.periods import local_day
from odoo.addons.merchant_circuit.controllers.merchant import MerchantPages

from ..rules import sign_code, signature

PAGE = 24
LINES = 100
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
ADDRESS = "/merchant/statements/<string:number>"


class MerchantStatements(MerchantPages):
    @http.route(
        ["/merchant/statements", "/merchant/statements/page/<int:page>"],
        type="http",
        auth="user",
        methods=["GET"],
        website=True,
        sitemap=False,
    )
    def statements(self, page=1, **_kwargs):
        """The merchant's statements, the newest first; what is due to it and what was paid this year.

        :param int page: from 1
        """
        merchant = self._merchant()
        # sudo: merchants have no right on the model; the domain is the whole of what they may see
        statements = request.env["merchant.statement"].sudo()
        domain = statements._merchant_statements(merchant)
        pages = max(1, -(-statements.search_count(domain) // PAGE))
        page = min(max(page, 1), pages)
        return self._render(
            "merchant_settlement.merchant_statements",
            {
                "statements": statements.search(domain, limit=PAGE, offset=(page - 1) * PAGE),
                "sums": statements._merchant_sums(merchant, self._today(self._tz(merchant))),
                "page_number": page,
                "pages": pages,
                "money": self._money(self._currency(merchant)),
                "state_of": self._state_of,
            },
        )

    @http.route(ADDRESS, type="http", auth="user", methods=["GET"], website=True, sitemap=False)
    def statement(self, number, page=1, done=None, sent=None, **_kwargs):
        """One statement: figures, dates, lines, and how to sign it.

        :param str number: e.g. EC-2024-04-0001
        :param page: of its lines, from 1
        :param str done: signed, after signing
        :param str sent: where the code went, masked
        :raise NotFound: another merchant's, not sent yet, or none
        """
        return self._page(self._own_statement(number), page=page, done=done == "signed", sent=sent)

    @http.route(f"{ADDRESS}/upload", type="http", auth="user", methods=["POST"], website=True)
    def upload(self, number, file=None, **_post):
        """Sign with a file.

        :param file: the upload
        :return: the page, saying what is wrong with the file or that it was taken
        """
        statement = self._own_statement(number)
        if not file:
            return self._page(statement, error=request.env._("Choose the signed file first."))
        # one byte more than allowed tells that it is too big without reading it all
        content = file.read(signature.MAX_BYTES + 1)
        try:
            with request.env.cr.savepoint():
                statement._sign_by_file(content, (file.filename or "")[:120], request.env.user)
        except UserError as problem:
            return self._page(statement, error=str(problem))
        return request.redirect(f"{statement._portal_path()}?done=signed")

    @http.route(f"{ADDRESS}/code", type="http", auth="user", methods=["POST"], website=True)
    def code(self, number, **_post):
        """Send the merchant's telephone a code."""
        statement = self._own_statement(number)
        try:
            with request.env.cr.savepoint():
                statement._send_code(request.env.user)
        except UserError as problem:
            return self._page(statement, error=str(problem))
        return request.redirect(f"{statement._portal_path()}?{urlencode({'sent': 1})}#sign_code")

    @http.route(f"{ADDRESS}/sign", type="http", auth="user", methods=["POST"], website=True)
    def sign(self, number, code="", **_post):
        """Sign with the code.

        :param str code: as typed
        """
        statement = self._own_statement(number)
        try:
            # no savepoint: a wrong try stays counted
            error = statement._sign_by_code(code, request.env.user)
        except UserError as problem:
            error = str(problem)
        if error:
            return self._page(statement, error=error, sent=True)
        return request.redirect(f"{statement._portal_path()}?done=signed")

    @http.route(f"{ADDRESS}/<string:kind>", type="http", auth="user", methods=["GET"], website=True, sitemap=False)
    def download_statement(self, number, kind, **_kwargs):
        """The statement as a file: the PDF that was sent and is to be signed, the rows as a workbook, or what came back
        signed.

        :param str kind: pdf, xlsx or signed
        :raise NotFound: any other kind, another merchant's, or no such file
        """
        statement = self._own_statement(number)
        name = statement._file_stem()
        if kind == "pdf" and statement.pdf_file:
            content, mimetype, name = b64decode(statement.pdf_file), "application/pdf", f"{name}.pdf"
        elif kind == "xlsx":
            content, mimetype, name = statement._xlsx(), XLSX, f"{name}.xlsx"
        elif kind == "signed" and self._signed_file(statement):
            attachment = self._signed_file(statement)
            content, mimetype, name = attachment.raw, "application/octet-stream", attachment.name
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

    def _own_statement(self, number):
        """A statement of this merchant, with the rights of the system.

        :raise NotFound: another merchant's, a draft, or none
        """
        merchant = self._merchant()
        # sudo: as in statements
        statements = request.env["merchant.statement"].sudo()
        found = (
            statements.search(
                [*statements._merchant_statements(merchant), ("name", "=", number.replace("-", "/"))], limit=1
            )
            if number.isprintable()
            else None
        )
        if not found:
            raise request.not_found()
        return found.with_context(bin_size=False)

    def _page(self, statement, page=1, error=None, done=False, sent=None):
        """The page of one statement."""
        statement.invalidate_recordset()
        # sudo: merchants have no right on the model; the statement is their own
        lines = request.env["merchant.statement.line"].sudo()
        domain = [("statement_id", "=", statement.id)]
        pages = max(1, -(-lines.search_count(domain) // LINES))
        page = min(max(int(page) if str(page).isascii() and str(page).isdecimal() else 1, 1), pages)
        tz = statement.circuit_id.tz
        signature_lines = statement.signature_ids.filtered(lambda line: not line.voided_at)
        return self._render(
            "merchant_settlement.merchant_statement",
            {
                "statement": statement,
                "lines": lines.search(domain, order="sequence", limit=LINES, offset=(page - 1) * LINES),
                "page_number": page,
                "pages": pages,
                "error": error,
                "done": done,
                "sent": sent,
                "ways": statement._sign_ways() if statement.state == "sent" else (),
                "phone": sign_code.mask_phone(statement._sign_phone()),
                "signatures": signature_lines,
                "signed_file": self._signed_file(statement),
                "overdue": statement.state == "sent" and statement.due_on and statement.due_on < self._today(tz),
                "pay_by": self._pay_by(statement),
                "state": self._state_of(statement),
                "money": self._money(statement.currency_id),
                "clock": tz,
            },
        )

    @staticmethod
    def _signed_file(statement):
        return statement.signature_ids.filtered(lambda line: not line.voided_at).attachment_id[:1]

    @staticmethod
    def _pay_by(statement):
        """Day by which the signed statement is to be paid.

        :return: date, or None before it is signed, once it is paid and where there is nothing to pay
        """
        if not statement.signed_at or statement.state in ("paid", "carried"):
            return None
        return local_day(statement.signed_at, statement.circuit_id.tz) + timedelta(days=statement.terms_id.payment_days)

    @staticmethod
    def _state_of(statement):
        """What a state means for the merchant.

        :return: (words, class of their badge)
        """
        _ = request.env._
        if statement.block_reason and statement.state not in ("paid", "carried"):
            return _("On hold at the office"), "text-bg-warning"
        return {
            "sent": (_("To be signed"), "text-bg-warning"),
            "signed": (_("Signed, with the office"), "text-bg-light border"),
            "checked": (_("Signed, with the office"), "text-bg-light border"),
            "approved": (_("Approved, to be paid"), "text-bg-light border"),
            "paying": (_("Payment ordered"), "text-bg-light border"),
            "paid": (_("Paid"), "o_merchant_ok"),
            "carried": (_("Carried over to the next month"), "text-bg-secondary"),
        }[statement.state]
