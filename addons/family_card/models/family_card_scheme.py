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
    valid_from = fields.Date(
        help="First day on which credits are divided this way; empty: from the beginning. What was credited before "
        "stays in the accounts it is in. Notice §7 (R-004-06, A16)."
    )
    act_id = fields.Many2one(
        "family.card.act",
        domain="[('program_id', '=', program_id)]",
        help="Giunta act that changes the accounts; the first scheme needs none. Notice §7 (R-004-06).",
    )
    for_standard = fields.Boolean("Standard cards")
    for_senior = fields.Boolean("Senior cards")
    for_special = fields.Boolean("Special cards")
    line_ids = fields.One2many("family.card.scheme.line", "scheme_id", string="Accounts", copy=True)

    _standard_unique = models.UniqueIndex(
        "(program_id, (COALESCE(valid_from, '0001-01-01'::date))) WHERE for_standard",
        "Standard cards already have a scheme from this day.",
    )
    _senior_unique = models.UniqueIndex(
        "(program_id, (COALESCE(valid_from, '0001-01-01'::date))) WHERE for_senior",
        "Senior cards already have a scheme from this day.",
    )
    _special_unique = models.UniqueIndex(
        "(program_id, (COALESCE(valid_from, '0001-01-01'::date))) WHERE for_special",
        "Special cards already have a scheme from this day.",
    )

    @api.constrains("line_ids")
    def _check_total(self):
        """The weights of a scheme total 100 (R-004-35).

        :raises ValidationError: any other total
        """
        for scheme in self:
            if sum(to_decimal(line.weight) for line in scheme.line_ids) != 100:
                raise ValidationError(self.env._("The shares of the scheme “%s” must total 100 %%.", scheme.name))

    @api.constrains("program_id", "valid_from", "act_id")
    def _check_act(self):
        """A scheme that replaces another names the act behind it (R-004-06).

        :raises ValidationError: no act, or an act of another programme
        """
        for scheme in self:
            if scheme.valid_from and not scheme.act_id and scheme.program_id.scheme_ids - scheme:
                raise ValidationError(self.env._("A new scheme needs the giunta act that changes it (notice §7)."))
            if scheme.act_id and scheme.act_id.program_id != scheme.program_id:
                raise ValidationError(self.env._("The act belongs to another programme."))
