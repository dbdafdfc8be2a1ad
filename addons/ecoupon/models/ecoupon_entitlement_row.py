from odoo import fields, models


class EcouponEntitlementRow(models.Model):
    """A row of a list that was read and is not yet applied: hashes only, gone with the application (R-000-31)."""

    _name = "ecoupon.entitlement.row"
    _description = "Row of a list of entitled people"
    _log_access = False
    _order = "number"
    _rec_name = "number"

    list_id = fields.Many2one("ecoupon.entitlement.list", required=True, readonly=True, ondelete="cascade")
    number = fields.Integer("Row", required=True, readonly=True)
    key_id = fields.Many2one("ecoupon.entitlement.key", required=True, readonly=True, ondelete="restrict")
    person_hash = fields.Char("Hash of the person", required=True, readonly=True)
    policy_id = fields.Many2one("ecoupon.policy", required=True, readonly=True, ondelete="restrict")
    date_from = fields.Date("From", readonly=True)
    date_to = fields.Date("To", readonly=True)
    action = fields.Selection([("add", "Add"), ("remove", "Take off")], required=True, readonly=True)

    _person_idx = models.Index("(list_id, person_hash)")
