from odoo import api, fields, models
from odoo.tools import format_date


class FamilyCardApplication(models.Model):
    """What is checked before an application is decided, each with outcome, author and date (R-004-13)."""

    _inherit = "family.card.application"

    check_ids = fields.One2many("family.card.check", "application_id", "Checks", readonly=True)
    checks_open = fields.Integer("Checks to make", compute="_compute_checks", store=True)
    checks_failed = fields.Integer("Checks not passed", compute="_compute_checks", store=True)

    @api.depends("check_ids.outcome", "check_ids.required")
    def _compute_checks(self):
        for application in self:
            outcomes = application.check_ids.filtered("required").mapped("outcome")
            application.checks_open = outcomes.count("pending")
            application.checks_failed = outcomes.count("failed")

    def _terms(self):
        """Terms in force on the day of filing, or the first ones of a programme that starts later."""
        self.ensure_one()
        program = self.program_id
        day = program._local_day(self.filed_at or fields.Datetime.now())
        return program._terms_at(day) or program.terms_ids.sorted("valid_from")[:1]

    def _make_checks(self):
        """Create what has to be checked; the registry tells what it can (R-004-10, R-004-13, R-004-17)."""
        for application in self:
            kinds = application._terms()._check_kinds() if application.kind == "first" else []
            kinds = [*kinds, "duplicate"]
            if application.channel == "portal":
                kinds.append("identity")
            day = application.program_id._local_day(application.filed_at)
            self.env["family.card.check"].create(
                [
                    {
                        "program_id": application.program_id.id,
                        "application_id": application.id,
                        "household_id": application.household_id.id,
                        "kind": kind,
                        "reference_day": application._reference_day(kind, day),
                    }
                    for kind in kinds
                ]
            )
        self._read_checks()

    def _reference_day(self, kind, day):
        """Day as of which a requirement is looked at: residence on the cut-off day, the rest at the end of the
        quarter before the first one credited, if that is past (R-004-23, R-004-26).

        :param str kind: kind of family.card.check
        :param date day: local day of filing
        """
        terms = self._terms()
        if kind == "residence" and terms.residence_rule == "cutoff":
            return terms._residence_cutoff()
        if kind in ("taxes", "abode") and self.first_period_id:
            return min(day, self.first_period_id._reference_day())
        return day

    def _read_checks(self):
        """Let the registry tell the outcome of the checks it may still decide."""
        for application in self:
            open_checks = application.check_ids.filtered(lambda check: check.outcome == "pending" or check.automatic)
            open_checks.sudo().household_id = application.household_id  # sudo: checks are written by methods only
            for check in open_checks:
                told = application._told_by_registry(check)
                if told and (check.outcome, check.reason or False) != told:
                    check._settle(*told, automatic=True)

    def _told_by_registry(self, check):
        """What the registry says about a check.

        :return: (outcome, reason or False), or None when it cannot tell
        """
        if check.kind == "identity":
            known = self.applicant_id and self.applicant_user_id._citizen() == self.applicant_id
            return ("passed", False) if known else None
        if not self.household_id:
            return None
        if check.kind == "residence":
            day = self.program_id._local_day(self.filed_at)
            missing = self.program_id._residence_missing(self.household_id.ids, day, self._terms())
            lacking = missing.get(self.household_id.id)
            if lacking:
                return "failed", self.env._("Not resident on %s", format_date(self.env, lacking))
            return "passed", False
        if check.kind == "duplicate":
            reasons = self._duplicate_reasons()
            return ("failed", "; ".join(reasons)) if reasons else ("passed", False)
        return None

    def _duplicate_reasons(self):
        """Why this application would give a household or a person a second card (R-004-17).

        :return: list of texts
        """
        today = self.program_id._local_day(fields.Datetime.now())
        reasons = []
        if self.kind == "first" and self._live_card(self.household_id):
            reasons.append(self.env._("the household has a card already"))
        people = self.applicant_id | self.member_ids.filtered(lambda member: not member.dropped).person_id
        for person in people:
            family = person.membership_ids.filtered(lambda line: line._covers(today))[:1].household_id
            if family and family != self.household_id:
                reasons.append(
                    self.env._("%(name)s lives in the household “%(family)s”", name=person.name, family=family.name)
                )
        pairs = self.env["family.person.duplicate"].search(
            [
                ("state", "=", "open"),
                ("company_id", "=", self.company_id.id),
                "|",
                ("first_id", "in", people.ids),
                ("second_id", "in", people.ids),
            ]
        )
        reasons += [
            self.env._("%s may be on file twice", name)
            for name in sorted({person.name for person in people if person in pairs.first_id | pairs.second_id})
        ]
        return reasons

    def _first_resident_period(self):
        """The first quarter credited: the one of filing, or with the rule "end of the quarter" the first one before
        which the household was resident (R-004-21, R-004-22, R-004-26, A14, example A6).

        :return: family.card.period, possibly empty
        """
        self.ensure_one()
        terms, program = self._terms(), self.program_id
        first = self.first_period_id or program._application_window(self.filed_at).first_period
        if not first or terms.residence_rule != "quarter_end" or not self.household_id:
            return first
        today = program._local_day(fields.Datetime.now())
        for period in program.period_ids.filtered(lambda p: p.date_start >= first.date_start).sorted("date_start"):
            day = period._reference_day()
            if day >= today or not program._residence_missing(self.household_id.ids, day, terms):
                return period
        return first.browse()
