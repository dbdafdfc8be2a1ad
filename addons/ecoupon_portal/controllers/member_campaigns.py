"""A member's own campaigns and its desk: propose one, read why it was refused, hand coupons out (R-000-03)."""

import re
from datetime import UTC, datetime, time, timedelta
from uuid import uuid4
from zoneinfo import ZoneInfo

from odoo import http
from odoo.exceptions import UserError, ValidationError
from odoo.http import request

from odoo.addons.merchant_circuit.controllers.merchant import MerchantPages
from odoo.addons.merchant_circuit.rules import qr
from odoo.addons.merchant_circuit.rules.merchant_filter import as_day
from odoo.addons.merchant_circuit.rules.till import parse_money

from .citizen_catalogue import once

QUANTITY = re.compile(r"[0-9]{1,7}")
COLORS = {
    "published": "o_merchant_ok",
    "proposed": "text-bg-warning",
    "refused": "text-bg-danger",
    "stopped": "text-bg-danger",
}
TEXTS = ("name", "description", "kind", "worth", "maximum", "minimum", "accept", "quantity", "first", "last", "circuit")


class MemberCampaigns(MerchantPages):
    @http.route("/merchant/coupons/campaigns", type="http", auth="user", methods=["GET"], website=True, sitemap=False)
    def member_campaigns(self, done=None, **_kwargs):
        """Campaigns of this member with their state and, where they were refused or stopped, why."""
        merchant = self._merchant()
        return self._render(
            "ecoupon_portal.member_campaigns",
            {
                "campaigns": merchant._coupon_campaigns(),
                "may_issue": bool(self._issuing(merchant)),
                "desk": [(*pair, uuid4().hex) for pair in merchant._coupon_desk()],
                "done": done == "proposed",
                "colors": COLORS,
                "money": self._money(self._currency(merchant)),
            },
        )

    @http.route(
        "/merchant/coupons/campaigns/new",
        type="http",
        auth="user",
        methods=["GET", "POST"],
        website=True,
        sitemap=False,
    )
    def member_campaign_new(self, **post):
        """Propose a campaign to the operator.

        :return: the form with what is wrong, or the list
        :raise NotFound: the member issues no coupons
        """
        merchant = self._merchant()
        agreements = self._issuing(merchant)
        if not agreements:
            raise request.not_found()
        values = {name: str(post.get(name) or "").replace("\x00", "").strip() for name in TEXTS}
        error = None
        if request.httprequest.method == "POST":
            try:
                with request.env.cr.savepoint():
                    self._propose_campaign(self._chosen(agreements, values["circuit"]), values)
                return request.redirect("/merchant/coupons/campaigns?done=proposed")
            except (UserError, ValidationError) as problem:
                error = str(problem)
        return self._render(
            "ecoupon_portal.member_campaign_form",
            {
                "values": values,
                "error": error,
                "currency": self._currency(merchant),
                "circuits": agreements.circuit_id.sorted("name"),
            },
        )

    @http.route(
        "/merchant/coupons/hand-out/<int:campaign_id>", type="http", auth="user", methods=["POST"], website=True
    )
    def member_hand_out(self, campaign_id, **post):
        """Hand out one coupon at the desk (R-000-04). The coupon has an address of its own, and the form a key, so that
        neither loading the page again nor a second press hands out another one.

        :return: the way to the coupon, or why there is none
        :raise NotFound: the member does not hand out coupons of this campaign
        """
        merchant = self._merchant()
        found = [pair for pair in merchant._coupon_desk() if pair[0].id == campaign_id]
        if not found:
            raise request.not_found()
        campaign, agreement = found[0]
        places = request.env["circuit.place"].sudo()  # sudo: the member's own; the place of the user's desk
        place = places.browse(places._of_till(merchant.id, request.env.user.sudo().place_id.id))
        try:
            coupon = once(campaign, post)._hand_out(agreement, place)
        except UserError as problem:
            return self._render("ecoupon_portal.member_handed_out", {"error": str(problem), "campaign": campaign})
        return request.redirect(f"/merchant/coupons/handed-out/{coupon.id}", code=303)

    @http.route(
        "/merchant/coupons/handed-out/<int:coupon_id>",
        type="http",
        auth="user",
        methods=["GET"],
        website=True,
        sitemap=False,
    )
    def member_handed_out(self, coupon_id, **_kwargs):
        """Code and QR of a coupon this member handed out, to be filmed or printed (R-000-04).

        :raise NotFound: another member's, or somebody has put it into their list
        """
        merchant = self._merchant()
        wanted = [("id", "=", coupon_id), ("distributor_id", "=", merchant.id), ("holder_id", "=", False)]
        # sudo: members have no right on the model; what is found is the member's own
        coupon = request.env["ecoupon.coupon"].sudo().search(wanted) if coupon_id < 2**31 else None
        if not coupon:
            raise request.not_found()
        code = coupon._code()
        rows = qr.modules(code)
        response = self._render(
            "ecoupon_portal.member_handed_out",
            {
                "campaign": coupon.campaign_id,
                "coupon": coupon,
                "code": code,
                "qr": {"path": qr.svg_path(rows), "side": qr.side(rows)},
                "error": None,
            },
        )
        response.headers["Cache-Control"] = "private, no-store"
        return response

    # ------------------------------------------------------------------ parts

    @staticmethod
    def _issuing(merchant):
        """Commitments by which the member may issue now."""
        return merchant.agreement_ids.filtered(lambda agreement: agreement._acts("issue"))

    @staticmethod
    def _chosen(agreements, circuit):
        """The commitment of the circuit the member chose; one needs no choice.

        :param agreements: circuit.agreement by which the member may issue
        :param str circuit: id of a circuit, as the form sends it
        :return: circuit.agreement
        :raise ValidationError: none of these circuits
        """
        chosen = (
            agreements if len(agreements) == 1 else agreements.filtered(lambda one: str(one.circuit_id.id) == circuit)
        )
        if len(chosen) != 1:
            raise ValidationError(request.env._("Choose the circuit of the campaign."))
        return chosen

    def _propose_campaign(self, agreement, values):
        """Make and propose a campaign of what was typed.

        :raise UserError, ValidationError: what is wrong, in words
        """
        _ = request.env._
        if not values["name"]:
            raise ValidationError(_("Give the campaign a name."))
        if values["kind"] not in ("fixed", "percent") or values["accept"] not in ("issuer", "all"):
            raise ValidationError(_("Choose what the coupon is worth and where it can be spent."))
        worth = self._number(values["worth"], _("what the coupon is worth"))
        percent = values["kind"] == "percent"
        if worth <= 0 or (percent and worth > 100):
            raise ValidationError(_("A fixed coupon is worth more than 0, a percentage is above 0 and at most 100."))
        first, last = as_day(values["first"]), as_day(values["last"])
        if not first or not last or last < first:
            raise ValidationError(_("Choose the first and the last day; the last one cannot be before the first."))
        if values["quantity"] and not QUANTITY.fullmatch(values["quantity"]):
            raise ValidationError(
                _("Write how many coupons there are as a whole number of at most 7 digits, or leave it empty.")
            )
        zone = ZoneInfo(agreement.circuit_id.tz)
        # sudo: members have no right on the model; issuer and circuit were established by the server
        campaign = (
            request.env["ecoupon.campaign"]
            .sudo()
            .create(
                {
                    "name": values["name"][:120],
                    "description": values["description"][:2000],
                    "circuit_id": agreement.circuit_id.id,
                    "issuer_agreement_id": agreement.id,
                    "kind": values["kind"],
                    "amount": 0 if percent else float(worth),
                    "percent": float(worth) if percent else 0,
                    "max_discount": float(self._number(values["maximum"] or "0", _("the maximum discount"))),
                    "min_purchase": float(self._number(values["minimum"] or "0", _("the minimum purchase"))),
                    "accept": values["accept"],
                    "quantity": int(values["quantity"] or 0),
                    "valid_from": self._midnight(first, zone),
                    "valid_to": self._midnight(last + timedelta(days=1), zone),
                }
            )
        )
        campaign.action_propose()

    @staticmethod
    def _midnight(day, zone):
        return datetime.combine(day, time.min, tzinfo=zone).astimezone(UTC).replace(tzinfo=None)

    @staticmethod
    def _number(text, what):
        """An amount as typed, with comma or point.

        :raise ValidationError: not an amount
        """
        try:
            amount = parse_money(text.replace(",", "."))
        except ValueError:
            amount = -1
        if amount < 0:
            raise ValidationError(request.env._("Write %s as a number with at most two decimals.", what))
        return amount
