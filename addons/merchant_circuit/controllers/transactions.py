"""A merchant's own transactions: chosen, added up, downloaded, printed again (R-001-17, R-004-95)."""

from decimal import Decimal
from urllib.parse import urlencode

from odoo import http
from odoo.http import content_disposition, request
from odoo.tools.misc import format_date

from odoo.addons.stored_value.tools import to_decimal, write_csv, write_xlsx

from ..rules import figures
from ..rules.merchant_filter import PERIODS, Filter, arguments, bounds, parse, step
from .merchant import MerchantPages

CENT = Decimal("0.01")
PAGE = 50
#: A download is a list for a person, not a dump: more than this is asked for in parts.
EXPORT_MAX = 20_000
ORDER = "authorized_at desc, id desc"
WRITERS = {
    "csv": (write_csv, "text/csv; charset=utf-8"),
    "xlsx": (write_xlsx, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
}


class MerchantTransactions(MerchantPages):
    @http.route(
        ["/merchant/transactions", "/merchant/transactions/page/<int:page>"],
        type="http",
        auth="user",
        methods=["GET"],
        website=True,
        sitemap=False,
    )
    def transactions(self, page=1, **params):
        """The transactions that fit a choice, and the totals of exactly these.

        :param int page: page of the list, from 1
        :param params: period (day, week, month, quarter) with on (a day), or from and to; kind, state, q
        """
        merchant = self._merchant()
        tz = self._tz(merchant)
        chosen = parse(params, self._today(tz))
        # sudo: merchants have no right on the model; the domain is the whole of what they may see
        transactions = request.env["circuit.transaction"].sudo()
        domain = transactions._merchant_domain(merchant, chosen, tz)
        cells = transactions._merchant_cells(domain, tz)
        totals = figures.total(cells)
        pages = max(1, -(-totals.count // PAGE))
        page = min(max(int(page) if str(page).isascii() and str(page).isdecimal() else 1, 1), pages)
        days = figures.grouped(cells, lambda day: day)
        return self._render(
            "merchant_circuit.merchant_page",
            {
                "transactions": transactions.search(domain, order=ORDER, limit=PAGE, offset=(page - 1) * PAGE),
                "totals": totals,
                "days": sorted(days.items(), reverse=True),
                "chosen": chosen,
                "title_of_period": self._period_name(chosen),
                "periods": self._periods(chosen, tz),
                "earlier": self._address(step(chosen, -1)),
                "later": chosen.last and chosen.last < self._today(tz) and self._address(step(chosen, 1)),
                "states": self._states(),
                "query": urlencode(arguments(chosen)),
                "truncated": totals.count > EXPORT_MAX,
                "page_number": page,
                "pages": pages,
                "money": self._money(self._currency(merchant)),
            },
        )

    @http.route(
        "/merchant/transactions.<string:extension>",
        type="http",
        auth="user",
        methods=["GET"],
        website=True,
        sitemap=False,
    )
    def download(self, extension, **params):
        """The same transactions as a file, with the choice before them and their totals below; cells that look like
        formulas are made harmless.

        :param str extension: csv or xlsx
        :param params: as for the page
        """
        if extension not in WRITERS:
            raise request.not_found()
        merchant = self._merchant()
        tz = self._tz(merchant)
        chosen = parse(params, self._today(tz))
        # sudo: as in transactions
        transactions = request.env["circuit.transaction"].sudo()
        domain = transactions._merchant_domain(merchant, chosen, tz)
        totals = figures.total(transactions._merchant_cells(domain, tz))
        if totals.count > EXPORT_MAX:
            return request.redirect(self._address(chosen))
        rows = self._rows(transactions.search(domain, order=ORDER), tz)
        write, mimetype = WRITERS[extension]
        name = request.env._("transactions")
        if chosen.first:
            name = f"{name}-{chosen.first}-{chosen.last}"
        return request.make_response(
            write(self._headers(), rows, above=self._about(merchant, chosen), below=self._total_rows(totals)),
            headers=[
                ("Content-Type", mimetype),
                ("Content-Disposition", content_disposition(f"{name}.{extension}")),
                ("Cache-Control", "no-store"),
            ],
        )

    @http.route(
        "/merchant/transactions/<string:reference>",
        type="http",
        auth="user",
        methods=["GET"],
        website=True,
        sitemap=False,
    )
    def transaction(self, reference, **_kwargs):
        """One operation with its refunds; its receipt can be printed again.

        :param str reference: number of the operation
        :raise NotFound: another merchant's, or none
        """
        merchant = self._merchant()
        # sudo: as in transactions
        transaction = (
            request.env["circuit.transaction"]
            .sudo()
            .search([("merchant_id", "=", merchant.id), ("reference", "=", reference)], limit=1)
            if reference.isprintable()
            else None
        )
        if not transaction:
            raise request.not_found()
        return self._render(
            "merchant_circuit.merchant_transaction",
            {
                "transaction": transaction,
                "account": self._account_name(transaction),
                "money": self._money(transaction.currency_id),
            },
        )

    # ------------------------------------------------------------------ parts

    @staticmethod
    def _account_name(transaction):
        """Account that paid, as the till's receipt called it; empty for what was never charged."""
        if not transaction.instrument_model or not transaction.account_id:
            return ""
        return request.env[transaction.instrument_model].sudo()._circuit_account_label(transaction.account_id.id)

    @staticmethod
    def _address(chosen):
        return f"/merchant/transactions?{urlencode(arguments(chosen))}" if chosen else None

    def _periods(self, chosen, tz):
        """The buttons of the periods: each keeps what else was chosen, and the day where there is one.

        :return: list of (code, label, address)
        """
        _ = request.env._
        labels = {"day": _("Day"), "week": _("Week"), "month": _("Month"), "quarter": _("Quarter")}
        today = self._today(tz)
        day = today
        if chosen.first and not chosen.first <= today <= chosen.last:
            day = chosen.first
        return [
            (code, labels[code], self._address(Filter(code, *bounds(code, day), chosen.kind, chosen.state)))
            for code in PERIODS
        ]

    @staticmethod
    def _states():
        """What can be chosen of the states.

        :return: list of (code, label)
        """
        _ = request.env._
        return [
            ("captured", _("Confirmed")),
            ("authorized", _("Not confirmed yet")),
            ("refunded", _("Refunded, in whole or in part")),
            ("voided", _("Cancelled")),
            ("expired", _("Expired")),
        ]

    @staticmethod
    def _period_name(chosen):
        """The days that are shown, in words.

        :return: str
        """
        env = request.env
        if not chosen.first:
            return env._("All days")
        if chosen.period == "month":
            return format_date(env, chosen.first, date_format="LLLL yyyy").capitalize()
        if chosen.period == "quarter":
            return env._("Quarter %(number)s of %(year)s", number=(chosen.first.month + 2) // 3, year=chosen.first.year)
        if chosen.first == chosen.last:
            return format_date(env, chosen.first, date_format="EEEE d MMMM yyyy").capitalize()
        return env._("%(start)s to %(end)s", start=format_date(env, chosen.first), end=format_date(env, chosen.last))

    def _about(self, merchant, chosen):
        """What stands before the titles of a download: whose it is and what was chosen.

        :return: list of lists
        """
        _ = request.env._
        kinds = dict(request.env["circuit.transaction"]._fields["kind"]._description_selection(request.env))
        states = dict(self._states())
        choice = [self._period_name(chosen), kinds.get(chosen.kind), states.get(chosen.state), chosen.query]
        return [[_("Shop"), merchant._shop_label()], [_("Shown"), " · ".join(filter(None, choice))]]

    @staticmethod
    def _headers():
        _ = request.env._
        return [
            _("Date"),
            _("Operation"),
            _("Order"),
            _("Kind"),
            _("State"),
            _("Macro-category"),
            _("Holder"),
            _("Purchase"),
            _("Paid by the card"),
            _("Paid by the citizen"),
            _("Place"),
        ]

    def _rows(self, records, tz):
        """Rows of a download; amounts are exact decimals, refunds negative.

        :return: iterator of lists
        """
        kinds = dict(records._fields["kind"]._description_selection(request.env))
        states = dict(self._states())
        for line in records:
            refund = line.kind == "refund"
            purchase, amount = (to_decimal(value).quantize(CENT) for value in (line.purchase_total, line.amount))
            yield [
                line._local_time(tz),
                line.reference or "",
                line.order_ref or "",
                kinds[line.kind],
                states[line.state],
                line.category_id.code or "",
                line.holder_mask or "",
                None if refund else purchase,
                -amount if refund else amount,
                None if refund else purchase - amount,
                line.place_id.display_name or "",
            ]

    @staticmethod
    def _total_rows(totals):
        _ = request.env._
        return [
            [_("Transactions"), totals.count],
            [_("Confirmed purchases: paid by the card"), totals.paid],
            [_("Confirmed refunds"), -totals.refunds],
            [_("To be reimbursed"), totals.net],
            [_("Confirmed purchases: paid by the citizens"), totals.own_share],
            [_("Not confirmed yet"), totals.held],
        ]
