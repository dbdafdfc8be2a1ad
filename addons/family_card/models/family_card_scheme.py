from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..tools import to_decimal


class FamilyCardScheme(models.Model):
    """Into which accounts a credit goes, for one or more kinds of card (A01)."""

    _name = "family.card.scheme"
    _description = "Account scheme"
    _order = "program_id, sequence, id"

    program_id = fields.Many2one("family.card.program", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="program_id.company_id", store=True, index=True)
    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    for_standard = fields.Boolean("Standard cards")
    for_senior = fields.Boolean("Senior cards")
    for_special = fields.Boolean("Special cards")
    line_ids = fields.One2many("family.card.scheme.line", "scheme_id", string="Accounts", copy=True)

    _standard_unique = models.UniqueIndex(
        "(program_id) WHERE for_standard", "Standard cards already have a scheme in this programme."
    )
    _senior_unique = models.UniqueIndex(
        "(program_id) WHERE for_senior", "Senior cards already have a scheme in this programme."
    )
    _special_unique = models.UniqueIndex(
        "(program_id) WHERE for_special", "Special cards already have a scheme in this programme."
    )

    @api.constrains("line_ids")
    def _check_total(self):
        """The weights of a scheme total 100 (R-004-35).

        :raises ValidationError: any other total
        """
        for scheme in self:
            if sum(to_decimal(line.weight) for line in scheme.line_ids) != 100:
                raise ValidationError(self.env._("The shares of the scheme “%s” must total 100 %%.", scheme.name))
