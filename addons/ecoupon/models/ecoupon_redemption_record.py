from datetime import UTC
from decimal import Decimal
from zoneinfo import ZoneInfo

from odoo import api, models
from odoo.tools import SQL

from odoo.addons.stored_value.tools import to_decimal

from ..rules import commission


class EcouponRedemption(models.Model):
    """Writing down who owes whom, in the database transaction of the sale itself."""

    _inherit = "ecoupon.redemption"

    @api.model
    def _record(self, transactions):
        """Note what captured uses of coupons and their reversals mean between the members (R-000-20, R-000-21,
        R-000-23, R-000-25). What was noted before is left.

        :param transactions: circuit.transaction of coupons, captured in this database transaction
        :return: ecoupon.redemption, those noted now
        """
        self.env.flush_all()
        noted = self.browse()
        for row in self.env.execute_query_dict(self._facts(transactions.ids)):
            # a payment and its reversal may be captured together: each sees the one before
            terms, kept = self._so_far(row)
            amounts = self._amounts(row, terms, kept)
            noted |= self._note(row, terms, amounts)
        noted._announce()
        return noted

    @api.model
    def _facts(self, ids):
        """What the database knows of transactions that are not noted yet.

        :param list ids: circuit.transaction
        :return: SQL
        """
        return SQL(
            """
            SELECT t.id, t.kind, t.origin_id, t.amount::text AS amount, t.purchase_total::text AS purchase,
                   t.captured_at AS at, t.funder_id, t.merchant_id, t.place_id, t.category_id, t.company_id,
                   t.currency_id, c.id AS coupon_id, c.distributor_id, m.id AS campaign_id, m.circuit_id, m.issuer_id,
                   m.sponsor_id, coalesce(m.sponsor_share, 0)::text AS share, m.area, k.tz
              FROM circuit_transaction t
              JOIN ecoupon_coupon c ON c.id = t.instrument_id AND t.instrument_model = 'ecoupon.coupon'
              JOIN ecoupon_campaign m ON m.id = c.campaign_id
              JOIN circuit_circuit k ON k.id = m.circuit_id
             WHERE t.id = ANY(%s) AND t.state = 'captured'
               AND NOT EXISTS (SELECT 1 FROM ecoupon_redemption r WHERE r.transaction_id = t.id)
             ORDER BY t.id
            """,
            ids,
        )

    @api.model
    def _so_far(self, row):
        """Terms of a use, and what stands of it before this transaction.

        :param dict row: as of :meth:`_facts`
        :return: (ecoupon.commission, Kept); of a new use: the terms of its day and nothing
        """
        if row["kind"] == "payment":
            day = row["at"].replace(tzinfo=UTC).astimezone(ZoneInfo(row["tz"])).date()
            # sudo: tills read no terms
            terms = self.env["ecoupon.commission"].sudo()
            return terms.search([("circuit_id", "=", row["circuit_id"]), ("date_from", "<=", day)], limit=1), None
        # of two parts that come back at once the second one is tried again, and sees the first
        self.env.cr.execute(
            SQL("UPDATE ecoupon_redemption SET write_date = write_date WHERE transaction_id = %s", row["origin_id"])
        )
        [(terms, *sums)] = self.env.execute_query(
            SQL(
                """
                SELECT min(o.commission_terms_id), sum(r.discount)::text, sum(r.purchase)::text, sum(r.commission)::text,
                       sum(r.sponsor_amount)::text
                  FROM ecoupon_redemption o JOIN ecoupon_redemption r ON r.id = o.id OR r.origin_id = o.id
                 WHERE o.transaction_id = %s
                """,
                row["origin_id"],
            )
        )
        # sudo: as above
        return self.env["ecoupon.commission"].sudo().browse(terms or []), commission.Kept(*map(Decimal, sums))

    @api.model
    def _amounts(self, row, terms, kept):
        """What a transaction changes.

        :return: Kept, negative for a reversal
        """
        rule = terms._rule() if terms else None
        amount, share = Decimal(row["amount"]), Decimal(row["share"])
        if kept is None:
            return commission.spent(rule, amount, Decimal(row["purchase"]), share)
        return commission.reversal(rule, kept, amount, share)

    @api.model
    def _note(self, row, terms, amounts):
        """Write one redemption.

        :return: ecoupon.redemption
        """
        origin = self.sudo().search([("transaction_id", "=", row["origin_id"])]) if row["origin_id"] else self
        # sudo: written by the sale alone
        return self.sudo().create(
            {
                "transaction_id": row["id"],
                "origin_id": origin.id,
                "kind": row["kind"],
                "at": row["at"],
                "day": row["at"].replace(tzinfo=UTC).astimezone(ZoneInfo(row["tz"])).date(),
                "circuit_id": row["circuit_id"],
                "company_id": row["company_id"],
                "currency_id": row["currency_id"],
                "campaign_id": row["campaign_id"],
                "coupon_id": row["coupon_id"],
                "issuer_id": row["issuer_id"],
                "acceptor_id": row["merchant_id"],
                "distributor_id": row["distributor_id"],
                "sponsor_id": row["sponsor_id"],
                "place_id": row["place_id"],
                "category_id": row["category_id"],
                "area": row["area"],
                "purchase": float(amounts.purchase),
                "discount": float(amounts.discount),
                "owed": float(amounts.discount) if row["funder_id"] else 0,
                "sponsor_amount": float(amounts.sponsor),
                "commission": float(amounts.commission),
                "commission_terms_id": terms.id,
            }
        )

    def _announce(self):
        """Tell the members' open pages that something moved; no figures, for a page asks for its own (R-000-26)."""
        members = self.issuer_id | self.acceptor_id | self.distributor_id | self.sponsor_id
        # sudo: a till's user may not read the users of other members
        users = self.env["res.users"].sudo().search([("merchant_id", "in", members.ids)])
        for partner in users.partner_id:
            partner._bus_send("ecoupon/redemption", {})


class EcouponCommission(models.Model):
    _inherit = "ecoupon.commission"

    def _rule(self):
        """These terms for the rules.

        :return: rules.commission.Terms
        """
        self.ensure_one()
        return commission.Terms(
            bool(self.enabled),
            self.base,
            Decimal(f"{self.rate:.4f}"),
            *(to_decimal(self[name] or 0) for name in ("fixed", "minimum", "maximum")),
        )
