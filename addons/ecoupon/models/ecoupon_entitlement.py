from odoo import fields, models


class EcouponEntitlement(models.Model):
    """A person's right to the reserved area, from a policy, between two days. The person is a keyed hash of the fiscal
    code: who never logs in is never known here (R-000-15, R-000-31 … R-000-33)."""

    _name = "ecoupon.entitlement"
    _description = "Entitlement"
    _order = "id desc"
    _rec_name = "policy_id"

    circuit_id = fields.Many2one("circuit.circuit", required=True, readonly=True, index=True, ondelete="restrict")
    company_id = fields.Many2one("res.company", required=True, readonly=True, index=True)
    key_id = fields.Many2one("ecoupon.entitlement.key", required=True, readonly=True, ondelete="restrict")
    person_hash = fields.Char(required=True, readonly=True, help="HMAC-SHA-256 of the fiscal code.")
    policy_id = fields.Many2one("ecoupon.policy", required=True, readonly=True, index=True, ondelete="restrict")
    date_from = fields.Date(required=True, readonly=True)
    date_to = fields.Date(readonly=True, help="Last day; empty: until the Region says so.")
    removed_at = fields.Datetime(readonly=True, help="Taken off by a later list; it holds no longer.")
    list_id = fields.Many2one("ecoupon.entitlement.list", "Delivered with", readonly=True, ondelete="restrict")

    _person_idx = models.Index("(person_hash, circuit_id)")
    _once = models.UniqueIndex(
        "(circuit_id, key_id, person_hash, policy_id, date_from) WHERE removed_at IS NULL",
        "This person has the same entitlement already.",
    )
    _dates = models.Constraint("CHECK (date_to IS NULL OR date_to >= date_from)", "It ends before it begins.")
