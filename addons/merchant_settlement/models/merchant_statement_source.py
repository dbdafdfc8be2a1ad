from odoo import fields, models


class MerchantStatementSource(models.Model):
    """How much of a statement comes from which source of funds (R-001-05, example N7)."""

    _name = "merchant.statement.source"
    _description = "Source of funds of a statement"
    _order = "statement_id, id"

    statement_id = fields.Many2one("merchant.statement", required=True, readonly=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="statement_id.company_id", store=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    fund_id = fields.Many2one(
        "family.card.fund", "Source", readonly=True, ondelete="restrict", help="Empty: the credit names no source."
    )
    amount = fields.Monetary(required=True, readonly=True)

    def _label(self):
        """Who the source is, on the statement.

        :return: str
        """
        self.ensure_one()
        return self.fund_id.display_name or self.env._("Source not named")
