from odoo import api, fields, models

from odoo.addons.merchant_circuit.rules import directory


class EcouponCampaign(models.Model):
    """Which campaigns the citizens' pages show (R-000-05, R-000-11, R-000-12). Called with the rights of the system:
    citizens and visitors read no model."""

    _inherit = "ecoupon.campaign"

    point_ids = fields.Many2many(
        "circuit.place",
        string="Places on the map",
        compute="_compute_point_ids",
        help="Its own places, else those of the issuer and of the shops that are listed.",
    )

    @api.model
    def _shown(self, at):
        """Domain of the campaigns that are on offer at an instant, for whomever.

        :param datetime at: naive UTC
        :return: list
        """
        return [
            ("state", "=", "published"),
            ("valid_to", ">", at),
            ("obtain", "!=", "printed"),
            "|",
            ("publish_from", "=", False),
            ("publish_from", "<=", at),
            "|",
            ("publish_to", "=", False),
            ("publish_to", ">", at),
        ]

    @api.model
    def _catalogue(self, at, campaign_id=None):
        """The public area: campaigns for everybody, featured ones first (R-000-11, R-000-34).

        :param datetime at: naive UTC
        :param int campaign_id: from an address: this one only
        :return: ecoupon.campaign
        """
        if campaign_id is not None and campaign_id >= 2**31:
            return self.browse()
        one = [] if campaign_id is None else [("id", "=", campaign_id)]
        return self.search([*self._shown(at), ("area", "=", "public"), ("policy_ids", "=", False), *one])

    @api.model
    def _reserved(self, circuit, partner, at):
        """The extra discounts of a circuit for one entitled citizen; the caller has checked the access (R-000-12).

        :param circuit: circuit.circuit
        :param partner: res.partner
        :param datetime at: naive UTC
        :return: ecoupon.campaign
        """
        domain = [*self._shown(at), ("circuit_id", "=", circuit.id), "|", ("area", "=", "reserved")]
        campaigns = self.search([*domain, ("policy_ids", "!=", False)])
        day = circuit._local_day(at)
        held = {
            policies: self.env["ecoupon.entitlement"]._holds(partner, circuit, day, policies)
            for policies in {campaign.policy_ids for campaign in campaigns}
        }
        return campaigns.filtered(lambda campaign: held[campaign.policy_ids])

    def _find(self, query="", category=None, province=None):
        """Those of these campaigns that a visitor looks for.

        :param str query: words of name, text, issuer, goods or place
        :param category: circuit.activity of the goods, None for all
        :param province: res.country.state, None for all; coupons of web shops are spent everywhere
        :return: ecoupon.campaign, in the same order
        """
        return self.filtered(
            lambda campaign: (
                (not category or category in campaign._goods())
                and (not province or campaign._is_in(province))
                and directory.matches(query, campaign._texts())
            )
        )

    def _goods(self):
        """Goods the coupon counts on; where all count, what its issuer sells; nothing of no campaign.

        :return: circuit.activity
        """
        return self.goods_ids or self.issuer_agreement_id.activity_id

    def _points(self):
        """Places shown with the campaign and on the map; none of no campaign.

        :return: circuit.place
        """
        return self.point_ids

    @api.depends("place_ids", "issuer_id", "accept", "accept_merchant_ids")
    def _compute_point_ids(self):
        """For a whole catalogue at once."""
        none = self.env["circuit.place"]
        shops = {
            campaign: campaign.issuer_id | campaign.accept_merchant_ids
            if campaign.accept == "listed"
            else campaign.issuer_id
            for campaign in self
        }
        places = none.search([("merchant_id", "in", list({shop.id for named in shops.values() for shop in named}))])
        of_shop = places.grouped("merchant_id")
        order = {place.id: number for number, place in enumerate(places)}
        for campaign, named in shops.items():
            found = none.concat(*(of_shop[shop] for shop in named if shop in of_shop))
            campaign.point_ids = campaign.place_ids or found.sorted(lambda place: order[place.id])

    def _is_in(self, province):
        points = self._points()
        if not points:
            return self.issuer_id.state_id == province
        return any(place.kind == "online" or place.state_id == province for place in points)

    def _texts(self):
        self.ensure_one()
        points = self._points()
        return [
            self.name,
            self.description,
            self.issuer_id._shop_label(),
            *self._goods().mapped("name"),
            *points.mapped("name"),
            *points.mapped("city"),
            *points.state_id.mapped("name"),
        ]

    def _left(self):
        """How many coupons can still be had.

        :return: int, or None: as many as are wanted
        """
        self.ensure_one()
        if not self.quantity:
            return None
        coupons = self.env["ecoupon.coupon"]
        had = coupons.search_count([("campaign_id", "=", self.id), ("cancelled_at", "=", False)])
        return max(0, self.quantity - had)

    def _held_by(self, partner):
        """Coupons of this campaign in a citizen's list.

        :param partner: res.partner
        :return: ecoupon.coupon, newest first
        """
        self.ensure_one()
        domain = [("campaign_id", "=", self.id), ("holder_id", "=", partner.id), ("cancelled_at", "=", False)]
        return self.env["ecoupon.coupon"].search(domain)

    def _hindrance(self, at, mine=0):
        """Why nobody, or this citizen, can have a coupon now.

        :param datetime at: naive UTC
        :param int mine: coupons of this campaign in the citizen's list
        :return: sentence; empty: there is none
        """
        self.ensure_one()
        if self.circuit_id.state == "stopped":
            return self.env._("The circuit is stopped for now: no coupon can be taken or spent until further notice.")
        if self.state != "published" or self.valid_to <= at or (self.publish_to and self.publish_to <= at):
            return self.env._("This campaign has ended: no coupon is given any more.")
        if self.publish_from and self.publish_from > at:
            return self.env._("This campaign has not begun yet.")
        if self._left() == 0:
            return self.env._("All coupons of this campaign are taken.")
        if self.per_person and mine >= self.per_person:
            if self.per_person == 1:
                return self.env._("You have this coupon already: it is in your list.")
            return self.env._("You have %s of these coupons already: nobody gets more.", mine)
        return ""

    def action_catalogue(self):
        """Button: the campaign as the citizens see it."""
        self.ensure_one()
        return {"type": "ir.actions.act_url", "url": self._public_path(), "target": "new"}

    def _public_path(self):
        """Address of the campaign's page, relative to the site.

        :return: str
        """
        self.ensure_one()
        if self._is_reserved():
            return f"/my/reserved/{self.circuit_id.id}/coupons/{self.id}"
        return f"/coupons/{self.id}"

    @api.model
    def _now(self):
        """The instant of a page: one for all it shows."""
        return fields.Datetime.now()
