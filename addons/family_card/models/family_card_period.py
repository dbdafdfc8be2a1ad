from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..rules import expiry, periods


class FamilyCardPeriod(models.Model):
    """A quarter of a programme: what is credited, by when, and until when it can be spent."""

    _name = "family.card.period"
    _description = "Credit period"
    _order = "date_start, id"

    program_id = fields.Many2one("family.card.program", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="program_id.company_id", store=True, index=True)
    name = fields.Char(required=True)
    code = fields.Char(required=True, help="Such as 2024-Q1.")
    number = fields.Integer(
        required=True, default=1, help="Which quarter of the yearly credit is loaded, 1 to 4. Notice §4 (R-004-31)."
    )
    date_start = fields.Date(required=True)
    date_end = fields.Date(required=True)
    load_by = fields.Date(
        required=True,
        help="Last day for loading the cards: the 10th of the first month. Notice §4 (R-004-32).",
    )
    expires_at = fields.Datetime(
        compute="_compute_expires_at",
        help="First instant at which a credit loaded in time is no longer spendable. Notice §4 (R-004-55).",
    )

    _code_unique = models.UniqueIndex("(program_id, code)", "This period exists already in the programme.")
    _dates = models.Constraint("CHECK (date_start <= date_end)", "A period ends after it starts.")
    _number_range = models.Constraint("CHECK (number BETWEEN 1 AND 4)", "A year has quarters 1 to 4.")

    @api.depends("date_start", "date_end", "load_by", "program_id.terms_ids", "program_id.tz")
    def _compute_expires_at(self):
        for period in self:
            terms = period.load_by and period.program_id._terms_at(period.load_by)
            period.expires_at = bool(terms) and period._expires_at(terms, period.load_by)

    def _expires_at(self, terms, credited_on):
        """Expiry of a lot of this period (R-004-55, A12).

        :param terms: family.card.terms in force when it is credited
        :param date credited_on: local day of the credit
        :return: naive UTC datetime
        """
        self.ensure_one()
        program = self.program_id
        year_end = program.year if terms.expire_at_year_end else None
        return expiry.expires_at(
            self.date_end, credited_on, terms.expiry_quarters, terms.expiry_basis, program.tz, year_end
        )

    def _is_late(self, at):
        """Whether a load at a UTC instant is after the due day (R-004-32)."""
        self.ensure_one()
        return periods.is_late(at, self.load_by, self.program_id.tz)

    @api.constrains("program_id", "date_start", "date_end")
    def _check_overlap(self):
        """Periods of a programme do not overlap.

        :raises ValidationError: they do
        """
        for period in self:
            if self.search_count(
                [
                    ("id", "!=", period.id),
                    ("program_id", "=", period.program_id.id),
                    ("date_start", "<=", period.date_end),
                    ("date_end", ">=", period.date_start),
                ]
            ):
                raise ValidationError(self.env._("The period %s overlaps another one.", period.code))

    @api.model
    def _quarter_vals(self, program, quarter):
        """Values of the period of one quarter.

        :param program: family.card.program
        :param quarter: rules.periods.Quarter
        """
        env = self.with_context(lang=program._message_lang()).env
        return {
            "program_id": program.id,
            "name": env._("Quarter %(number)s of %(year)s", number=quarter.number, year=quarter.year),
            "code": quarter.code,
            "number": quarter.number,
            "date_start": quarter.start,
            "date_end": quarter.end,
            "load_by": periods.load_by(quarter),
        }
