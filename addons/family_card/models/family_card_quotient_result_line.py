from odoo import fields, models

from .family_card_quotient import FINE


class FamilyCardQuotientResultLine(models.Model):
    """One step on the way from a household to its yearly credit."""

    _name = "family.card.quotient.result.line"
    _description = "Explanation of a yearly credit"
    _order = "result_id, sequence, id"
    _rec_name = "label"

    result_id = fields.Many2one(
        "family.card.quotient.result", required=True, readonly=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="result_id.company_id", store=True, index=True)
    currency_id = fields.Many2one(related="result_id.currency_id")
    sequence = fields.Integer(readonly=True)
    label = fields.Char("Reason", readonly=True, required=True)
    detail = fields.Char(readonly=True)
    amount = fields.Float("Added", digits=FINE, readonly=True)
    factor = fields.Float("Multiplied by", digits=FINE, readonly=True, help="0: this step adds, it does not multiply.")
    multiplies = fields.Boolean(readonly=True)
    running = fields.Float("Amount so far", digits=FINE, readonly=True)
