from odoo import fields, models


class EcouponEntitlementKeyShow(models.AbstractModel):
    """The only time a new key is seen: it travels in the action, no table keeps it for showing."""

    _name = "ecoupon.entitlement.key.show"
    _description = "Show a key of entitlement lists"

    # a form wants an id
    id = fields.Id()
    name = fields.Char(readonly=True)
    secret = fields.Char("Key", readonly=True)
    check_value = fields.Char(readonly=True)
