from datetime import timedelta

from odoo import fields, models
from odoo.exceptions import AccessError, UserError

from odoo.addons.base.models.res_users import check_identity

from ..controllers.entitlements import SCOPE

MOST_DAYS = 365


class EcouponApiKeyNew(models.TransientModel):
    """Makes a key with which the Region's own systems deliver lists in this user's name (R-000-31)."""

    _name = "ecoupon.api.key.new"
    _description = "Make a key of the Region's API"

    name = fields.Char(required=True, help="What uses the key, e.g. the name of the system.")
    days = fields.Integer("Days it lasts", default=MOST_DAYS, required=True)

    @check_identity
    def action_create(self):
        """Button: make the key, after the user's own password, and show it once."""
        return self._make()

    def _make(self):
        """Make the key.

        :return: action that shows it
        :raises AccessError: not the Region
        :raises UserError: it would last too long, or not at all
        """
        self.ensure_one()
        if not self.env.user.has_group("ecoupon.group_region"):
            raise AccessError(self.env._("Only the Region makes keys of this API."))
        if not 1 <= self.days <= MOST_DAYS:
            raise UserError(self.env._("A key lasts between 1 and %s days.", MOST_DAYS))
        until = fields.Datetime.now() + timedelta(days=self.days)
        # sudo: a key of this API opens less than a user's ordinary keys and may last longer
        key = self.env["res.users.apikeys"].sudo()._generate(SCOPE, self.name, until)
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("The new API key"),
            "res_model": "ecoupon.api.key.show",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_key": key, "default_name": self.name},
        }
