from datetime import UTC, datetime, time, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL

from ..rules.figures import Cell


class CircuitTransaction(models.Model):
    """What the merchant's own pages ask (R-001-17, R-004-95)."""

    _inherit = "circuit.transaction"

    @api.model
    def _merchant_domain(self, merchant, chosen, tz):
        """Transactions of one merchant that fit a choice. What never moved anything, the mark of a void that came
        before its payment, is not shown.

        :param merchant: res.partner, established by the server
        :param chosen: rules.merchant_filter.Filter
        :param str tz: IANA name of the zone whose days are meant
        :return: Domain
        """
        domain = Domain("merchant_id", "=", merchant.id) & Domain("amount", ">", 0)
        if chosen.first:
            domain &= Domain("authorized_at", ">=", self._midnight(chosen.first, tz))
            domain &= Domain("authorized_at", "<", self._midnight(chosen.last + timedelta(days=1), tz))
        if chosen.kind:
            domain &= Domain("kind", "=", chosen.kind)
        if chosen.state == "refunded":
            domain &= Domain("refund_ids", "any", [("state", "=", "captured")])
        elif chosen.state:
            domain &= Domain("state", "=", chosen.state)
        if chosen.query:
            wanted = Domain("reference", "=", chosen.query) | Domain("order_ref", "=", chosen.query)
            if chosen.query.isascii() and chosen.query.isdecimal():
                wanted |= Domain("reference", "=", chosen.query.zfill(6))
            # the tills' order numbers are long: their end is what people type
            wanted |= Domain("order_ref", "=ilike", "%" + self._like(chosen.query))
            domain &= wanted
        return domain

    @api.model
    def _merchant_cells(self, domain, tz):
        """Sums of what fits a domain, by local day, kind and state, in one query.

        :param domain: Domain of circuit.transaction
        :param str tz: IANA name of the zone whose days are meant
        :return: list of rules.figures.Cell
        """
        query = self._search(domain)
        rows = self.env.execute_query(
            SQL(
                "SELECT (authorized_at AT TIME ZONE 'UTC' AT TIME ZONE %(tz)s)::date AS day, kind, state, count(*),"
                " sum(amount)::text, sum(purchase_total)::text FROM %(table)s WHERE %(where)s GROUP BY 1, 2, 3",
                tz=tz,
                table=query.from_clause,
                where=query.where_clause or SQL("TRUE"),
            )
        )
        return [
            Cell(day, kind, state, count, Decimal(amount), Decimal(purchase or 0))
            for day, kind, state, count, amount, purchase in rows
        ]

    @api.model
    def _midnight(self, day, tz):
        """The instant a local day begins.

        :return: naive UTC datetime
        """
        return datetime.combine(day, time.min, ZoneInfo(tz)).astimezone(UTC).replace(tzinfo=None)

    @api.model
    def _like(self, text):
        """A text in which the signs of LIKE mean themselves."""
        return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")

    def _local_time(self, tz):
        """When it happened, as the shop's clock showed it.

        :param str tz: IANA name
        :return: naive datetime
        """
        self.ensure_one()
        return self.authorized_at.replace(tzinfo=UTC).astimezone(ZoneInfo(tz)).replace(tzinfo=None)
