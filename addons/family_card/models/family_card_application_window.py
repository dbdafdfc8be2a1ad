from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..rules import application as rules
from ..rules import periods


class FamilyCardApplicationWindow(models.Model):
    """Days of filing that have a first quarter of their own (A13)."""

    _name = "family.card.application.window"
    _description = "Application window"
    _order = "program_id, date_from"

    program_id = fields.Many2one("family.card.program", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="program_id.company_id", store=True, index=True)
    date_from = fields.Date("Filed from", required=True, help="First local day. Notice §3 (R-004-21).")
    date_to = fields.Date(
        "Filed until", required=True, help="Last local day, up to its midnight. Notice §3 (R-004-21)."
    )
    first_period_id = fields.Many2one(
        "family.card.period",
        "First quarter",
        required=True,
        ondelete="restrict",
        domain="[('program_id', '=', program_id)]",
        help="Credited first to whoever files on these days. On other days it is the quarter that follows the one of "
        "filing. Notice §3 (R-004-21, R-004-22, A13).",
    )

    _dates = models.Constraint("CHECK (date_from <= date_to)", "A window ends after it starts.")

    def _windows(self):
        """These windows as the rules want them.

        :return: tuple of rules.periods.Window
        """
        return tuple(
            periods.Window(window.date_from, window.date_to, periods.quarter_of(window.first_period_id.date_start))
            for window in self
        )

    @api.constrains("program_id", "date_from", "date_to", "first_period_id")
    def _check_window(self):
        """A day has one first quarter, of this programme.

        :raises ValidationError: windows overlap, or the period belongs to another programme
        """
        for window in self:
            if window.first_period_id.program_id != window.program_id:
                raise ValidationError(self.env._("The first quarter belongs to another programme."))
            if rules.overlapping(window.program_id.window_ids._windows()):
                raise ValidationError(
                    self.env._("Two application windows share a day: give each day one first quarter.")
                )
