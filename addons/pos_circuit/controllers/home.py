from odoo import http
from odoo.http import request

from odoo.addons.web.controllers.home import Home

MERCHANT_PAGE = "/merchant"


class MerchantHome(Home):
    """A merchant's cashier has no backend: the till, or the merchant's page."""

    @http.route()
    def web_client(self, s_action=None, **kw):
        uid = request.session.uid
        # sudo: this route runs before the user is known to the environment
        if uid and request.env["res.users"].sudo().browse(uid).has_group("pos_circuit.group_merchant_cashier"):
            return request.redirect(MERCHANT_PAGE)
        return super().web_client(s_action=s_action, **kw)

    def _login_redirect(self, uid, redirect=None):
        """Cashiers start at their own till, whatever page of the backend they came from."""
        user = request.env["res.users"].sudo().browse(uid)  # sudo: see web_client
        if not user.has_group("pos_circuit.group_merchant_cashier"):
            return super()._login_redirect(uid, redirect=redirect)
        if redirect and redirect.startswith(("/pos/", "/merchant", "/my")):
            return super()._login_redirect(uid, redirect=redirect)
        till = (
            request.env["pos.config"]
            .sudo()  # sudo: the first till of the user's own merchant, before the session has an environment
            .search([("merchant_id", "=", user.merchant_id.id), ("merchant_id", "!=", False)], order="id", limit=1)
        )
        return f"/pos/ui/{till.id}" if till else MERCHANT_PAGE
