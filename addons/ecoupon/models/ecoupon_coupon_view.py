from odoo import api, fields, models
from odoo.tools import SQL

from ..rules import coupon_code


class EcouponCoupon(models.Model):
    """What the office sees of a coupon: never the whole code, for whoever reads it can spend it."""

    _inherit = "ecoupon.coupon"

    code_mask = fields.Char("Code", compute="_compute_code_mask", search="_search_code_mask")

    @api.depends("nonce")
    def _compute_code_mask(self):
        """The end of the code, as tickets show it."""
        for coupon, code in zip(self, self._codes(), strict=True):
            coupon.code_mask = f"EC-***-{code[-4:]}"

    @api.depends("code_mask")
    def _compute_display_name(self):
        for coupon in self:
            coupon.display_name = coupon.code_mask

    @api.model
    def _search_code_mask(self, operator, value):
        """Find a coupon by the whole code somebody tells; parts of codes find nothing.

        :param str operator: ilike, = or in
        :param value: text or texts as typed
        """
        if operator not in ("in", "ilike"):
            return NotImplemented
        typed = [value] if isinstance(value, str) else value
        codes = [coupon_code.normalise((text or "").strip().upper()) for text in typed]
        digests = [coupon_code.digest(code) for code in codes if code]
        return [("id", "in", SQL("(SELECT id FROM ecoupon_coupon WHERE digest = ANY(%s))", digests))]

    def action_cancel(self):
        """Button: ask why, then cancel those of the coupons that were not used.

        :return: action
        """
        return self.env["ir.actions.act_window"]._for_xml_id("merchant_circuit.action_reason") | {
            "context": {"default_step": "cancel_coupons", "default_coupon_ids": self.ids}
        }

    def action_transactions(self):
        """Smart button: the payments of a coupon, and what was given back.

        :return: action
        """
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Payments with %s", self.display_name),
            "res_model": "circuit.transaction",
            "view_mode": "list,form",
            "domain": [("instrument_model", "=", self._name), ("instrument_id", "=", self.id)],
            "context": {"create": False},
        }
