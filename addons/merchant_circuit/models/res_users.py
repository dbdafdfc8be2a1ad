from odoo import fields, models


class ResUsers(models.Model):
    _inherit = "res.users"

    merchant_id = fields.Many2one(
        "res.partner",
        string="Works for merchant",
        domain=[("is_merchant", "=", True)],
        index="btree_not_null",
        help="The user sees and charges for this merchant only.",
    )

    def _get_invalidation_fields(self):
        """Record rules are cached by user and depend on the merchant."""
        return super()._get_invalidation_fields() | {"merchant_id"}
