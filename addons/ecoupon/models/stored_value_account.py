from odoo import fields, models


class StoredValueAccount(models.Model):
    """An account of a wallet: one for each who funds its rewards (R-000-16, B05)."""

    _inherit = "stored.value.account"

    wallet_id = fields.Many2one("ecoupon.wallet", readonly=True, index="btree_not_null", ondelete="restrict")

    _wallet_funder_unique = models.UniqueIndex(
        "(wallet_id, coalesce(funder_id, 0)) WHERE wallet_id IS NOT NULL", "The wallet has this account already."
    )
