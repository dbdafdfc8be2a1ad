from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date

from ..rules import application as rules
from ..rules import fiscal_code


class FamilyCardApplication(models.Model):
    """Whom the application means in the registry of residents (R-004-10, R-004-16)."""

    _inherit = "family.card.application"

    differences = fields.Text("Against the registry", compute="_compute_differences")

    @api.depends(
        "state", "first_period_id", "applicant_id", "household_id", "member_ids.person_id", "member_ids.dropped"
    )
    def _compute_differences(self):
        for application in self:
            looked_at = application.state in ("filed", "clarification")
            notes = looked_at and application._registry_differences() + application._expiry_notes()
            application.differences = "\n".join(notes) if notes else False

    def _expiry_notes(self):
        """Credit of a quarter already begun that expires soon or has expired while the application waits (A30).

        :return: list of sentences
        """
        self.ensure_one()
        expires_at, now = self.first_period_id.expires_at, fields.Datetime.now()
        if not expires_at or expires_at > now + timedelta(days=30):
            return []
        values = {"period": self.first_period_id.name, "day": format_date(self.env, self._last_day(expires_at))}
        if expires_at <= now:
            return [self.env._("The credit of %(period)s expired on %(day)s: it can no longer be given.", **values)]
        return [self.env._("The credit of %(period)s can be spent until %(day)s only: decide soon.", **values)]

    def _last_day(self, expires_at):
        """Last local day on which a credit can be spent that expires at an instant."""
        return self.program_id._local_day(expires_at - timedelta(seconds=1))

    def _registry_differences(self):
        """Where the declaration and the household of the registry differ (R-004-10, R-004-16).

        :return: list of sentences
        """
        self.ensure_one()
        if not self.applicant_id or not self.household_id:
            return [self.env._("The applicant or the household was not found in the registry yet.")]
        today = self.program_id._local_day(fields.Datetime.now())
        on_file = self.household_id._members_on(today).person_id
        declared = self.applicant_id | self.member_ids.person_id
        unknown = self.member_ids.filtered(lambda member: not member.dropped and member.person_id not in on_file)
        sentences = []
        if self.household_id._head_on(today) != self.applicant_id:
            sentences.append(self.env._("The applicant is not the head of the household in the registry."))
        if unknown:
            names = ", ".join(unknown.mapped("name"))
            sentences.append(self.env._("Declared, but not in the household of the registry: %s.", names))
        if on_file - declared:
            names = ", ".join((on_file - declared).mapped("name"))
            sentences.append(self.env._("In the household of the registry, but not declared: %s.", names))
        return sentences

    def _propose_match(self):
        """Propose the person and the household by fiscal code; an officer confirms them (R-004-10)."""
        for application in self.sudo():  # sudo: the portal's login may not read the registry
            person, household = application.applicant_id, application.household_id
            known = fiscal_code.normalise(person.l10n_it_codice_fiscale or "")
            if application.state == "draft" and known and known != application.fiscal_code:
                # Another code was typed after the registry had filled in somebody.
                person = household = person.browse()
            if not person and application.fiscal_code:
                person = application._person_by_code(application.fiscal_code)
            day = application.program_id._local_day(application.filed_at or fields.Datetime.now())
            if person and not household:
                household = person.membership_ids.filtered(lambda line, day=day: line._covers(day))[:1].household_id
            application.write({"applicant_id": person.id, "household_id": household.id})
            application._match_members(day)

    def _person_by_code(self, code):
        """The person of the registry with a fiscal code, also under the code of a merged double.

        :param str code: normalised
        :return: res.partner, possibly empty
        """
        people = self.env["res.partner"].search(
            [
                ("l10n_it_codice_fiscale", "=", code),
                ("is_household", "=", False),
                ("company_id", "in", (self.company_id.id, False)),
            ]
        )
        known = people.filtered("membership_ids")[:1] or people[:1]
        if known:
            return known
        return people.browse(people._registry_aliases(self.company_id).get(code, ()))

    def _match_members(self, day):
        """Find the declared members in the household of the registry (R-004-16).

        :param date day: local day
        """
        self.ensure_one()
        known = [
            rules.Known(
                line.person_id.id,
                line.person_id.name or "",
                fiscal_code.normalise(line.person_id.l10n_it_codice_fiscale or ""),
                line.person_id.birth_date or None,
            )
            for line in (self.household_id._members_on(day) if self.household_id else ())
            if line.person_id != self.applicant_id
        ]
        found = rules.match(self._declared()[1:], known)
        for position, member in enumerate(self.member_ids):
            if not member.person_id and position in found.persons:
                member.person_id = found.persons[position]

    def _check_matched(self):
        """The household is in the registry and the applicant is its head (R-004-10, R-004-15).

        :raises UserError: otherwise, with what to do
        """
        self.ensure_one()
        if not self.applicant_id:
            raise UserError(
                self.env._(
                    "Nobody in the registry has this fiscal code: only resident families get a card. Import the registry "
                    "or choose the person."
                )
            )
        if not self.household_id:
            raise UserError(
                self.env._(
                    "%s belongs to no household of the registry: record the household first.", self.applicant_id.name
                )
            )
        if self.household_id._head_on(fields.Date.context_today(self)) != self.applicant_id:
            raise UserError(
                self.env._("%s is not the head of the household today: only the head signs.", self.applicant_id.name)
            )
