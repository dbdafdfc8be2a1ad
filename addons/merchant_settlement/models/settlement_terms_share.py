from odoo import fields, models


class SettlementTermsShare(models.Model):
    """A source of funds that pays a fixed share of every statement (example N7)."""

    _name = "settlement.terms.share"
    _description = "Fixed share of a source of funds"
    _order = "terms_id, sequence, id"

    terms_id = fields.Many2one("settlement.terms", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="terms_id.company_id", store=True)
    sequence = fields.Integer(default=10, help="Where cents are left over, the first get them.")
    fund_id = fields.Many2one("family.card.fund", "Source", required=True, ondelete="restrict")
    percent = fields.Float("Share (%)", digits=(5, 2), required=True)

    _percent = models.Constraint("CHECK (percent > 0 AND percent <= 100)", "A share lies between 0 and 100 %.")
    _once = models.UniqueIndex("(terms_id, fund_id)", "This source has a share already.")
