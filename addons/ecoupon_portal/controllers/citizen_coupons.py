"""A citizen's own coupons, in one list, and each with its code (R-000-05)."""

from odoo import http
from odoo.http import request

from odoo.addons.merchant_circuit.rules import qr
from odoo.addons.portal.controllers.portal import CustomerPortal

from .citizen_catalogue import attempt, visitor

CODE_MAX = 60


class CitizenHome(CustomerPortal):
    # of its own: the classes of all addons that extend the portal become one, with their methods' names
    def _prepare_portal_layout_values(self):
        """Tell the home page that the pages exist."""
        return {**super()._prepare_portal_layout_values(), "ecoupon_area": True}


class CitizenCoupons(http.Controller):
    @http.route("/my/coupons", type="http", auth="user", methods=["GET"], website=True, sitemap=False)
    def own_coupons(self, **_kwargs):
        """All coupons of the citizen: what can be spent first, then what is over (R-000-05)."""
        return self._list()

    @http.route("/my/coupons/add", type="http", auth="user", methods=["POST"], website=True, sitemap=False)
    def add_coupon(self, code="", **_kwargs):
        """Put a coupon that was handed out on paper into the list (R-000-05).

        :param str code: as typed
        """
        text = str(code)[:CODE_MAX].replace("\x00", "")
        # sudo: citizens read no model; whoever knows the code of a coupon nobody has may have it
        coupons = request.env["ecoupon.coupon"].sudo()
        coupon, refusal = attempt(lambda: coupons._claim(text, visitor()))
        if coupon:
            return request.redirect(f"/my/coupons/{coupon.id}", code=303)
        if not refusal:
            request.env["ecoupon.code.try"].sudo()._note()  # sudo: citizens read no model
            refusal = coupons._unknown_code()
        return self._list(refusal, text)

    @http.route("/my/coupons/<int:coupon_id>", type="http", auth="user", methods=["GET"], website=True, sitemap=False)
    def own_coupon(self, coupon_id, **_kwargs):
        """One coupon: code to show at the till or to print, while it can be spent.

        :raise NotFound: somebody else's, or none at all: the answer is the same
        """
        # looked for among the citizen's own, so that another one's number finds nothing
        coupon = self._own().filtered(lambda own: own.id == coupon_id)
        if not coupon:
            raise request.not_found()
        access = self._access(coupon)
        values = {
            "page_name": "ecoupon_coupon",
            "coupon": self._present(coupon),
            "campaign": coupon.campaign_id._details() if access == "ok" else None,
            "listed": self._is_listed(coupon.campaign_id),
            "access": access,
            "circuit": coupon.circuit_id,
            "code": None,
        }
        if access == "ok" and coupon.state in ("available", "held"):
            code = coupon._code()
            rows = qr.modules(code)
            values["code"] = {"text": code, "path": qr.svg_path(rows), "side": qr.side(rows)}
        return request.render("ecoupon_portal.own_coupon", values)

    # ------------------------------------------------------------ presentation

    def _own(self):
        # sudo: citizens read no model; what comes back is their own
        return request.env["ecoupon.coupon"].sudo()._mine(visitor())

    def _list(self, refusal="", typed=""):
        coupons = [self._present(coupon) for coupon in self._own()]
        values = {
            "page_name": "ecoupon_coupons",
            "live": [coupon for coupon in coupons if coupon["live"]],
            "past": [coupon for coupon in reversed(coupons) if not coupon["live"]],
            "refusal": refusal,
            "typed": typed,
        }
        return request.render("ecoupon_portal.own_coupons", values, status=409 if refusal else 200)

    @staticmethod
    def _is_listed(campaign):
        """Whether the campaign still has a page of its own for this citizen."""
        at = campaign._now()
        if campaign._is_reserved():
            return campaign in campaign._reserved(campaign.circuit_id, visitor(), at)
        return bool(campaign._catalogue(at, campaign.id))

    def _access(self, coupon):
        """Whether the code of a coupon may be shown; those of the reserved area need its access (R-000-12)."""
        if not coupon.campaign_id._is_reserved():
            return "ok"
        return request.env["res.users"]._reserved_access(coupon.circuit_id)

    def _present(self, coupon):
        """A coupon as the pages show it."""
        campaign, _ = coupon.campaign_id, request.env._
        states = dict(coupon._fields["state"]._description_selection(request.env))
        stopped = campaign.state == "stopped" or campaign.circuit_id.state == "stopped"
        given = ""
        if coupon.distributor_id:
            shop = coupon.distributor_id._shop_label()
            given = (
                _("From %(shop)s, %(place)s", shop=shop, place=coupon.place_id.name)
                if coupon.place_id
                else _("From %s", shop)
            )
        return {
            "id": coupon.id,
            "card": campaign._card(),
            "state": coupon.state,
            "label": _("Stopped") if stopped and coupon.state == "available" else states[coupon.state],
            "live": coupon.state in ("available", "held"),
            "until": campaign._until(coupon.expires_at),
            "since": campaign._since(coupon.valid_from) if coupon.valid_from > campaign._now() else "",
            "taken": campaign._since(coupon.taken_at),
            "given": given,
            "uses": _("Used %(used)s of %(uses)s times", used=coupon.used_count, uses=coupon.uses)
            if coupon.uses > 1
            else "",
            "reserved": campaign._is_reserved(),
            "stopped": stopped,
        }
