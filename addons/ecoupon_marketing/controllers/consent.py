"""Where citizens agree to newsletters, and where they stop them (R-000-34)."""

from odoo import http
from odoo.exceptions import UserError
from odoo.http import request


class CouponConsent(http.Controller):
    @http.route(
        "/my/coupons/newsletter", type="http", auth="user", methods=["GET", "POST"], website=True, sitemap=False
    )
    def newsletter(self, **post):
        """The circuits with their words, and what the citizen has agreed to.

        :param str circuit: id, when something is changed
        :param str wanted: yes or no
        """
        partner = request.env.user.partner_id
        # sudo: citizens have no right on either model; what is shown is chosen below
        consents = request.env["ecoupon.consent"].sudo()
        circuits = request.env["circuit.circuit"].sudo().search([("newsletter_open", "=", True)])
        circuits = circuits.filtered("campaign_ids")
        error, changed = None, None
        if request.httprequest.method == "POST":
            chosen = circuits.filtered(lambda circuit: str(circuit.id) == post.get("circuit"))
            if not chosen:
                raise request.not_found()
            try:
                if post.get("wanted") == "yes":
                    consents._give(chosen, partner)
                else:
                    consents._of(chosen, partner)._withdraw("portal")
                changed = chosen
            except UserError as problem:
                error = str(problem)
        return request.render(
            "ecoupon_marketing.consent_page",
            {
                "rows": [(circuit, consents._of(circuit, partner)) for circuit in circuits],
                "email": partner.email,
                "error": error,
                "changed": changed,
                "page_name": "newsletter",
                "crumbs": [(request.env._("My coupons"), "/my/coupons"), (request.env._("Newsletters"), None)],
            },
        )

    # no token against forgery: mail programs press the button themselves (RFC 8058); the address is the secret
    @http.route(
        "/coupons/newsletter/stop/<string:token>",
        type="http",
        auth="public",
        methods=["GET", "POST"],
        website=True,
        sitemap=False,
        csrf=False,
    )
    def stop(self, token, **_post):
        """Ask once more, then withdraw; looking at the page alone, as mail scanners do, changes nothing.

        :param str token: from the mail
        """
        consent = request.env["ecoupon.consent"]._by_token(token[:64].replace("\x00", ""))
        if not consent:
            raise request.not_found()
        if request.httprequest.method == "POST":
            consent._withdraw("link")
        return request.render(
            "ecoupon_marketing.stop_page",
            {"consent": consent, "path": f"/coupons/newsletter/stop/{token}", "crumbs": None},
        )
