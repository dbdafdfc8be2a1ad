from odoo import fields, models


class EcouponEntitlementKey(models.Model):
    """A secret under which fiscal codes are hashed: the server's own, or one that the Region hashes with before it
    delivers a list (R-000-31)."""

    _name = "ecoupon.entitlement.key"
    _description = "Key of entitlement lists"
    _order = "id"

    name = fields.Char(required=True, help="Named in the lists that are hashed with it.")
    circuit_id = fields.Many2one("circuit.circuit", required=True, index=True, ondelete="restrict")
    company_id = fields.Many2one(related="circuit_id.company_id", store=True, index=True)
    own = fields.Boolean("Of this server", readonly=True, help="Lists of fiscal codes are hashed with it on arrival.")
    secret = fields.Char(required=True, groups="base.group_system", copy=False)
    check_value = fields.Char("Check value", readonly=True, help="Tells lists that were hashed with another key.")
    active = fields.Boolean(default=True)

    _name_unique = models.Constraint("UNIQUE (circuit_id, name)", "Another key has this name.")
