"""Where a merchant writes its advantages for card holders (R-004-104)."""

from odoo import fields, http
from odoo.exceptions import UserError, ValidationError
from odoo.http import request

from ..rules.merchant_filter import as_day
from .merchant import MerchantPages


class MerchantOffers(MerchantPages):
    @http.route("/merchant/offers", type="http", auth="user", website=True, sitemap=False)
    def offers(self, **_kwargs):
        """The merchant's advantages, the newest first."""
        merchant = self._merchant()
        return self._render("merchant_circuit.merchant_offers", {"offers": self._offers(merchant)})

    @http.route(
        ["/merchant/offers/new", "/merchant/offers/<int:offer_id>"],
        type="http",
        auth="user",
        methods=["GET", "POST"],
        website=True,
        sitemap=False,
    )
    def offer(self, offer_id=None, **post):
        """Write or change an advantage.

        :return: the form, or the list once it is published; 404 for another merchant's
        """
        merchant = self._merchant()
        offer = self._own(merchant, offer_id) if offer_id else None
        agreements = self._agreements(merchant)
        error = None
        values = {
            "name": offer.name if offer else "",
            "text": offer.text or "" if offer else "",
            "date_from": offer.date_from if offer else fields.Date.context_today(request.env.user),
            "date_to": offer.date_to if offer else False,
            "agreement_id": (offer.agreement_id if offer else agreements[:1]).id,
        }
        if request.httprequest.method == "POST":
            values.update(
                {
                    key: str(post.get(key, "")).replace("\x00", "").strip()
                    for key in ("name", "text", "date_from", "date_to")
                }
            )
            try:
                with request.env.cr.savepoint():
                    self._publish(merchant, values, post.get("agreement_id"), offer)
                return request.redirect("/merchant/offers")
            except (UserError, ValidationError) as problem:
                error = str(problem)
        return self._render(
            "merchant_circuit.merchant_offer_form",
            {"values": values, "error": error, "action": request.httprequest.path},
        )

    @http.route("/merchant/offers/<int:offer_id>/withdraw", type="http", auth="user", methods=["POST"], website=True)
    def withdraw(self, offer_id, **_post):
        """Take an advantage off the public list."""
        self._own(self._merchant(), offer_id).state = "withdrawn"
        return request.redirect("/merchant/offers")

    @staticmethod
    def _publish(merchant, values, agreement_id, offer):
        vals = dict(values)
        if str(agreement_id or "").isdecimal():
            vals["agreement_id"] = int(agreement_id)
        vals["date_from"] = as_day(values["date_from"])
        vals["date_to"] = as_day(values["date_to"]) if values["date_to"] else False
        if not vals["date_from"] or (values["date_to"] and not vals["date_to"]):
            raise ValidationError(request.env._("Write the dates as day, month and year."))
        if vals["date_to"] and vals["date_to"] < vals["date_from"]:
            raise ValidationError(request.env._("The advantage ends before it begins."))
        # sudo: merchants have no right on the model; merchant and advantage were established by the server
        request.env["circuit.offer"].sudo()._publish(merchant, vals, offer)

    @staticmethod
    def _offers(merchant):
        # sudo: as above; the domain is the whole of what they may see
        return request.env["circuit.offer"].sudo().search([("merchant_id", "=", merchant.id)])

    def _own(self, merchant, offer_id):
        """An advantage of this merchant.

        :raise NotFound: another merchant's, or none
        """
        offer = self._offers(merchant).filtered(lambda line: line.id == offer_id)
        if not offer:
            raise request.not_found()
        return offer
