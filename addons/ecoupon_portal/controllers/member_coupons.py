"""A member's coupons: issued, handed out, accepted; who owes whom, live (R-000-26, R-000-27)."""

import hashlib
from datetime import timedelta
from urllib.parse import urlencode

from odoo import http
from odoo.http import content_disposition, request

from odoo.addons.merchant_circuit.controllers.merchant import MerchantPages
from odoo.addons.merchant_circuit.rules import chart
from odoo.addons.merchant_circuit.rules.merchant_filter import PERIODS, Filter, arguments, bounds, parse, step
from odoo.addons.stored_value.tools import to_decimal, write_csv, write_xlsx

LATEST = 30
EXPORT_MAX = 20_000
CHART_DAYS = 100
WRITERS = {
    "csv": (write_csv, "text/csv; charset=utf-8"),
    "xlsx": (write_xlsx, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
}


class MemberCoupons(MerchantPages):
    @http.route("/merchant/coupons", type="http", auth="user", methods=["GET"], website=True, sitemap=False)
    def member_coupons(self, **params):
        """Figures of the chosen days, by campaign, and what was spent last.

        :param params: period (day, week, month, quarter) with on, or from and to; category, place
        """
        html, digest, values = self._coupons_live(params)
        return self._render("ecoupon_portal.member_coupons", values | {"live": html, "digest": digest})

    @http.route(
        "/merchant/coupons/live", type="http", auth="user", methods=["GET"], website=True, sitemap=False, readonly=True
    )
    def member_coupons_live(self, **params):
        """The same figures for the open page; nothing when nothing changed.

        :param str digest: what the page shows
        :return: JSON: digest, html, status to be read aloud
        """
        html, digest, _values = self._coupons_live(params)
        answer = {"digest": digest}
        if params.get("digest") != digest:
            answer |= {
                "html": html,
                "status": request.env._("A coupon was spent: the figures were brought up to date."),
            }
        return request.make_json_response(answer, headers=[("Cache-Control", "no-store")])

    @http.route(
        "/merchant/coupons.<string:extension>", type="http", auth="user", methods=["GET"], website=True, sitemap=False
    )
    def member_coupons_download(self, extension, **params):
        """The coupons spent in the chosen days as a file.

        :param str extension: csv or xlsx
        :raise NotFound: another kind of file
        """
        if extension not in WRITERS:
            raise request.not_found()
        merchant = self._merchant()
        chosen, narrowed = self._coupons_choice(merchant, params)
        noted = merchant._coupon_redemptions(narrowed, EXPORT_MAX + 1)
        if len(noted) > EXPORT_MAX:
            return self._render("ecoupon_portal.member_too_many", {"most": EXPORT_MAX})
        write, mimetype = WRITERS[extension]
        name = f"{request.env._('coupons')}-{chosen.first}-{chosen.last}.{extension}"
        return request.make_response(
            write(self._coupons_titles(), self._coupons_rows(merchant, noted)),
            headers=[
                ("Content-Type", mimetype),
                ("Content-Disposition", content_disposition(name)),
                ("Cache-Control", "no-store"),
            ],
        )

    # ------------------------------------------------------------------ parts

    def _coupons_choice(self, merchant, params):
        """Days, category and place that were asked for; a category or place of somebody else counts as none.

        :return: (Filter, dict as res.partner._coupon_figures takes it)
        """
        today = self._today(self._tz(merchant))
        chosen = parse({"period": "month", **params, "q": ""}, today)
        categories = merchant.agreement_ids.category_id.ids
        places = merchant.place_ids.ids

        def one_of(name, known):
            text = str(params.get(name) or "")
            return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 and int(text) in known else 0

        issued = request.env["ecoupon.redemption"].sudo()  # sudo: categories of the member's own coupons
        categories += [
            category.id for (category,) in issued._read_group([("issuer_id", "=", merchant.id)], ["category_id"])
        ]
        campaigns = request.env["ecoupon.campaign"].sudo()  # sudo: whose coupons the member hands out
        handed = campaigns.search([("distributor_ids", "in", merchant.agreement_ids.ids)])
        categories += handed.issuer_agreement_id.category_id.ids
        narrowed = {
            "first": chosen.first,
            "last": chosen.last,
            "category": one_of("category", categories),
            "place": one_of("place", places),
        }
        return chosen, narrowed | {"categories": sorted(set(categories))}

    def _coupons_live(self, params):
        """Figures as HTML, their digest, and what the rest of the page needs."""
        merchant = self._merchant()
        chosen, narrowed = self._coupons_choice(merchant, params)
        campaigns = request.env[
            "ecoupon.campaign"
        ].sudo()  # sudo: names of the member's own campaigns, and those it met
        sides = {side: merchant._coupon_rows(side, narrowed) for side in ("issued", "accepted", "handed")}
        totals = {side: rows[0][1] for side, rows in sides.items()}
        by_campaign = [(campaigns.browse(row), sums) for row, sums in sides["issued"] if row]
        values = {
            "totals": totals,
            "by_campaign": by_campaign,
            "sponsored": merchant._coupon_sponsored(narrowed),
            **self._coupons_chart(merchant, narrowed),
            "latest": merchant._coupon_redemptions(narrowed, LATEST),
            "member": merchant,
            "money": self._money(self._currency(merchant)),
            "currency": self._currency(merchant),
        }
        html = request.env["ir.qweb"]._render("ecoupon_portal.member_coupons_live", values)
        kept = {name: narrowed[name] for name in ("category", "place") if narrowed[name]}
        query = arguments(chosen) | kept
        rest = {
            "chosen": chosen,
            "narrowed": narrowed,
            "periods": self._coupons_periods(chosen, merchant, kept),
            "earlier": self._coupons_address(step(chosen, -1), kept),
            "later": chosen.last
            and chosen.last < self._today(self._tz(merchant))
            and self._coupons_address(step(chosen, 1), kept),
            "places": merchant.place_ids,
            "categories": request.env["circuit.category"].sudo().browse(narrowed["categories"]),  # sudo: names
            "query": urlencode(query),
        }
        return html, hashlib.sha256(html.encode()).hexdigest()[:16], rest

    @staticmethod
    def _coupons_chart(merchant, narrowed):
        """Bars of what the member is owed (up) and owes (down), day by day; none for a single or an open period.

        What was reversed on a later day counts on the other side of that day.

        :return: dict of what the template draws
        """
        first, last = narrowed["first"], narrowed["last"]
        days = (last - first).days + 1 if first and last else 0
        found = merchant._coupon_days(narrowed) if 1 < days <= CHART_DAYS else {}
        if not found:
            return {"chart": None}
        series = [(day, found.get(day, (0, 0))) for day in (first + timedelta(days=n) for n in range(days))]
        bars = [(max(owed, 0) + max(-owing, 0), max(owing, 0) + max(-owed, 0)) for _day, (owed, owing) in series]
        return {"chart": chart.draw(bars), "series": series, "form": "d MMM", "every": max(1, days // 5)}

    @staticmethod
    def _coupons_address(chosen, kept):
        return f"/merchant/coupons?{urlencode(arguments(chosen) | kept)}" if chosen else None

    def _coupons_periods(self, chosen, merchant, kept):
        """Buttons of the periods: (code, label, address)."""
        _ = request.env._
        labels = {"day": _("Day"), "week": _("Week"), "month": _("Month"), "quarter": _("Quarter")}
        today = self._today(self._tz(merchant))
        day = chosen.first if chosen.first and not chosen.first <= today <= chosen.last else today
        return [(code, labels[code], self._coupons_address(Filter(code, *bounds(code, day)), kept)) for code in PERIODS]

    @staticmethod
    def _coupons_titles():
        _ = request.env._
        return [
            _("Date"),
            _("Operation"),
            _("Campaign"),
            _("Issuer"),
            _("Spent at"),
            _("Place"),
            _("Purchase"),
            _("Discount"),
            _("Is owed"),
            _("Owes"),
            _("Commission"),
            _("Sponsor's share"),
        ]

    @staticmethod
    def _coupons_rows(merchant, noted):
        """Rows of a download: what concerns this member only (R-000-27).

        :return: iterator of lists
        """
        for row in noted:
            mine = row.issuer_id == merchant
            accepted = row.acceptor_id == merchant
            yield [
                row.transaction_id._local_time(row.circuit_id.tz),
                row.transaction_id.reference,
                row.campaign_id.name,
                row.issuer_id._shop_label(),
                row.acceptor_id._shop_label(),
                row.place_id.name or "",
                to_decimal(row.purchase) if accepted else None,
                to_decimal(row.discount),
                to_decimal(row.owed) if accepted and not mine else None,
                to_decimal(row.owed) if mine and not accepted else None,
                to_decimal(row.commission) if mine else None,
                to_decimal(row.sponsor_amount) if mine or row.sponsor_id == merchant else None,
            ]
