"""The reserved area: extra discounts and the virtual wallet of entitled citizens, and nobody else's (R-000-12)."""

from uuid import uuid4

from odoo import http
from odoo.http import request

from odoo.addons.merchant_circuit.controllers.presentation import day, money
from odoo.addons.merchant_circuit.rules import qr

from .citizen_catalogue import attempt, campaigns, once, picture_of, visitor

MOVEMENTS = 20
#: Pages that stay readable when the entitlement has ended (R-000-33).
READABLE = ("ok", "entitlement")


class ReservedArea(http.Controller):
    @http.route("/my/reserved", type="http", auth="user", methods=["GET"], website=True, sitemap=False)
    def reserved(self, **_kwargs):
        """The reserved areas there are; the only one at once."""
        circuits = self._circuits()
        if len(circuits) == 1:
            return request.redirect(f"/my/reserved/{circuits.id}", code=303)
        return request.render("ecoupon_portal.reserved_circuits", {"page_name": "reserved", "circuits": circuits})

    @http.route("/my/reserved/<int:circuit_id>", type="http", auth="user", methods=["GET"], website=True, sitemap=False)
    def area(self, circuit_id, **_kwargs):
        """Wallet and extra discounts, or what is lacking to enter (R-000-12, R-000-16, R-000-19)."""
        circuit, denied = self._enter(circuit_id)
        if denied:
            return denied
        partner = visitor()
        wallet = self._wallet(circuit)
        found = campaigns()._reserved(circuit, partner, campaigns()._now())
        return self._render(
            "area",
            circuit,
            wallet=self._overview(wallet),
            movements=self._movements(wallet, 3),
            campaigns=[campaign._card() for campaign in found],
        )

    @http.route(
        "/my/reserved/<int:circuit_id>/coupons/<int:campaign_id>",
        type="http",
        auth="user",
        methods=["GET", "POST"],
        website=True,
        sitemap=False,
    )
    def extra_discount(self, circuit_id, campaign_id, **post):
        """An extra discount with its conditions; a posted form takes it, or buys it with the wallet (R-000-12,
        R-000-13, R-000-16).

        :return: the page; what is lacking for whoever may not enter, whether there is such a campaign or not
        """
        circuit, denied = self._enter(circuit_id)
        if denied:
            return denied
        campaign = self._extra(circuit, campaign_id)
        refusal = ""
        if request.httprequest.method == "POST":
            coupon, refusal = attempt(lambda: self._get(once(campaign, post)))
            if coupon:
                return request.redirect(f"/my/coupons/{coupon.id}", code=303)
        else:
            agent = request.httprequest.headers.get("User-Agent", "")
            request.env["ecoupon.view"].sudo()._note(campaign, agent)  # sudo: a number is counted
        mine = campaign._held_by(visitor())
        return self._render(
            "campaign",
            circuit,
            status=409 if refusal else 200,
            campaign=campaign._details(),
            hindrance=campaign._hindrance(campaign._now(), len(mine)),
            mine=mine[:1],
            refusal=refusal,
            logged_in=True,
            wallet=self._wallet(circuit)._overview() if campaign.obtain == "exchanged" else None,
            action=f"/my/reserved/{circuit.id}/coupons/{campaign.id}",
            request_key=uuid4().hex,
            picture=f"/my/reserved/{circuit.id}/coupons/{campaign.id}/picture",
        )

    @http.route(
        "/my/reserved/<int:circuit_id>/coupons/<int:campaign_id>/picture",
        type="http",
        auth="user",
        methods=["GET"],
        sitemap=False,
    )
    def extra_picture(self, circuit_id, campaign_id, **_kwargs):
        """The picture of an extra discount.

        :raise NotFound: none, or not entered
        """
        circuit, denied = self._enter(circuit_id)
        if denied:
            raise request.not_found()
        return picture_of(self._extra(circuit, campaign_id), {"Cache-Control": "no-store"})

    @http.route(
        ["/my/reserved/<int:circuit_id>/movements", "/my/reserved/<int:circuit_id>/movements/page/<int:page>"],
        type="http",
        auth="user",
        methods=["GET"],
        website=True,
        sitemap=False,
    )
    def movements(self, circuit_id, page=1, **_kwargs):
        """Movements of the wallet, page by page; readable after the entitlement has ended (R-000-16, R-000-33)."""
        circuit, denied = self._enter(circuit_id, READABLE)
        if denied:
            return denied
        page = min(max(page, 1), 10_000)
        rows = self._movements(self._wallet(circuit), MOVEMENTS + 1, (page - 1) * MOVEMENTS)
        return self._render(
            "movements_page",
            circuit,
            movements=rows[:MOVEMENTS],
            page_number=page,
            more=len(rows) > MOVEMENTS,
        )

    @http.route(
        "/my/reserved/<int:circuit_id>/rewards", type="http", auth="user", methods=["GET"], website=True, sitemap=False
    )
    def rewards(self, circuit_id, **_kwargs):
        """What the Region rewards, and what it has rewarded this citizen for (R-000-17)."""
        circuit, denied = self._enter(circuit_id)
        if denied:
            return denied
        behaviours = [{**row, "until": day(row["date_to"])} for row in circuit._behaviours()]
        rewards = [
            {
                **row,
                "day": day(row["day"]),
                "until": row["expires_at"] and campaigns()._until_of(circuit, row["expires_at"]),
            }
            for row in self._wallet(circuit)._rewards()
        ]
        return self._render("rewards", circuit, behaviours=behaviours, rewards=rewards)

    @http.route(
        "/my/reserved/<int:circuit_id>/history", type="http", auth="user", methods=["GET"], website=True, sitemap=False
    )
    def history(self, circuit_id, **_kwargs):
        """What the Region's lists said of this citizen; readable after the last entitlement has ended (R-000-33)."""
        circuit, denied = self._enter(circuit_id, READABLE)
        if denied:
            return denied
        kinds = dict(request.env["ecoupon.entitlement.event"]._fields["kind"]._description_selection(request.env))
        # sudo: the citizen's own history; nothing else comes back
        events = request.env["ecoupon.entitlement"].sudo()._history(visitor(), circuit)
        rows = [
            {
                "label": kinds[event["kind"]],
                "policy": event["policy"],
                "at": campaigns()._moment_of(circuit, event["at"]),
                "from": day(event["date_from"]),
                "to": day(event["date_to"]),
            }
            for event in events
        ]
        return self._render("history", circuit, events=rows, entitled=self._access(circuit) == "ok")

    @http.route(
        "/my/reserved/<int:circuit_id>/code",
        type="http",
        auth="user",
        methods=["GET", "POST"],
        website=True,
        sitemap=False,
    )
    def code(self, circuit_id, **post):
        """Pay with the wallet: a posted form makes a one-time code (R-000-16, R-000-19).

        :return: the page, or its panel alone where the page's script asks for it; 429 when there is no code now
        """
        circuit, denied = self._enter(circuit_id)
        if denied:
            return denied
        wallet = self._wallet(circuit)
        values, status = {"code": None, "hindrance": "", "paid": ""}, 200
        if request.httprequest.method == "POST":
            issued, values["hindrance"] = attempt(lambda: wallet._issue_code(request.env.user))
            if issued:
                text, seconds = issued
                rows = qr.modules(text)
                values["code"] = {"path": qr.svg_path(rows), "side": qr.side(rows), "seconds": seconds}
            else:
                wallet, status = self._wallet(circuit), 429
        template = "wallet_code_panel" if post.get("part") == "panel" else "wallet_code"
        return self._render(template, circuit, status=status, wallet=wallet._overview(), **values)

    @http.route(
        "/my/reserved/<int:circuit_id>/code/paid",
        type="http",
        auth="user",
        methods=["GET"],
        website=True,
        sitemap=False,
    )
    def code_paid(self, circuit_id, **_kwargs):
        """Whether the newest code was used, asked by the page while it shows one (R-000-16).

        :return: the panel that says where and how much; 204 while nobody used it
        """
        circuit, denied = self._enter(circuit_id)
        if denied:
            return denied
        wallet = self._wallet(circuit)
        purchase = wallet._code_purchase(request.env.user)
        if not purchase:
            return request.make_response("", status=204)
        paid = request.env._(
            "Paid at %(shop)s: %(amount)s",
            shop=purchase.merchant_id._shop_label(),
            amount=money(purchase.amount, purchase.currency_id),
        )
        return self._render("wallet_code_panel", circuit, wallet=wallet._overview(), code=None, hindrance="", paid=paid)

    # ------------------------------------------------------------ doors

    def _circuits(self):
        """Circuits that have a reserved area."""
        # sudo: which circuits there are is no secret
        env = request.env(su=True)
        found = env["ecoupon.campaign"].search(["|", ("area", "=", "reserved"), ("policy_ids", "!=", False)])
        keys = env["ecoupon.entitlement.key"].with_context(active_test=False).search([])
        behaviours = env["ecoupon.behaviour"].search([])
        return (found.circuit_id | keys.circuit_id | behaviours.circuit_id).sorted("name")

    def _access(self, circuit):
        return request.env["res.users"]._reserved_access(circuit)

    def _enter(self, circuit_id, enough=("ok",)):
        """The door of every page of the area (R-000-12, R-000-15, R-000-19).

        :param int circuit_id: from the address
        :param enough: answers of ``_reserved_access`` that open this page
        :return: (circuit.circuit with the rights of the system, None), or (None, the page that says what is lacking)
        :raise NotFound: no such reserved area
        """
        circuit = self._circuits().filtered(lambda one: one.id == circuit_id)
        if not circuit:
            raise request.not_found()
        access = self._access(circuit)
        if access in enough:
            return circuit, None
        return None, self._render("lacking", circuit, status=403, access=access)

    def _extra(self, circuit, campaign_id):
        campaign = campaigns()._reserved(circuit, visitor(), campaigns()._now())
        campaign = campaign.filtered(lambda one: one.id == campaign_id)
        if not campaign:
            raise request.not_found()
        return campaign

    def _get(self, campaign):
        """Take the coupon, or buy it with the wallet.

        :raises UserError: why not
        """
        if campaign.obtain == "exchanged":
            return campaign._exchange(self._wallet(campaign.circuit_id))
        return campaign._take(visitor())

    def _wallet(self, circuit):
        # sudo: the citizen's own wallet
        return request.env["ecoupon.wallet"].sudo()._of_citizen(visitor(), circuit)

    # ------------------------------------------------------------ presentation

    def _render(self, template, circuit, status=200, **values):
        name = template if template == "campaign" else f"reserved_{template}"
        values = {"page_name": "reserved", "circuit": circuit, "reserved": True, **values}
        return request.render(f"ecoupon_portal.{name}", values, status=status)

    @staticmethod
    def _overview(wallet):
        """What is in the wallet, with what ends next."""
        overview = wallet._overview()
        following = overview["expiries"][:1]
        for expiry in following:
            expiry["until"] = campaigns()._until_of(wallet.circuit_id, expiry["at"])
        return {**overview, "next": following[0] if following else None}

    def _movements(self, wallet, limit, offset=0):
        """Movements as the pages show them; none for who never had a wallet."""
        if not wallet:
            return []
        return [
            {**row, "at": campaigns()._moment_of(wallet.circuit_id, row["at"]), "incoming": row["amount"] > 0}
            for row in wallet._movements(limit, offset)
        ]
