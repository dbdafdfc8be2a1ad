from odoo import _, api, fields, models
from odoo.exceptions import ValidationError

from ..rules import ateco


class CircuitAteco(models.Model):
    """What an ATECO code suggests: data that staff edit, never a decision (A26)."""

    _name = "circuit.ateco"
    _description = "Activity suggested by an ATECO code"
    _order = "prefix"
    _rec_name = "prefix"

    prefix = fields.Char(
        "ATECO code", required=True, help="The beginning of the code, e.g. 47.11; the longest that fits counts."
    )
    activity_id = fields.Many2one("circuit.activity", required=True, index=True, ondelete="cascade")

    _prefix_unique = models.Constraint("UNIQUE (prefix)", "This ATECO code suggests an activity already.")

    @api.constrains("prefix")
    def _check_prefix(self):
        for line in self:
            try:
                ateco.normalise(line.prefix)
            except ValueError:
                raise ValidationError(
                    _("“%s” is not the beginning of an ATECO code: write it as 47.11.", line.prefix)
                ) from None

    @api.model
    def _suggest(self, code):
        """The activity a code suggests.

        :param str code: ATECO code of a business
        :return: circuit.activity, possibly empty
        """
        return (
            ateco.suggest(code, [(line.prefix, line.activity_id) for line in self.search([])])
            or self.env["circuit.activity"]
        )
