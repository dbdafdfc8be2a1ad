from odoo import fields, models


class MerchantStatementSource(models.Model):
    """What a shop is paid for coupons comes from those who issued them (R-000-20, R-000-21)."""

    _inherit = "merchant.statement.source"

    issuer_id = fields.Many2one(
        "res.partner", readonly=True, ondelete="restrict", help="Who owes the shop what its coupons took off."
    )

    def _label(self):
        return self.issuer_id.display_name or super()._label()
