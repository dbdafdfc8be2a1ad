from decimal import Decimal
from typing import NamedTuple

from odoo import models
from odoo.tools import SQL

#: Sides of a member, in the order in which they are shown.
SIDES = ("issued", "accepted", "handed")


class Figures(NamedTuple):
    """What happened on one side of a member: coupons and EUR."""

    made: int = 0
    taken: int = 0
    spent: int = 0
    expired: int = 0
    discount: Decimal = Decimal(0)
    owed: Decimal = Decimal(0)
    commission: Decimal = Decimal(0)


class ResPartner(models.Model):
    """A member's own situation, as it is now (R-000-26). Called with the rights of the system for the merchant that the
    server has established: nothing of another member is in it (R-000-27)."""

    _inherit = "res.partner"

    def _coupon_conditions(self, side, chosen):
        """What is counted of ``ecoupon.figure`` on one side.

        :param str side: issued, accepted or handed
        :param chosen: Filter with days, and category and place as ids or 0
        :return: SQL
        """
        parts = {
            "issued": [SQL("issuer_id = %s", self.id)],
            # where it was spent, and nothing of what others did with it
            "accepted": [SQL("member_id = %s", self.id), SQL("side = 'accepted'")],
            "handed": [SQL("member_id = %s", self.id), SQL("side = 'handed'")],
        }[side]
        if chosen["first"]:
            parts.append(SQL("day BETWEEN %s AND %s", chosen["first"], chosen["last"]))
        if chosen["category"]:
            parts.append(SQL("category_id = %s", chosen["category"]))
        if chosen["place"]:
            parts.append(SQL("place_id = %s", chosen["place"]))
        return SQL(" AND ").join(parts)

    def _coupon_figures(self, chosen):
        """Sums of the three sides of a member.

        :param dict chosen: first and last (local days), category and place (ids or 0)
        :return: dict of side to Figures
        """
        self.ensure_one()
        return {side: self._coupon_rows(side, chosen)[0][1] for side in SIDES}

    def _coupon_rows(self, side, chosen):
        """Sums of one side, all together and by campaign.

        :param str side: issued, accepted or handed
        :param dict chosen: as above
        :return: list of (id of the campaign or None for all, Figures); all first
        """
        self.env.flush_all()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT campaign_id, coalesce(sum(issued), 0), coalesce(sum(taken), 0), coalesce(sum(spent), 0),
                       coalesce(sum(expired), 0), coalesce(sum(discount), 0)::text, coalesce(sum(owed), 0)::text,
                       coalesce(sum(commission), 0)::text
                  FROM (%s) f WHERE %s GROUP BY GROUPING SETS ((), (campaign_id))
                 ORDER BY campaign_id NULLS FIRST
                """,
                self.env["ecoupon.figure"]._table_query,
                self._coupon_conditions(side, chosen),
            )
        )
        return [(row[0], Figures(*map(int, row[1:5]), *map(Decimal, row[5:]))) for row in rows]

    def _coupon_days(self, chosen):
        """What each day brought: owed to this member, and owed by it, the operator's commission included, what a
        sponsor pays taken off, and what it sponsors itself.

        :param dict chosen: as above
        :return: dict of local day to (Decimal, Decimal), without days on which nothing was spent or reversed
        """
        self.ensure_one()
        self.env.flush_all()
        mine, sponsored = SQL("issuer_id = %s", self.id), SQL("sponsor_id = %s", self.id)
        concerned = SQL("(%s OR %s OR acceptor_id = %s)", mine, sponsored, self.id)
        parts = [concerned, *self._coupon_narrowed(chosen)]
        rows = self.env.execute_query(
            SQL(
                """
                SELECT day, coalesce(sum(owed) FILTER (WHERE acceptor_id = %s), 0)::text,
                       (coalesce(sum(owed + commission - sponsor_amount) FILTER (WHERE %s), 0)
                        + coalesce(sum(sponsor_amount) FILTER (WHERE %s), 0))::text
                  FROM ecoupon_redemption WHERE %s GROUP BY day
                """,
                self.id,
                mine,
                sponsored,
                SQL(" AND ").join(parts),
            )
        )
        return {day: (Decimal(owed), Decimal(owing)) for day, owed, owing in rows}

    def _coupon_sponsored(self, chosen):
        """What sponsors pay of this member's coupons, and what this member pays as sponsor of others' (R-000-26).

        :param dict chosen: as above
        :return: (Decimal, Decimal)
        """
        self.ensure_one()
        self.env.flush_all()
        concerned = SQL("(issuer_id = %s OR sponsor_id = %s)", self.id, self.id)
        [(paid, pays)] = self.env.execute_query(
            SQL(
                """
                SELECT coalesce(sum(sponsor_amount) FILTER (WHERE issuer_id = %s), 0)::text,
                       coalesce(sum(sponsor_amount) FILTER (WHERE sponsor_id = %s), 0)::text
                  FROM ecoupon_redemption WHERE %s
                """,
                self.id,
                self.id,
                SQL(" AND ").join([concerned, *self._coupon_narrowed(chosen)]),
            )
        )
        return Decimal(paid), Decimal(pays)

    @staticmethod
    def _coupon_narrowed(chosen):
        """Conditions on the table of redemptions.

        :param dict chosen: as above
        :return: list of SQL
        """
        parts = [SQL("day BETWEEN %s AND %s", chosen["first"], chosen["last"])]
        if chosen["category"]:
            parts.append(SQL("category_id = %s", chosen["category"]))
        if chosen["place"]:
            parts.append(SQL("place_id = %s", chosen["place"]))
        return parts

    def _coupon_redemptions_domain(self, chosen):
        """Which redemptions concern this member: as issuer, as acceptor, as sponsor.

        :param dict chosen: as above
        :return: domain
        """
        domain = ["|", "|", *((f"{side}_id", "=", self.id) for side in ("issuer", "acceptor", "sponsor"))]
        if chosen["first"]:
            domain += [("day", ">=", chosen["first"]), ("day", "<=", chosen["last"])]
        if chosen["category"]:
            domain += [("category_id", "=", chosen["category"])]
        if chosen["place"]:
            domain += [("place_id", "=", chosen["place"])]
        return domain

    def _coupon_redemptions(self, chosen, limit=None):
        """Coupons of this member, at it, or sponsored by it, that were spent or reversed in some days, the newest first.

        :param dict chosen: as above
        :param int limit: at most so many
        :return: ecoupon.redemption
        """
        domain = self._coupon_redemptions_domain(chosen)
        return self.env["ecoupon.redemption"].search(domain, order="id desc", limit=limit)

    def _coupon_campaigns(self):
        """Campaigns this member issues, the newest first.

        :return: ecoupon.campaign
        """
        return self.env["ecoupon.campaign"].search([("issuer_id", "=", self.id)], order="id desc")

    def _coupon_desk(self):
        """Campaigns whose coupons this member hands out now.

        :return: list of (ecoupon.campaign, circuit.agreement)
        """
        agreements = self.agreement_ids.filtered(lambda agreement: agreement._acts("distribute"))
        campaigns = self.env["ecoupon.campaign"].search(
            [("distributor_ids", "in", agreements.ids), ("obtain", "=", "earned"), ("state", "=", "published")]
        )
        return [(campaign, (campaign.distributor_ids & agreements)[:1]) for campaign in campaigns]
