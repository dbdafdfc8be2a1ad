from odoo.http import request

from odoo.addons.portal.controllers.web import Home

TILL_PAGE = "/merchant/till"


class WebTillHome(Home):
    def _login_redirect(self, uid, redirect=None):
        """Shopkeepers with a portal login start at their till (R-004-95)."""
        user = request.env["res.users"].sudo().browse(uid)  # sudo: the user's own record, right after the login
        if not redirect and user.merchant_id and not user._is_internal():
            redirect = TILL_PAGE
        return super()._login_redirect(uid, redirect=redirect)
