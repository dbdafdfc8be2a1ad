from datetime import timedelta

from odoo import fields, models
from odoo.exceptions import AccessError, UserError

from odoo.addons.base.models.res_users import check_identity

from ..controllers.entitlements import SCOPE
from ..controllers.rewards import REWARD_SCOPE

MOST_DAYS = 365


class EcouponApiKeyNew(models.TransientModel):
    """Makes a key with which the Region's own systems deliver lists in this user's name (R-000-31), or one with which the
    program of a partner reports behaviours (R-000-17)."""

    _name = "ecoupon.api.key.new"
    _description = "Make a key of the Region's API"

    name = fields.Char(required=True, help="What uses the key, e.g. the name of the system.")
    partner_id = fields.Many2one(
        "res.partner",
        domain="[('user_ids', '!=', False)]",
        help="Whose program reports behaviours; it needs an access to the portal. Empty: your own systems deliver lists.",
    )
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
        user, scope = self._owner()
        # sudo: a key of this API opens less than a user's ordinary keys and may last longer
        key = self.env["res.users.apikeys"].with_user(user).sudo()._generate(scope, self.name, until)
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("The new API key"),
            "res_model": "ecoupon.api.key.show",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_key": key, "default_name": self.name},
        }

    def _owner(self):
        """In whose name the key asks, and for what.

        :return: (res.users, scope)
        :raises UserError: the partner reports nothing, or has no user
        """
        if not self.partner_id:
            return self.env.user, SCOPE
        partner = self.partner_id.commercial_partner_id
        domain = [("reporter_ids", "in", partner.ids), ("evidence", "=", "api")]
        if not self.env["ecoupon.behaviour"].search_count(domain, limit=1):
            raise UserError(self.env._("No behaviour names %s as a partner that reports by API.", partner.name))
        # sudo: which logins there are is not the Region's to read
        users = self.env["res.users"].sudo().search([("partner_id.commercial_partner_id", "=", partner.id)])
        user = users.filtered(lambda one: one.share)[:1]
        if not user:
            raise UserError(self.env._("%s has no access to the portal: invite a contact of it first.", partner.name))
        return user, REWARD_SCOPE
