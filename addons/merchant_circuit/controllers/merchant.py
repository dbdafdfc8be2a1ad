"""The merchant's own pages: default deny, keyed on the user's merchant."""

from datetime import UTC, date, datetime, time, timedelta
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from odoo import http
from odoo.http import content_disposition, request

from odoo.addons.stored_value.tools import to_decimal, write_csv, write_xlsx

PAGE = 50
PERIODS = ("day", "week", "month")
KINDS = ("payment", "refund")
#: A download is a list for a person, not a dump: more than this is asked for in parts.
EXPORT_MAX = 20_000


def as_day(text):
    """A day out of an address or a form.

    :param str text: "2024-04-30"
    :return: date, or None for anything else
    """
    try:
        day = date.fromisoformat(str(text or ""))
    except ValueError:
        return None
    return day if 1990 <= day.year <= 2199 else None


class MerchantPages(http.Controller):
    @http.route(["/merchant", "/merchant/page/<int:page>"], type="http", auth="user", website=True, sitemap=False)
    def transactions(self, page=1, **search):
        """The merchant's own transactions with their totals (R-001-17, R-004-95).

        :param int page: page of the list, from 1
        :param search: period (day, week or month), or from and to (days); kind (payment or refund)
        """
        merchant = self._merchant()
        chosen = self._chosen(search)
        domain = self._domain(merchant, chosen)
        # sudo: merchants have no right on the model; the domain is the whole of what they may see
        transactions = request.env["circuit.transaction"].sudo()
        totals = {
            (kind, state): amount
            for kind, state, amount in transactions._read_group(domain, ["kind", "state"], ["amount:sum"])
        }
        count = transactions.search_count(domain)
        pages = max(1, -(-count // PAGE))
        page = min(max(page, 1), pages)
        return self._render(
            "merchant_circuit.merchant_page",
            {
                "transactions": transactions.search(domain, limit=PAGE, offset=(page - 1) * PAGE),
                "captured": totals.get(("payment", "captured"), 0) - totals.get(("refund", "captured"), 0),
                "days": self._by_day(transactions, domain),
                "count": count,
                "chosen": chosen,
                "query": self._query(chosen),
                "page_number": page,
                "pages": pages,
                "currency": request.env.company.currency_id,
            },
        )

    @http.route("/merchant/transactions.<string:extension>", type="http", auth="user", website=True, sitemap=False)
    def download(self, extension, **search):
        """The same transactions as a file (R-004-95); cells that look like formulas are made harmless.

        :param str extension: csv or xlsx
        :param search: as for the page
        """
        writers = {
            "csv": (write_csv, "text/csv; charset=utf-8"),
            "xlsx": (write_xlsx, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        }
        if extension not in writers:
            raise request.not_found()
        merchant = self._merchant()
        chosen = self._chosen(search)
        # sudo: as in transactions
        records = request.env["circuit.transaction"].sudo().search(self._domain(merchant, chosen), limit=EXPORT_MAX)
        write, mimetype = writers[extension]
        filename = request.env._("transactions %(start)s %(end)s", start=chosen["from"], end=chosen["to"])
        return request.make_response(
            write(*self._rows(records)),
            headers=[
                ("Content-Type", mimetype),
                ("Content-Disposition", content_disposition(f"{filename.replace(' ', '-')}.{extension}")),
            ],
        )

    @http.route("/merchant/help", type="http", auth="user", website=True, sitemap=False)
    def help(self, **_kwargs):
        """Instructions for shopkeepers and the window sticker (R-004-92)."""
        return self._render("merchant_circuit.merchant_help", {})

    @http.route("/merchant/sticker/<int:agreement_id>", type="http", auth="user", website=True, sitemap=False)
    def sticker(self, agreement_id, **_kwargs):
        """The shop's window sticker, to be printed (R-004-92).

        :raise NotFound: another merchant's agreement, or none in force
        """
        agreement = self._agreements(self._merchant()).filtered(lambda line: line.id == agreement_id)
        if not agreement:
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
                "till_url": self._till_url(merchant),
                "help_links": self._help_links(merchant),
                **values,
            },
        )

    @staticmethod
    def _agreements(merchant):
        """Agreements in force of a merchant."""
        return merchant.agreement_ids.filtered(lambda agreement: agreement.state == "active")

    def _chosen(self, search):
        """What the visitor asked to see; anything strange becomes today.

        :param dict search: arguments of the address
        :return: dict of period, kind, from and to (local days, from ≤ to)
        """
        zone = self._zone()
        today = datetime.now(zone).date()
        kind = search.get("kind") if search.get("kind") in KINDS else ""
        first, last = as_day(search.get("from")), as_day(search.get("to"))
        if first or last:
            first, last = sorted((first or last, last or first))
            return {"period": "", "kind": kind, "from": first, "to": last}
        period = search.get("period") if search.get("period") in PERIODS else "day"
        first = {"day": today, "week": today - timedelta(days=6), "month": today.replace(day=1)}[period]
        return {"period": period, "kind": kind, "from": first, "to": today}

    @staticmethod
    def _query(chosen):
        """The same choice as part of an address.

        :param dict chosen: answer of :meth:`_chosen`
        :return: str
        """
        if chosen["period"]:
            return urlencode({"period": chosen["period"], "kind": chosen["kind"]})
        return urlencode({"from": chosen["from"], "to": chosen["to"], "kind": chosen["kind"]})

    def _domain(self, merchant, chosen):
        zone = self._zone()

        def midnight(day):
            return datetime.combine(day, time.min, zone).astimezone(UTC).replace(tzinfo=None)

        domain = [
            ("merchant_id", "=", merchant.id),
            ("authorized_at", ">=", midnight(chosen["from"])),
            ("authorized_at", "<", midnight(chosen["to"] + timedelta(days=1))),
            ("state", "in", ("authorized", "captured")),
        ]
        return [*domain, ("kind", "=", chosen["kind"])] if chosen["kind"] else domain

    def _by_day(self, transactions, domain):
        """Captured amount of each local day, the latest first.

        :return: list of (date, number of transactions, amount)
        """
        zone = self._zone()
        groups = transactions.with_context(tz=zone.key)._read_group(
            [*domain, ("state", "=", "captured")], ["authorized_at:day", "kind"], ["__count", "amount:sum"]
        )
        days = {}
        for day, kind, count, amount in groups:
            number, total = days.get(day.date(), (0, 0))
            days[day.date()] = (number + count, total + (amount if kind == "payment" else -amount))
        return [(day, *days[day]) for day in sorted(days, reverse=True)]

    def _rows(self, records):
        """Headers and rows of a download; amounts are exact decimals, refunds negative.

        :return: (list of str, list of lists)
        """
        env, zone = request.env, self._zone()
        fields = records._fields
        kinds = dict(fields["kind"]._description_selection(env))
        states = dict(fields["state"]._description_selection(env))
        headers = [
            env._("Date"),
            env._("Operation"),
            env._("Kind"),
            env._("State"),
            env._("Macro-category"),
            env._("Holder"),
            env._("Purchase"),
            env._("Paid by the card"),
        ]
        rows = []
        for line in records:
            sign = -1 if line.kind == "refund" else 1
            rows.append(
                [
                    line.authorized_at.replace(tzinfo=UTC).astimezone(zone).replace(tzinfo=None),
                    line.reference,
                    kinds[line.kind],
                    states[line.state],
                    line.category_id.code or "",
                    line.holder_mask or "",
                    to_decimal(line.purchase_total),
                    sign * to_decimal(line.amount),
                ]
            )
        return headers, rows

    @staticmethod
    def _zone():
        return ZoneInfo(request.env.user.tz or "Europe/Rome")

    def _till_url(self, merchant):
        """Address of the merchant's till, where an addon provides one.

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
