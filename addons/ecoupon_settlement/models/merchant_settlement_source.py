from odoo import fields, models
from odoo.tools import SQL


class MerchantSettlementSource(models.Model):
    """Which issuer pays which part of the shops' statements, month by month (R-000-21)."""

    _inherit = "merchant.settlement.source"

    issuer_id = fields.Many2one("res.partner", readonly=True, help="Of the coupons the shop accepted.")

    @property
    def _table_query(self):
        return SQL(
            "SELECT before.*, own.issuer_id FROM (%s) AS before JOIN merchant_statement_source own ON own.id = before.id",
            super()._table_query,
        )
