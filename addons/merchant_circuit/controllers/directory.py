"""The public list of the shops, without login."""

import json

from odoo import http
from odoo.http import request

QUERY_MAX = 80


def public_circuit(reference):
    """The circuit behind an address such as ``corleto-12`` or ``12``.

    :param str reference: last part of the address
    :return: circuit.circuit with the rights of the system, or None when there is no such public circuit
    """
    _name, number = request.env["ir.http"]._unslug(reference)
    if not number or not 0 < number < 2**31:
        return None
    # sudo: the public user reads no model; what is shown is chosen below, field by field
    circuit = request.env["circuit.circuit"].sudo().browse(number).exists()
    return circuit if circuit.publish_directory else None


class CircuitDirectory(http.Controller):
    @http.route(
        "/circuit/<string:reference>/merchants",
        type="http",
        auth="public",
        methods=["GET"],
        website=True,
        sitemap=False,
    )
    def merchants(self, reference, q="", category="", **_kwargs):
        """Shops by macro-category, searched by name, activity or place, with their advantages (R-001-13, R-004-91,
        R-004-104). Works without JavaScript; only "near me" needs it.

        :param str q: words searched for
        :param str category: code of a macro-category
        :return: the page; 404 for a circuit that does not publish its list
        """
        circuit = public_circuit(reference)
        if not circuit:
            raise request.not_found()
        query = q[:QUERY_MAX].replace("\x00", "").strip()
        today = circuit._local_today()
        everything = circuit._directory(today)
        categories = dict.fromkeys((shop["category"], shop["category_name"]) for shop in everything)
        category = category if category in {code for code, _name in categories} else ""
        shops = circuit._directory(today, query, category)
        groups = {}
        for shop in shops:
            groups.setdefault(shop["category_name"], []).append(shop)
        return request.render(
            "merchant_circuit.directory_page",
            {
                "circuit": circuit,
                "query": query,
                "category": category,
                "categories": list(categories),
                "groups": groups,
                "count": len(shops),
                "total": len(everything),
                "path": circuit._directory_url(),
                "located": any(shop["latitude"] is not None for shop in shops),
            },
        )

    @http.route("/circuit/<string:reference>/merchants.geojson", type="http", auth="public", sitemap=False)
    def geojson(self, reference, **_kwargs):
        """The same list as map data (GeoJSON), for the map of any site.

        :return: a FeatureCollection; shops without a known place have no geometry
        """
        circuit = public_circuit(reference)
        if not circuit:
            raise request.not_found()
        features = [self._feature(shop) for shop in circuit._directory(circuit._local_today())]
        return request.make_response(
            json.dumps({"type": "FeatureCollection", "features": features}),
            headers=[
                ("Content-Type", "application/geo+json; charset=utf-8"),
                ("Access-Control-Allow-Origin", "*"),
                ("Cache-Control", "public, max-age=300"),
            ],
        )

    @staticmethod
    def _feature(shop):
        hidden = {"latitude", "longitude", "category_order"}
        properties = {key: value for key, value in shop.items() if key not in hidden}
        properties["offers"] = [
            {**offer, "until": offer["until"] and offer["until"].isoformat()} for offer in shop["offers"]
        ]
        located = shop["latitude"] is not None
        return {
            "type": "Feature",
            "id": shop["id"],
            "geometry": {"type": "Point", "coordinates": [shop["longitude"], shop["latitude"]]} if located else None,
            "properties": properties,
        }
