"""The public catalogue of coupons, without login (R-000-11)."""

import re
from urllib.parse import urlencode
from uuid import uuid4

from lxml import etree

from odoo import http
from odoo.exceptions import UserError
from odoo.http import request

QUERY_MAX = 80
#: Campaigns on a page; "near me" asks for all of them.
PAGE = 48
ALL = 1000
#: The key of a form.
REQUEST = re.compile(r"[0-9a-f]{32}")


def campaigns():
    """Campaigns with the rights of the system: visitors read no model; what is shown is chosen by the catalogue."""
    return request.env["ecoupon.campaign"].sudo()  # sudo: see above


def visitor():
    """The citizen who is logged in.

    :return: res.partner with the rights of the system, empty for a visitor
    """
    user = request.env.user
    partner = request.env["res.partner"] if user._is_public() else user.partner_id
    return partner.sudo()  # sudo: the citizen's own contact


def attempt(action):
    """Do something that may be refused, wholly or not at all. What takes locks commits what came before it, so that a
    savepoint would not last.

    :param action: function without arguments
    :return: (its answer, "") or (None, the sentence of the refusal)
    """
    try:
        return action(), ""
    except UserError as refusal:
        request.env.cr.rollback()
        request.env.invalidate_all(flush=False)
        return None, refusal.args[0]


def once(record, post):
    """The same record, so that a form which was sent twice makes one coupon.

    :param record: ecoupon.campaign
    :param dict post: fields of the form
    """
    key = str(post.get("request") or "")
    return record.with_context(ecoupon_request=key) if REQUEST.fullmatch(key) else record


class CouponCatalogue(http.Controller):
    @http.route(
        ["/coupons", "/coupons/page/<int:page>"],
        type="http",
        auth="public",
        methods=["GET"],
        website=True,
        sitemap=False,
    )
    def catalogue(self, page=1, **params):
        """Coupons by goods, place and words; works without JavaScript, only "near me" needs it (R-000-09, R-000-11).

        :param str q: words searched for
        :param str goods: code of an activity
        :param str province: id of a province
        :param str circuit: id of a circuit
        :param str all: not empty: all on one page
        """
        everything = campaigns()._catalogue(campaigns()._now())
        chosen, found = self._search(everything, params)
        size = ALL if params.get("all") else PAGE
        pages = max(1, -(-len(found) // size))
        page = min(max(page, 1), pages)
        values = {
            **chosen,
            "campaigns": [campaign._card() for campaign in found[(page - 1) * size : page * size]],
            "count": len(found),
            "total": len(everything),
            "page_number": page,
            "pages": pages,
            "arguments": urlencode(self._arguments(chosen)),
            "goods_choice": self._goods_choice(everything),
            "province_choice": everything.mapped(lambda campaign: campaign._points().state_id).sorted("name"),
            "circuit_choice": everything.circuit_id.sorted("name"),
            "stopped": everything.circuit_id.filtered(lambda circuit: circuit.state == "stopped"),
        }
        return request.render("ecoupon_portal.catalogue", values)

    @http.route("/coupons/<int:campaign_id>", type="http", auth="public", methods=["GET"], website=True, sitemap=False)
    def campaign(self, campaign_id, **_kwargs):
        """One campaign with its conditions (R-000-11, R-000-20).

        :raise NotFound: not in the public catalogue
        """
        campaign = self._public(campaign_id)
        agent = request.httprequest.headers.get("User-Agent", "")
        request.env["ecoupon.view"].sudo()._note(campaign, agent)  # sudo: a number is counted
        return self.page(campaign)

    @http.route(
        "/coupons/<int:campaign_id>/take", type="http", auth="user", methods=["POST"], website=True, sitemap=False
    )
    def take(self, campaign_id, **post):
        """One press takes the coupon (R-000-05, R-000-38).

        :return: the coupon's page, or the campaign's with the reason why not
        """
        campaign = self._public(campaign_id)
        refusal = request.env._("This coupon is not taken on the web.")
        if campaign.obtain == "taken":
            coupon, refusal = attempt(lambda: once(campaign, post)._take(visitor()))
            if coupon:
                return request.redirect(f"/my/coupons/{coupon.id}", code=303)
        return self.page(campaign, refusal)

    @http.route(
        "/coupons/<int:campaign_id>/picture", type="http", auth="public", methods=["GET"], sitemap=False, readonly=True
    )
    def picture(self, campaign_id, **_kwargs):
        """The campaign's picture, in the size of a list.

        :raise NotFound: none, or not in the public catalogue
        """
        campaign = self._public(campaign_id)
        return picture_of(campaign, {"Cache-Control": "public, max-age=3600"})

    @http.route("/coupons.geojson", type="http", auth="public", methods=["GET"], sitemap=False)
    def geojson(self, **params):
        """The same coupons as map data (GeoJSON), one point for each place, for the map of any site (R-000-11).

        :return: a FeatureCollection; campaigns without a known place have no geometry
        """
        _chosen, found = self._search(campaigns()._catalogue(campaigns()._now()), params)
        site = request.httprequest.url_root.rstrip("/")
        features = [feature for campaign in found for feature in self._features(campaign, site)]
        return request.make_json_response(
            {"type": "FeatureCollection", "features": features},
            headers=[
                ("Content-Type", "application/geo+json; charset=utf-8"),
                ("Access-Control-Allow-Origin", "*"),
                ("Cache-Control", "public, max-age=300"),
            ],
        )

    @http.route("/coupons.rss", type="http", auth="public", methods=["GET"], sitemap=False)
    def feed(self, **params):
        """The newest coupons as a feed (RSS 2.0), with the filters of the catalogue (R-000-34)."""
        _chosen, found = self._search(campaigns()._catalogue(campaigns()._now()), params)
        site = request.httprequest.url_root.rstrip("/")
        root = etree.Element("rss", version="2.0")
        channel = etree.SubElement(root, "channel")
        self._texts(
            channel,
            title=request.env._("Coupons"),
            link=f"{site}/coupons",
            description=request.env._("The newest coupons of the circuit"),
            language=(request.env.lang or "en").replace("_", "-").lower(),
        )
        for campaign in found.sorted(lambda one: one.publish_from or one.decided_at or one.create_date, reverse=True):
            card = campaign._card()
            begun = campaign.publish_from or campaign.decided_at or campaign.create_date
            sentences = [sentence for _question, lines in campaign._conditions() for sentence in lines]
            self._texts(
                etree.SubElement(channel, "item"),
                title=f"{card['worth']} – {card['name']} ({card['issuer']})",
                link=f"{site}{card['path']}",
                guid=f"{site}{card['path']}",
                description=" ".join(part for part in [campaign.description or "", *sentences] if part),
                pubDate=begun.strftime("%a, %d %b %Y %H:%M:%S +0000"),
            )
        return request.make_response(
            etree.tostring(root, xml_declaration=True, encoding="UTF-8"),
            headers=[("Content-Type", "application/rss+xml; charset=utf-8"), ("Cache-Control", "public, max-age=300")],
        )

    # ------------------------------------------------------------ presentation

    def page(self, campaign, refusal=""):
        """The campaign's page.

        :param campaign: ecoupon.campaign with the rights of the system
        :param str refusal: why the coupon could not be taken
        """
        partner = visitor()
        mine = campaign._held_by(partner) if partner else request.env["ecoupon.coupon"]
        values = {
            "campaign": campaign._details(),
            "hindrance": campaign._hindrance(campaign._now(), len(mine)),
            "mine": mine[:1],
            "refusal": refusal,
            "logged_in": bool(partner),
            "action": f"/coupons/{campaign.id}/take",
            "request_key": uuid4().hex,
            "picture": f"/coupons/{campaign.id}/picture",
        }
        return request.render("ecoupon_portal.campaign", values, status=409 if refusal else 200)

    def _public(self, campaign_id):
        campaign = campaigns()._catalogue(campaigns()._now(), campaign_id)
        if not campaign:
            raise request.not_found()
        return campaign

    def _search(self, everything, params):
        """What the visitor asked for.

        :param everything: ecoupon.campaign of the public catalogue
        :param dict params: arguments of the address
        :return: (dict query, goods, province, circuit; ecoupon.campaign)
        """
        query = str(params.get("q", ""))[:QUERY_MAX].replace("\x00", "").strip()
        code = str(params.get("goods", ""))
        goods = everything.mapped(lambda one: one._goods()).filtered(lambda one: one.code == code)[:1]
        provinces = everything.mapped(lambda one: one._points().state_id)
        province = provinces.filtered(lambda one: str(one.id) == params.get("province"))
        circuit = everything.circuit_id.filtered(lambda one: str(one.id) == params.get("circuit"))
        within = everything.filtered(lambda one: one.circuit_id == circuit) if circuit else everything
        chosen = {"query": query, "goods": goods, "province": province, "circuit": circuit}
        return chosen, within._find(query, goods, province)

    @staticmethod
    def _goods_choice(everything):
        return everything.mapped(lambda campaign: campaign._goods()).sorted("name")

    @staticmethod
    def _arguments(chosen):
        """The filters as the links to other pages carry them."""
        values = {
            "q": chosen["query"],
            "goods": chosen["goods"].code,
            "province": chosen["province"].id,
            "circuit": chosen["circuit"].id,
        }
        return {name: value for name, value in values.items() if value}

    @staticmethod
    def _features(campaign, site):
        card = campaign._card()
        properties = {
            "campaign": card["name"],
            "worth": card["worth"],
            "issuer": card["issuer"],
            "goods": card["goods"],
            "until": campaign.valid_to.isoformat() + "Z",
            "featured": card["featured"],
            "page": site + card["path"],
        }
        places = [campaign._place(place) for place in campaign._points()]
        points = [place for place in places if place["latitude"] is not None]
        return [
            {
                "type": "Feature",
                "id": f"{campaign.id}-{number}",
                "geometry": {"type": "Point", "coordinates": [place["longitude"], place["latitude"]]}
                if place
                else None,
                "properties": {
                    **properties,
                    "place": place and place["name"],
                    "address": place and place["address"],
                },
            }
            for number, place in enumerate(points or [None])
        ]

    @staticmethod
    def _texts(parent, **texts):
        for name, text in texts.items():
            # what XML cannot hold is left out
            etree.SubElement(parent, name).text = "".join(char for char in text if char >= " " or char in "\n\t")


def picture_of(campaign, headers):
    """The picture of a campaign, at most 640 px wide.

    :param campaign: ecoupon.campaign with the rights of the system; the caller has checked who looks
    :param dict headers: what the answer says besides
    :raise NotFound: the campaign has none
    """
    if not campaign.with_context(bin_size=True).image:
        raise request.not_found()
    stream = request.env["ir.binary"]._get_image_stream_from(campaign, "image", width=640, height=640)
    response = stream.get_response()
    response.headers.update(headers)
    return response
