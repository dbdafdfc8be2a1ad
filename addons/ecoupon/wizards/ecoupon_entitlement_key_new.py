import secrets

from odoo import fields, models
from odoo.exceptions import AccessError, UserError

from odoo.addons.base.models.res_users import check_identity

#: Shorter ones can be guessed: fiscal codes are few.
SHORTEST = 32


class EcouponEntitlementKeyNew(models.TransientModel):
    """Makes a key that the Region hashes its lists with (R-000-31)."""

    _name = "ecoupon.entitlement.key.new"
    _description = "Make a key of entitlement lists"

    circuit_id = fields.Many2one(
        "circuit.circuit",
        required=True,
        default=lambda self: self.env["ecoupon.entitlement.list"]._only_circuit(),
    )
    name = fields.Char(required=True, help="Named in the lists that are hashed with it.")
    secret = fields.Char(help="The Region's own; empty: the server draws one and shows it once.")

    @check_identity
    def action_create(self):
        """Button: make the key, after the user's own password, and show it once."""
        return self._make()

    def _make(self):
        """Make the key.

        :return: action that shows it
        :raises AccessError: not the Region
        :raises UserError: there is no name, or it is taken, or the key can be guessed
        """
        self.ensure_one()
        self.circuit_id.check_access("read")
        if not self.env.user.has_group("ecoupon.group_region"):
            raise AccessError(self.env._("Only the Region makes keys of entitlement lists."))
        name = " ".join(self.name.split())
        if not name:
            raise UserError(self.env._("Write how the lists name the key."))
        secret = (self.secret or "").strip() or secrets.token_hex(32)
        self.secret = False
        keys = self.env["ecoupon.entitlement.key"]
        if len(secret) < SHORTEST:
            raise UserError(self.env._("A key has at least %s characters: shorter ones can be guessed.", SHORTEST))
        # the server's own key has its name first
        keys._own_of(self.circuit_id)
        domain = [("circuit_id", "=", self.circuit_id.id), ("name", "=", name)]
        if keys.with_context(active_test=False).search_count(domain):
            raise UserError(self.env._("Another key has this name: choose another one."))
        key = keys._make(self.circuit_id, name, secret)
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("The new key"),
            "res_model": "ecoupon.entitlement.key.show",
            "views": [(False, "form")],
            "target": "new",
            "context": {
                "default_name": key.name,
                "default_secret": secret,
                "default_check_value": key.check_value,
            },
        }
