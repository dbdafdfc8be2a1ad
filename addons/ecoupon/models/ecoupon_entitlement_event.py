from odoo import fields, models

from odoo.addons.stored_value.tools import install_functions


class EcouponEntitlementEvent(models.Model):
    """What happened to an entitlement, when and by which list; written once (R-000-31)."""

    _name = "ecoupon.entitlement.event"
    _description = "Event of an entitlement"
    _order = "id desc"
    _log_access = False
    _rec_name = "at"

    entitlement_id = fields.Many2one(
        "ecoupon.entitlement", required=True, readonly=True, index=True, ondelete="restrict"
    )
    circuit_id = fields.Many2one(related="entitlement_id.circuit_id")
    policy_id = fields.Many2one(related="entitlement_id.policy_id")
    person_hash = fields.Char("Hash of the person", related="entitlement_id.person_hash")
    company_id = fields.Many2one("res.company", required=True, readonly=True, index=True)
    at = fields.Datetime("When", required=True, readonly=True, index=True)
    kind = fields.Selection(
        [("added", "Added"), ("changed", "Dates changed"), ("removed", "Taken off"), ("ended", "Ended")],
        required=True,
        readonly=True,
    )
    date_from = fields.Date("From", readonly=True)
    date_to = fields.Date("To", readonly=True)
    list_id = fields.Many2one("ecoupon.entitlement.list", readonly=True, index="btree_not_null", ondelete="restrict")
    user_id = fields.Many2one("res.users", readonly=True, ondelete="restrict")

    def init(self):
        """The log is append-only for everybody."""
        install_functions(self.env.cr, "ecoupon/sql/entitlement_event.sql")
