from odoo import api, fields, models
from odoo.exceptions import UserError


class FamilyPrivacyTerms(models.Model):
    """How long data are kept and what is told without names; dated, so that what was decided under one set stays
    as it was (R-004-100)."""

    _name = "family.privacy.terms"
    _description = "Privacy terms"
    _order = "valid_from desc"
    _rec_name = "valid_from"

    valid_from = fields.Date(required=True, default=fields.Date.context_today)
    retention_years = fields.Integer(
        "Data kept for (years)",
        required=True,
        default=10,
        help="After the last movement of a household without a live card; then its people may be made anonymous. "
        "Ten years: the prescription of accounting documents. Notice, privacy (R-004-100).",
    )
    log_months = fields.Integer(
        "Access log kept for (months)", required=True, default=24, help="Who opened which household (R-004-101)."
    )
    open_minutes = fields.Integer(
        "Same visit (minutes)",
        required=True,
        default=15,
        help="Opened again by the same person within these minutes, a record is written down once.",
    )
    least_people = fields.Integer(
        "Smallest group told",
        required=True,
        default=3,
        help="Figures behind which fewer households stand are left out of the published lists (R-004-101).",
    )
    company_id = fields.Many2one("res.company", required=True, index=True, default=lambda self: self.env.company)

    _day_unique = models.UniqueIndex("(company_id, valid_from)", "There are terms from this day already.")
    _positive = models.Constraint(
        "CHECK (retention_years >= 0 AND log_months >= 1 AND open_minutes >= 0 AND least_people >= 1)",
        "The log is kept for a month at least, a group has one household at least, and nothing is negative.",
    )

    @api.model
    def _in_force(self, company, day=None):
        """Terms of a company on a day; before the first set, the defaults.

        :param company: res.company
        :param date day: None: today
        :return: family.privacy.terms, possibly a new record with the defaults
        """
        day = day or fields.Date.context_today(self)
        # sudo: whoever opens a household follows the terms without reading them
        found = self.sudo().search([("company_id", "=", company.id), ("valid_from", "<=", day)], limit=1)
        return found or self.sudo().new({"company_id": company.id})

    def _check_future(self):
        """What is in force stays as it is.

        :raises UserError: terms have begun
        """
        today = fields.Date.context_today(self)
        if any(terms.valid_from <= today and terms.create_date.date() < today for terms in self):
            raise UserError(self.env._("These terms are in force: add others from a later day."))

    def write(self, vals):
        """Change terms that have not begun, or were entered today.

        :raises UserError: otherwise
        """
        self._check_future()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_future(self):
        self._check_future()
