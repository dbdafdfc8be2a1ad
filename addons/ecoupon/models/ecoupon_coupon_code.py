import secrets

from odoo import api, models

from ..rules import coupon_code


class EcouponCoupon(models.Model):
    """The code of a coupon: made of its number and the server's secret whenever somebody may look at it."""

    _inherit = "ecoupon.coupon"

    _CODE_PARAMETER = "ecoupon.code_secret"

    @api.model
    def _ensure_code_secret(self):
        """Draw the server's secret once, at installation: a parameter of our own, because Odoo draws a new
        ``database.secret`` when a database is copied, and every printed code would die with the old one."""
        # sudo: the secret is for the server only
        parameters = self.env["ir.config_parameter"].sudo()
        if not parameters.get_param(self._CODE_PARAMETER):
            parameters.set_param(self._CODE_PARAMETER, secrets.token_hex(32))

    @api.model
    def _code_secret(self):
        # sudo: as above
        return self.env["ir.config_parameter"].sudo().get_param(self._CODE_PARAMETER)

    def _code(self):
        """The code, for whoever may show the coupon: the caller has checked it.

        :return: str, EC-XXXX-XXXX-XXXX-XXXX
        """
        self.ensure_one()
        return self._codes()[0]

    def _codes(self):
        """The codes of many coupons, in their order, for whoever may show them: the caller has checked it.

        :return: list of EC-XXXX-XXXX-XXXX-XXXX
        """
        secret = self._code_secret()
        # sudo: the numbers are for the server only
        return [coupon_code.show(coupon_code.encode(secret, coupon.nonce)) for coupon in self.sudo()]

    @api.model
    def _new_codes(self, count):
        """Numbers and digests of new coupons.

        :param int count: how many
        :return: (list of nonces, list of digests)
        """
        secret = self._code_secret()
        nonces = [coupon_code.new_nonce() for _one in range(count)]
        return nonces, [coupon_code.digest(coupon_code.encode(secret, nonce)) for nonce in nonces]
