from decimal import Decimal

from odoo import fields, models
from odoo.tools import SQL
from odoo.tools.misc import format_amount, format_date

from odoo.addons.family_card.tools import local_time
from odoo.addons.stored_value.tools import write_xlsx

from ..rules.words import amount_in_words

# one table of so many rows at most: an old WebKit needs time that grows faster than the rows of a table
TABLE_ROWS = 500
# above so many operations the paper shows days: hundreds of pages take minutes, and wkhtmltopdf loses their footers
PAPER_ROWS = 2000


class MerchantStatement(models.Model):
    """The statement on paper and as a sheet: the same rows in both (R-004-96, R-004-97)."""

    _inherit = "merchant.statement"

    pdf_file = fields.Binary(
        "Statement (PDF)",
        attachment=True,
        readonly=True,
        copy=False,
        help="As it was sent to the merchant: what comes back signed must be this very file.",
    )
    pdf_name = fields.Char("File", readonly=True, copy=False)
    pdf_digest = fields.Char("SHA-256 of the PDF", readonly=True, copy=False)

    def _pdf(self):
        """The statement as a PDF, made now. What was sent is kept in ``pdf_file``.

        :return: bytes
        :raise UserError: the program that prints PDFs is missing or failed
        """
        self.ensure_one()
        self.check_access("read")
        reports = self.env["ir.actions.report"].with_context(report_pdf_no_attachment=True)
        content, _kind = reports._render_qweb_pdf("merchant_settlement.action_report_statement", self.ids)
        return content

    def _xlsx(self):
        """The statement as a workbook: the rows of the PDF, amounts as numbers and days as dates.

        :return: bytes
        """
        self.ensure_one()
        self.check_access("read")
        record = self._in_its_language()
        above = [
            [label, value] for label, value in (*record._document_heading(), *record._document_payee()) if value != ""
        ]
        below = [["", "", "", "", "", "", label, amount] for label, amount in record._document_figures()]
        below += [[]] + [["", "", "", "", "", "", label, amount] for label, amount in record._document_sources()]
        rows = [
            [
                row["sequence"],
                row["at"].replace(tzinfo=None) if row["at"] else None,
                row["reference"],
                row["kind"],
                row["holder"],
                row["category"],
                row["origin"],
                row["amount"],
            ]
            for row in record._document_rows()
        ]
        return write_xlsx(record._document_titles(), rows, self._file_stem()[:31], above, below)

    def _file_stem(self):
        """Name of the statement's files, without their ending.

        :return: str
        """
        return (self.name or "").replace("/", "-")

    def _document_lang(self):
        """Language of what the merchant reads.

        :return: str, installed
        :raise AccessError: the statement is not the user's to read
        """
        self.ensure_one()
        self.check_access("read")
        # sudo: a merchant's portal user reads its own statement, not the partner of the company
        statement = self.sudo()
        codes = (statement.merchant_id.lang, statement.company_id.partner_id.lang, self.env.lang, "en_US")
        installed = dict(self.env["res.lang"].get_installed())
        return next(code for code in codes if code in installed)

    def _in_its_language(self):
        """The statement as its documents see it: with the rights of the system, which whoever was let through to a
        statement has for what is printed on it, and in the language of its merchant.

        :raise AccessError: the statement is not the user's to read; a report's page is open to whoever has a login
        """
        self.check_access("read")
        # sudo: name, address and account of the body and the merchant, names of funds and categories
        return self.sudo().with_context(lang=self._document_lang())

    # ------------------------------------------------------------------ what is printed

    def _document_titles(self):
        """Titles of the columns."""
        env = self.env
        return [
            env._("No."),
            env._("Date and time"),
            env._("Operation"),
            env._("Kind"),
            env._("Holder"),
            env._("Macro-category"),
            env._("Corrects"),
            env._("Amount"),
        ]

    def _document_rows(self):
        """Lines of the statement, in order.

        :return: list of dict: sequence, at (local, aware; None), reference, kind, holder, category, origin: str,
            amount: Decimal
        """
        self.ensure_one()
        self.env["merchant.statement.line"].flush_model()
        found = self.env.execute_query(
            SQL(
                """SELECT sequence, kind, reference, captured_at, holder_mask, category_id, amount::text,
                          origin_reference, origin_month
                     FROM merchant_statement_line WHERE statement_id = %s ORDER BY sequence""",
                self.id,
            )
        )
        tz = self.circuit_id.tz
        kinds = dict(self.env["merchant.statement.line"]._fields["kind"]._description_selection(self.env))
        categories = self.env["circuit.category"].browse(
            {category for *_rest, category, _a, _o, _m in found if category}
        )
        names = {category.id: category.name for category in categories}
        months = {month: self._month_name(month) for *_rest, month in found if month}
        return [
            {
                "sequence": sequence,
                "at": local_time(at, tz) if at else None,
                "reference": reference or "",
                "kind": kinds[kind],
                "holder": holder or "",
                "category": names.get(category, ""),
                "origin": ", ".join(filter(None, (origin, months.get(month)))),
                "amount": Decimal(amount),
            }
            for sequence, kind, reference, at, holder, category, amount, origin, month in found
        ]

    def _document_days(self, rows):
        """Rows of a very long statement, summed by day and kind for its paper; the workbook has them one by one.

        :param rows: as ``_document_rows`` gives them
        :return: list of dict of the same keys; as reference, which operations
        """
        days = {}
        for row in rows:
            days.setdefault((row["at"] and row["at"].date(), row["kind"]), []).append(row)
        return [
            {
                **found[0],
                "sequence": number,
                "at": found[0]["at"],
                "reference": str(len(found)),
                "holder": "",
                "category": "",
                "origin": "",
                "amount": sum(row["amount"] for row in found),
            }
            for number, ((_day, _kind), found) in enumerate(days.items(), 1)
        ]

    def _month_name(self, month):
        """A month in words, e.g. “aprile 2024”."""
        return format_date(self.env, month, date_format="MMMM y")

    def _document_heading(self):
        """What the statement is about, as (label, text)."""
        env, terms = self.env, self.terms_id
        return [
            (env._("Statement"), self.name),
            (env._("Month"), self._month_name(self.month)),
            (env._("Programme"), self.funder_id.name),
            (env._("Public body"), self._document_body().name or ""),
            (env._("Department"), terms.department or ""),
            (env._("Act"), terms.act or ""),
            ("CUP", terms.cup or ""),
            ("CIG", terms.cig or ""),
        ]

    def _document_body(self):
        """Who pays, as a partner."""
        return self.funder_id.partner_id or self.circuit_id.promoter_id

    def _document_payee(self):
        """Who is paid, as (label, text)."""
        env, merchant = self.env, self.merchant_id.commercial_partner_id
        shop = self.merchant_id._shop_label()
        address = self.merchant_id._display_address(without_company=True)
        return [
            (env._("Merchant"), merchant.name or ""),
            (env._("Shop"), shop if shop != merchant.name else ""),
            (env._("Address"), ", ".join(line.strip() for line in address.splitlines() if line.strip())),
            (env._("VAT number"), merchant.vat or ""),
            (env._("Fiscal code"), merchant.l10n_it_codice_fiscale or ""),
            ("IBAN", self._payee_bank().acc_number or ""),
        ]

    def _document_figures(self):
        """The sums, as (label, Decimal)."""
        env = self.env
        figures = [(env._("Payments"), self.charged)]
        if self.corrected:
            figures.append((env._("Corrections"), self.corrected))
        if self.carried:
            figures.append((env._("Carried in from the month before"), self.carried))
        figures.append((env._("Total"), self.total))
        if self.stamp:
            borne = (
                env._("Stamp duty, borne by the public body")
                if self.stamp_borne_by == "body"
                else env._("Stamp duty, borne by the merchant (not added)")
            )
            figures.append((borne, self.stamp))
        if self.state == "carried":
            figures.append((env._("Carried over to the next month"), min(self.total, 0)))
        else:
            figures.append((env._("To pay"), self.payable))
        return [(label, Decimal(f"{amount:.2f}")) for label, amount in figures]

    def _document_sources(self):
        """Sources of the funds (R-001-05), as (label, Decimal)."""
        return [(source._label(), Decimal(f"{source.amount:.2f}")) for source in self.source_ids]

    def _document_notes(self):
        """Wordings of the law on the last day of the month."""
        last = fields.Date.end_of(self.month, "month")
        codes = ["vat_note", "stamp_note"] if self.stamp else ["vat_note"]
        return [self.env["settlement.legal"]._at(code, last).text for code in codes]

    def _document(self):
        """All that the printed statement shows, in its language.

        :return: dict; ``tables``: rows in tables of bounded length, amounts and dates as text
        """
        self.ensure_one()
        lang = self.env["res.lang"]._get_data(code=self.env.lang)
        stamp = f"{lang.date_format} %H:%M"
        operations = self._document_rows()
        by_day = len(operations) > PAPER_ROWS
        if by_day:
            operations, stamp = self._document_days(operations), lang.date_format
        rows = [
            {
                **row,
                "at": row["at"].strftime(stamp) if row["at"] else "",
                "negative": row["amount"] < 0,
                "amount": self._number(row["amount"]),
            }
            for row in operations
        ]
        return {
            "by_day": by_day,
            "titles": self._document_titles(),
            "tables": [rows[start : start + TABLE_ROWS] for start in range(0, len(rows), TABLE_ROWS)],
            "heading": [pair for pair in self._document_heading() if pair[1]],
            "payee": [pair for pair in self._document_payee() if pair[1]],
            "figures": [(label, self._money(amount)) for label, amount in self._document_figures()],
            "sources": [(label, self._money(amount)) for label, amount in self._document_sources()],
            "total": self._money(self.total),
            "payable": self._money(self.payable),
            "words": amount_in_words(Decimal(f"{self.payable:.2f}"), self.env.lang),
            "notes": self._document_notes(),
            "month": self._month_name(self.month),
            "due_on": format_date(self.env, self.due_on) if self.due_on else "",
            "pay_from": format_date(self.env, self.pay_from) if self.pay_from else "",
            "draft": self.state == "draft" and not self.env.context.get("statement_to_send"),
            "count": self.transaction_count,
        }

    def _number(self, amount):
        """A Decimal with two decimals, as the language writes it."""
        return self.env["res.lang"]._lang_get(self.env.lang).format("%.2f", amount, grouping=True)

    def _money(self, amount):
        """An amount with its currency."""
        return format_amount(self.env, float(amount), self.currency_id)
