from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from odoo import http
from odoo.http import request

PAGE = 50
PERIODS = ("day", "week", "month")


class MerchantPages(http.Controller):
    """The merchant's own pages: default deny, keyed on the user's merchant."""

    @http.route(["/merchant", "/merchant/page/<int:page>"], type="http", auth="user", website=True)
    def transactions(self, page=1, period="day", **_kwargs):
        """List of the merchant's own transactions with their total (R-001-17).

        :param int page: page of the list, from 1
        :param str period: day, week (the last seven days) or month; anything else means day
        """
        merchant = request.env.user.merchant_id
        if not merchant:
            return request.not_found()
        period = period if period in PERIODS else "day"
        # sudo: merchants have no right on the model; the domain is the whole of what they may see
        transactions = request.env["circuit.transaction"].sudo()
        domain = [
            ("merchant_id", "=", merchant.id),
            ("authorized_at", ">=", self._period_start(period)),
            ("state", "in", ("authorized", "captured")),
        ]
        totals = {
            (kind, state): amount
            for kind, state, amount in transactions._read_group(domain, ["kind", "state"], ["amount:sum"])
        }
        count = transactions.search_count(domain)
        pages = max(1, -(-count // PAGE))
        page = min(max(page, 1), pages)
        return request.render(
            "merchant_circuit.merchant_page",
            {
                # sudo: the merchant's own partner, for its name
                "merchant": merchant.sudo(),
                "transactions": transactions.search(domain, limit=PAGE, offset=(page - 1) * PAGE),
                "captured": totals.get(("payment", "captured"), 0) - totals.get(("refund", "captured"), 0),
                "count": count,
                "period": period,
                "page_number": page,
                "pages": pages,
                "currency": request.env.company.currency_id,
                "till_url": self._till_url(merchant),
            },
        )

    def _period_start(self, period):
        """First instant of a period in the user's time zone.

        :param str period: day, week or month
        :return: naive UTC datetime
        """
        zone = ZoneInfo(request.env.user.tz or "Europe/Rome")
        today = datetime.now(zone).date()
        first = {"day": today, "week": today - timedelta(days=6), "month": today.replace(day=1)}[period]
        return datetime.combine(first, time.min, zone).astimezone(UTC).replace(tzinfo=None)

    def _till_url(self, merchant):
        """Address of the merchant's till, where an addon provides one.

        :param merchant: res.partner
        :return: str or None
        """
        return None
