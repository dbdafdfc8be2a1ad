from odoo import fields, models

from .family_card_quotient import FINE


class FamilyCardQuotientScale(models.Model):
    """A row of a quotient table: what a household of so many members is worth."""

    _name = "family.card.quotient.scale"
    _description = "Row of a quotient scale"
    _inherit = ["family.card.quotient.part"]
    _order = "quotient_id, members"
    _rec_name = "members"

    quotient_id = fields.Many2one("family.card.quotient", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="quotient_id.company_id", store=True, index=True)
    members = fields.Integer(required=True, default=1)
    value = fields.Float("Amount or factor", digits=FINE, required=True)

    _members_unique = models.UniqueIndex("(quotient_id, members)", "A scale has one row for each number of members.")
    _members_positive = models.Constraint("CHECK (members > 0)", "A household has at least one member.")
    _value_positive = models.Constraint("CHECK (value >= 0)", "An amount or factor of the scale is not negative.")
