from odoo import fields, models


class EcouponApiKeyShow(models.AbstractModel):
    """The only time a new key is seen: it travels in the action, no table keeps it."""

    _name = "ecoupon.api.key.show"
    _description = "Show a key of the Region's API"

    # a form wants an id
    id = fields.Id()
    name = fields.Char(readonly=True)
    key = fields.Char(readonly=True)
