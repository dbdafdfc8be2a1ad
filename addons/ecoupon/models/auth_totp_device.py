from odoo import models
from odoo.http import request


class AuthTotpDevice(models.Model):
    """A browser the person chose to trust stands for the second factor, also in the session."""

    _inherit = "auth_totp.device"

    def _check_credentials_for_uid(self, *, scope, key, uid):
        trusted = super()._check_credentials_for_uid(scope=scope, key=key, uid=uid)
        if trusted and request and request.session.get("pre_uid") == uid:
            self.env["res.users"].browse(uid)._keep_login_level("second_factor")
        return trusted
