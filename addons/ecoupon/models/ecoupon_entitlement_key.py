import secrets

from odoo import api, fields, models, tools
from odoo.tools import SQL

from ..rules import person


class EcouponEntitlementKey(models.Model):
    """A secret under which fiscal codes are hashed: the server's own, or one that the Region hashes with before it
    delivers a list (R-000-31). Made by its own actions; afterwards it is only put away."""

    _name = "ecoupon.entitlement.key"
    _description = "Key of entitlement lists"
    _inherit = ["own.fields"]
    _order = "id"

    name = fields.Char(required=True, readonly=True, help="Named in the lists that are hashed with it.")
    circuit_id = fields.Many2one("circuit.circuit", required=True, readonly=True, index=True, ondelete="restrict")
    company_id = fields.Many2one(related="circuit_id.company_id", store=True, index=True)
    own = fields.Boolean("Of this server", readonly=True, help="Lists of fiscal codes are hashed with it on arrival.")
    secret = fields.Char(required=True, readonly=True, groups="base.group_system", copy=False)
    check_value = fields.Char(
        "Check value", readonly=True, help="Goes into the lists: tells those that were hashed with another key."
    )
    active = fields.Boolean(
        default=True, help="Off: no list hashed with it is taken any more. Who was entitled by one stays entitled."
    )

    _name_unique = models.Constraint("UNIQUE (circuit_id, name)", "Another key has this name.")
    _own_unique = models.UniqueIndex("(circuit_id) WHERE own", "The circuit has its own key.")

    def _own_fields(self):
        return super()._own_fields() | (self._fields.keys() - {"active"})

    def _own_refusal(self):
        return self.env._("A key is made once with its button; afterwards it can only be archived.")

    @api.model
    def _make(self, circuit, name, secret, own=False):
        """Keep a key. The caller has checked that the user may.

        :param circuit: circuit.circuit
        :param str name: as lists name it
        :param str secret: the key as text
        :param bool own: the server's
        :return: ecoupon.entitlement.key
        """
        # sudo: secrets are for the server only
        key = self.sudo().create(
            {
                "name": name,
                "circuit_id": circuit.id,
                "secret": secret,
                "check_value": person.check_value(secret),
                "own": own,
            }
        )
        return key.with_env(self.env)

    @api.model
    def _own_of(self, circuit):
        """The server's own key of a circuit, drawn when it is first wanted.

        :param circuit: circuit.circuit
        :return: ecoupon.entitlement.key with the rights of the system
        """
        domain = [("circuit_id", "=", circuit.id), ("own", "=", True)]
        # sudo: secrets are for the server only
        keys = self.sudo().with_context(active_test=False)
        found = keys.search(domain)
        if not found:
            # two who want it at once: the second one waits, and must see that its picture is old
            self.env.cr.execute(SQL("UPDATE circuit_circuit SET write_date = write_date WHERE id = %s", circuit.id))
            found = keys.search(domain) or keys._make(circuit, "server", secrets.token_hex(32), own=True)
        return found

    @api.model
    @tools.ormcache("circuit_id")
    def _secrets(self, circuit_id):
        """All keys of a circuit, also those put away: who was entitled by them still is.

        :param int circuit_id: circuit.circuit
        :return: tuple of (id, secret)
        """
        # sudo: secrets are for the server only; they leave this model as hashes
        keys = self.sudo().with_context(active_test=False).search([("circuit_id", "=", circuit_id)])
        return tuple((key.id, key.secret) for key in keys)

    @api.model_create_multi
    def create(self, vals_list):
        """The servers keep the keys in memory: make them look again."""
        keys = super().create(vals_list)
        self.env.registry.clear_cache()
        return keys

    def write(self, vals):
        """The servers keep the keys in memory: make them look again."""
        result = super().write(vals)
        self.env.registry.clear_cache()
        return result
