"""The merchant's own pages: default deny, keyed on the user's merchant."""

import hashlib
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from odoo import http
from odoo.http import content_disposition, request
from odoo.tools.misc import format_amount

from ..rules import chart, figures
from ..rules.merchant_filter import Filter, bounds

DAYS = 30
MONTHS = 12
LATEST = 5
TRENDS = ("days", "months")


class MerchantPages(http.Controller):
    @http.route("/merchant", type="http", auth="user", methods=["GET"], website=True, sitemap=False)
    def dashboard(self, **params):
        """Today, this month and the trend, live (R-001-17, R-004-95).

        :param str trend: days (the last 30) or months (the last 12)
        """
        html, digest, trend = self._live(params)
        return self._render("merchant_circuit.merchant_dashboard", {"live": html, "digest": digest, "trend": trend})

    @http.route("/merchant/live", type="http", auth="user", methods=["GET"], website=True, sitemap=False, readonly=True)
    def live(self, **params):
        """The same figures for the open page, which asks again and again; nothing when nothing changed.

        :param str digest: what the page shows
        :return: JSON: digest, html of the figures, status to be read aloud
        """
        html, digest, _trend = self._live(params)
        answer = {"digest": digest}
        if params.get("digest") != digest:
            status = request.env._("New operations: the figures were brought up to date.")
            answer |= {"html": html, "status": status}
        return request.make_json_response(answer, headers=[("Cache-Control", "no-store")])

    @http.route("/merchant/help", type="http", auth="user", methods=["GET"], website=True, sitemap=False)
    def help(self, **_kwargs):
        """Instructions for shopkeepers and the window sticker (R-004-92)."""
        return self._render("merchant_circuit.merchant_help", {})

    @http.route(
        "/merchant/sticker/<int:agreement_id>", type="http", auth="user", methods=["GET"], website=True, sitemap=False
    )
    def sticker(self, agreement_id, **_kwargs):
        """The shop's window sticker, to be printed (R-004-92).

        :raise NotFound: another merchant's agreement, none in force, or no card can be used there
        """
        agreement = self._agreements(self._merchant()).filtered(lambda line: line.id == agreement_id)
        if not agreement or agreement.admission == "none":
            raise request.not_found()
        # sudo: the report prints names and an address of the merchant's own agreement
        reports = request.env["ir.actions.report"].sudo()
        if reports.get_wkhtmltopdf_state() != "ok":
            # no PDF maker on this server: the browser prints the same page
            page, _kind = reports._render_qweb_html("merchant_circuit.report_sticker", agreement.ids)
            return request.make_response(page, headers=[("Content-Type", "text/html; charset=utf-8")])
        content, _kind = reports._render_qweb_pdf("merchant_circuit.report_sticker", agreement.ids)
        return request.make_response(
            content,
            headers=[
                ("Content-Type", "application/pdf"),
                ("Content-Disposition", content_disposition(f"{agreement.merchant_id._shop_label()}.pdf")),
            ],
        )

    # ------------------------------------------------------------------ figures

    def _live(self, params):
        """Figures of today, of this month, of the trend, and the latest operations.

        :param dict params: arguments of the address
        :return: (their HTML, a digest of it, days or months)
        """
        values = self._live_values(params)
        html = request.env["ir.qweb"]._render("merchant_circuit.merchant_live", values)
        return html, hashlib.sha256(html.encode()).hexdigest()[:16], values["trend"]

    def _live_values(self, params):
        merchant = self._merchant()
        tz = self._tz(merchant)
        today = self._today(tz)
        trend = params.get("trend") if params.get("trend") in TRENDS else "days"
        year = figures.months(today, MONTHS)
        month_first, month_last = bounds("month", today)
        days = [today - timedelta(days=number) for number in range(DAYS - 1, -1, -1)]
        since = year[0] if trend == "months" else min(days[0], month_first)
        # sudo: merchants have no right on the model; the domain is the whole of what they may see
        transactions = request.env["circuit.transaction"].sudo()
        cells = transactions._merchant_cells(
            transactions._merchant_domain(merchant, Filter("", since, month_last), tz), tz
        )
        if trend == "months":
            found = figures.grouped(cells, lambda day: day.replace(day=1))
            series = [(day, found.get(day, figures.Totals())) for day in year]
        else:
            found = figures.grouped(cells, lambda day: day)
            series = [(day, found.get(day, figures.Totals())) for day in days]
        latest = transactions._merchant_domain(merchant, Filter("", None, None), tz)
        return {
            "merchant": merchant,
            "today": figures.between(cells, today, today),
            "month": figures.between(cells, month_first, month_last),
            "month_day": month_first,
            "trend": trend,
            "series": series,
            "chart": chart.draw([(sums.paid, sums.refunds) for _day, sums in series]),
            "latest": transactions.search(latest, order="authorized_at desc, id desc", limit=LATEST),
            "currency": self._currency(merchant),
            "money": self._money(self._currency(merchant)),
            "tz": tz,
        }

    # ------------------------------------------------------------------ parts

    def _merchant(self):
        """The merchant the user works for, and the user's own language on its pages.

        :return: res.partner with the rights of the system
        :raise NotFound: the user works for none
        """
        user = request.env.user
        merchant = user.merchant_id
        if not merchant:
            raise request.not_found()
        # sudo: which languages there are
        if user.lang and user.lang in dict(request.env["res.lang"].sudo().get_installed()):
            request.update_context(lang=user.lang)
        # sudo: the merchant's own partner
        return merchant.sudo().with_context(lang=request.env.lang)

    def _render(self, template, values):
        """A page of the merchant's area with its navigation."""
        merchant = self._merchant()
        return request.render(
            template,
            {
                "merchant": merchant,
                "agreements": self._agreements(merchant),
                "tills": self._tills(merchant),
                "help_links": self._help_links(merchant),
                "tz": self._tz(merchant),
                **values,
            },
        )

    @staticmethod
    def _agreements(merchant):
        """Agreements in force of a merchant."""
        return merchant.agreement_ids.filtered(lambda agreement: agreement.state == "active")

    def _circuit(self, merchant):
        """The circuit whose clock and currency the pages of a merchant go by: of an agreement in force, else of the
        latest."""
        return (self._agreements(merchant) or merchant.agreement_ids)[:1].circuit_id

    def _tz(self, merchant):
        """Zone that decides where a merchant's days begin, whatever the zone of who looks.

        :return: str, IANA name
        """
        return self._circuit(merchant).tz or "Europe/Rome"

    @staticmethod
    def _today(tz):
        return datetime.now(UTC).astimezone(ZoneInfo(tz)).date()

    def _currency(self, merchant):
        return self._circuit(merchant).currency_id or request.env.company.currency_id

    @staticmethod
    def _money(currency):
        """How amounts are written on the pages.

        :return: function of an amount (Decimal or float) that answers text
        """
        return lambda amount: format_amount(request.env, float(amount), currency)

    def _tills(self, merchant):
        """The merchant's tills; addons add theirs.

        :param merchant: res.partner
        :return: list of (label, address), the one most used first
        """
        address = self._till_url(merchant)
        return [(request.env._("Open the till"), address)] if address else []

    def _till_url(self, merchant):
        """Address of the merchant's point of sale, where an addon provides one.

        :param merchant: res.partner
        :return: str or None
        """
        return None

    def _help_links(self, merchant):
        """Help for merchants, where an addon provides it.

        :param merchant: res.partner
        :return: list of (title, address)
        """
        return []
