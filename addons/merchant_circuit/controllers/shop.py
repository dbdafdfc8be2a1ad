"""The public page of a shop, and where the shop writes it (R-001-13, R-004-91)."""

from odoo import http
from odoo.exceptions import ValidationError
from odoo.http import request

from ..rules.shop_page import DESCRIPTION_MAX, HOURS_MAX
from .directory import public_circuit
from .merchant import MerchantPages

FIELDS = ("shop_description", "shop_hours", "shop_phone", "website")


class CircuitShop(http.Controller):
    @http.route(
        "/circuit/<string:reference>/merchant/<string:page>",
        type="http",
        auth="public",
        methods=["GET"],
        website=True,
        sitemap=False,
    )
    def shop(self, reference, page, **_kwargs):
        """What the sticker's QR code leads to: name, place, hours, advantages of one shop.

        :param str reference: circuit
        :param str page: anything, a hyphen and the shop's public code; the code alone decides
        :return: the page; 404 for shops that are not in the public list
        """
        circuit = public_circuit(reference)
        if not circuit:
            raise request.not_found()
        code = page.rsplit("-", 1)[-1]
        today = circuit._local_today()
        agreement = circuit._listed(today).filtered(lambda line: line.merchant_id.shop_code == code)[:1]
        if not agreement:
            raise request.not_found()
        # sudo: as in public_circuit
        offers = request.env["circuit.offer"].sudo()._on(circuit, today)
        shop = agreement._directory_entry(offers.filtered(lambda offer: offer.merchant_id == agreement.merchant_id))
        return request.render(
            "merchant_circuit.shop_page",
            {"circuit": circuit, "shop": shop, "report": f"{circuit._report_url()}?merchant={code}"},
        )


class MerchantShop(MerchantPages):
    @http.route("/merchant/shop", type="http", auth="user", methods=["GET", "POST"], website=True, sitemap=False)
    def own_page(self, **post):
        """The merchant writes what the public reads of the shop; staff are told.

        :return: the form, with the address of the public page
        """
        merchant = self._merchant()
        error, saved = None, False
        values = {name: merchant[name] or "" for name in FIELDS}
        if request.httprequest.method == "POST":
            values.update({name: str(post.get(name, "")).replace("\x00", "") for name in FIELDS})
            try:
                with request.env.cr.savepoint():
                    saved = merchant._edit_shop(values, request.env.user.partner_id)
                values = {name: merchant[name] or "" for name in FIELDS}
            except ValidationError as problem:
                error = str(problem)
        pages = [
            (line.circuit_id.name, line._shop_url())
            for circuit, lines in self._agreements(merchant).grouped("circuit_id").items()
            for line in lines & (circuit._listed(circuit._local_today()) if circuit.publish_directory else lines[:0])
        ]
        return self._render(
            "merchant_circuit.merchant_shop",
            {
                "values": values,
                "error": error,
                "saved": saved,
                "pages": pages,
                "description_max": DESCRIPTION_MAX,
                "hours_max": HOURS_MAX,
            },
        )
