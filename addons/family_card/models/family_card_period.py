from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..rules import expiry, periods


class FamilyCardPeriod(models.Model):
    """A quarter or a tranche of a programme: what is credited, by when, and until when it can be spent."""

    _name = "family.card.period"
    _description = "Credit period"
    _order = "date_start, id"

    program_id = fields.Many2one("family.card.program", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="program_id.company_id", store=True, index=True)
    name = fields.Char(required=True)
    code = fields.Char(required=True, help="Such as 2024-Q1.")
    kind = fields.Selection(
        [("quarter", "Quarter"), ("tranche", "Tranche")],
        required=True,
        default="quarter",
        help="A quarter of the year, or a tranche that is paid when the funds are there. Notice §4 (R-004-30), "
        "Lecce (R-001-08).",
    )
    number = fields.Integer(
        required=True,
        default=1,
        help="Which quarter of the yearly credit is loaded, 1 to 4, or the place of the tranche. Notice §4 (R-004-31).",
    )
    amount_rule = fields.Selection(
        [
            ("quarter", "A quarter of the yearly credit"),
            ("whole", "The whole credit of the card"),
            ("fixed", "The same amount for everybody"),
            ("previous", "What each received in an earlier tranche"),
        ],
        "Amount",
        required=True,
        default="quarter",
        help="How much each household gets. Notice §4 (R-004-31), Lecce (R-001-09).",
    )
    fixed_amount = fields.Monetary(help="Credited to every household.")
    previous_id = fields.Many2one(
        "family.card.period",
        "Same as",
        domain="[('program_id', '=', program_id), ('id', '!=', id)]",
        ondelete="restrict",
        help="Each household gets again what it received in this tranche; who received nothing gets nothing "
        "(R-001-09, example V2).",
    )
    currency_id = fields.Many2one(related="program_id.currency_id")
    date_start = fields.Date(required=True)
    date_end = fields.Date(required=True)
    load_by = fields.Date(
        required=True,
        help="Last day for loading the cards: the 10th of the first month. Notice §4 (R-004-32).",
    )
    spendable_from = fields.Datetime(
        help="The credit is seen at once and can be spent from this instant on; empty: at once (R-001-02, example V1)."
    )
    last_spending_day = fields.Date(
        "Spendable until", help="Last day of a tranche; empty: it never expires. Lecce (R-001-02, B11)."
    )
    expires_at = fields.Datetime(
        compute="_compute_expires_at",
        help="First instant at which a credit loaded in time is no longer spendable. Notice §4 (R-004-55).",
    )

    _code_unique = models.UniqueIndex("(program_id, code)", "This period exists already in the programme.")
    _dates = models.Constraint("CHECK (date_start <= date_end)", "A period ends after it starts.")
    _number_range = models.Constraint(
        "CHECK (number >= 1 AND (number <= 4 OR kind = 'tranche' AND amount_rule <> 'quarter'))",
        "A year has quarters 1 to 4.",
    )
    _fixed = models.Constraint(
        "CHECK (amount_rule <> 'fixed' OR fixed_amount > 0)", "Enter the amount that everybody gets."
    )
    _previous = models.Constraint(
        "CHECK (amount_rule <> 'previous' OR previous_id IS NOT NULL AND previous_id <> id)",
        "Choose the earlier tranche whose amounts are given again.",
    )
    _kind_rule = models.Constraint(
        "CHECK (kind = 'tranche' OR amount_rule = 'quarter')", "A quarter credits a quarter of the yearly credit."
    )

    @api.depends(
        "kind", "last_spending_day", "date_start", "date_end", "load_by", "program_id.terms_ids", "program_id.tz"
    )
    def _compute_expires_at(self):
        for period in self:
            terms = period.load_by and period.program_id._terms_at(period.load_by)
            period.expires_at = (terms and period._expires_at(terms, period.load_by)) or False

    def _expires_at(self, terms, credited_on):
        """Expiry of a lot of this period (R-004-55, A12).

        :param terms: family.card.terms in force when it is credited
        :param date credited_on: local day of the credit
        :return: naive UTC datetime, None for a tranche without a last day
        """
        self.ensure_one()
        if self.kind == "tranche":
            last = self.last_spending_day
            return periods.midnight(last + timedelta(days=1), self.program_id.tz) if last else None
        program = self.program_id
        year_end = program.year if terms.expire_at_year_end else None
        return expiry.expires_at(
            self.date_end, credited_on, terms.expiry_quarters, terms.expiry_basis, program.tz, year_end
        )

    def _ends_at(self):
        """First instant after the period, naive UTC."""
        self.ensure_one()
        return periods.midnight(self.date_end + timedelta(days=1), self.program_id.tz)

    def _is_late(self, at):
        """Whether a load at a UTC instant is after the due day (R-004-32)."""
        self.ensure_one()
        return periods.is_late(at, self.load_by, self.program_id.tz)

    @api.constrains("program_id", "kind", "date_start", "date_end")
    def _check_overlap(self):
        """Quarters of a programme do not overlap.

        :raises ValidationError: they do
        """
        for period in self.filtered(lambda period: period.kind == "quarter"):
            if self.search_count(
                [
                    ("id", "!=", period.id),
                    ("kind", "=", "quarter"),
                    ("program_id", "=", period.program_id.id),
                    ("date_start", "<=", period.date_end),
                    ("date_end", ">=", period.date_start),
                ]
            ):
                raise ValidationError(self.env._("The period %s overlaps another one.", period.code))

    @api.constrains("program_id", "previous_id", "last_spending_day", "spendable_from")
    def _check_tranche(self):
        """A tranche follows one of its own programme and ends after it begins.

        :raises ValidationError: otherwise
        """
        for period in self:
            if period.previous_id and period.previous_id.program_id != period.program_id:
                raise ValidationError(self.env._("The earlier tranche belongs to another programme."))
            if (
                period.kind == "tranche"
                and period.last_spending_day
                and period.spendable_from
                and periods.local_day(period.spendable_from, period.program_id.tz) > period.last_spending_day
            ):
                raise ValidationError(self.env._("The tranche %s would expire before it can be spent.", period.code))

    def _label(self):
        """Short name of this period in messages, in the language of the environment."""
        self.ensure_one()
        if self.kind == "tranche":
            return self.name
        return self.env._("Q%(number)s %(year)s", number=self.number, year=self.date_start.year)

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
