from odoo import api, fields, models
from odoo.tools import format_date


class MerchantStatement(models.Model):
    """The month of a statement as people say it."""

    _inherit = "merchant.statement"

    month_name = fields.Char("Month in words", compute="_compute_month_name")

    @api.depends("month")
    @api.depends_context("lang")
    def _compute_month_name(self):
        for statement in self:
            month = statement.month
            statement.month_name = format_date(self.env, month, date_format="MMMM yyyy") if month else ""
