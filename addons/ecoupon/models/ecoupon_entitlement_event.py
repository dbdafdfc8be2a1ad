from odoo import fields, models


class EcouponEntitlementEvent(models.Model):
    """What happened to an entitlement, when and by which list; written once (R-000-31)."""

    _name = "ecoupon.entitlement.event"
    _description = "Event of an entitlement"
    _order = "id desc"
    _log_access = False

    entitlement_id = fields.Many2one(
        "ecoupon.entitlement", required=True, readonly=True, index=True, ondelete="restrict"
    )
    company_id = fields.Many2one("res.company", required=True, readonly=True, index=True)
    at = fields.Datetime(required=True, readonly=True)
    kind = fields.Selection(
        [("added", "Added"), ("changed", "Dates changed"), ("removed", "Taken off"), ("ended", "Ended")],
        required=True,
        readonly=True,
    )
    date_from = fields.Date(readonly=True)
    date_to = fields.Date(readonly=True)
    list_id = fields.Many2one("ecoupon.entitlement.list", readonly=True, ondelete="restrict")
    user_id = fields.Many2one("res.users", readonly=True, ondelete="restrict")
