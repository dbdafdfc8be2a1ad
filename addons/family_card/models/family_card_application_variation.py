from datetime import timedelta

from odoo import fields, models
from odoo.exceptions import UserError

from .family_household_member import GRADES


class FamilyCardApplicationMember(models.Model):
    _inherit = "family.card.application.member"

    grade = fields.Selection(
        GRADES, "Grade of disability", help="Read by the office from the documents; DPCM 159/2013, annex 3 (R-004-19)."
    )

    _OFFICE = frozenset({"person_id", "note", "grade"})

    def _facts(self, line):
        """What was declared of a person and differs from what is on file.

        :param line: family.household.member that holds, possibly empty
        :return: values of family.household.member
        :raises UserError: a disability was declared and its grade is not chosen
        """
        self.ensure_one()
        facts = {}
        if self.student != line.student:
            facts["student"] = self.student
        known = line.disability or "none"
        if self.disability and not self.grade and known == "none":
            raise UserError(
                self.env._("Choose the grade of disability of %s: the documents of the application tell it.", self.name)
            )
        declared = (self.grade or known) if self.disability else "none"
        if declared != known:
            facts["disability"] = declared
        return facts


class FamilyCardApplication(models.Model):
    """An approved declaration corrects the household by dated events (R-004-50, R-004-52). Deaths and moves come
    from the registry, with no form (R-004-51)."""

    _inherit = "family.card.application"

    grade = fields.Selection(
        GRADES, "Grade of disability", help="Read by the office from the documents; DPCM 159/2013, annex 3 (R-004-19)."
    )

    def _line_of(self, person):
        """The membership of a person that holds today, in any household."""
        today = self.program_id._local_day(fields.Datetime.now())
        return person.membership_ids.filtered(lambda line: line._covers(today))[:1]

    def _declare_facts(self):
        """Put on file what only the applicant can tell of the people of the registry: students, disabilities. The
        registry itself decides who belongs to the household (R-004-10, R-004-19)."""
        self.ensure_one()
        for member in self.member_ids.filtered(lambda member: member.person_id and not member.dropped):
            line = self._line_of(member.person_id)
            if line.household_id == self.household_id and (facts := member._facts(line)):
                line.write(facts)
        self._declare_applicant_facts()

    def _declare_applicant_facts(self):
        """The same of the applicant."""
        line = self._line_of(self.applicant_id)
        facts = (
            self.env["family.card.application.member"]
            .new({"name": self.name, "student": self.student, "disability": self.disability, "grade": self.grade})
            ._facts(line)
        )
        if facts:
            line.write(facts)

    def _apply_variation(self):
        """Apply the declared changes as registry events of their day and compute the amount again; from when it
        holds, the credit of a period decides (R-004-50, R-004-52, R-004-53)."""
        self.ensure_one()
        for member in self.member_ids:
            self._apply_member(member)
        self._declare_applicant_facts()
        card = self.card_id
        if self.phone and self.phone != card.phone:
            card.phone = self.phone
        if self.special_outcome == "granted":
            card.write({"kind": "special", "special_act_id": self.special_act_id.id})
        self._compute_card(card)
        card.message_post(body=self.env._("Changed by the declaration %s.", self.number))

    def _apply_member(self, member):
        """Apply what was declared of one person.

        :param member: family.card.application.member
        :raises UserError: who left is not in the household, or a grade of disability is not chosen
        """
        day = member.since or self.program_id._local_day(self.filed_at)
        person = member.person_id
        line = self._line_of(person) if person else self.env["family.household.member"]
        inside = line.household_id == self.household_id
        if member.dropped:
            if not inside:
                raise UserError(self.env._("%s is not in the household of the registry.", member.name))
            # The last day in the household is the one before the declared change.
            self._record_event("move_out", person, day - timedelta(days=1), line.relation)
            return
        facts = member._facts(line)
        if inside and line.relation == member.relation and not facts:
            return
        if not person:
            person = self._new_person(member)
            member.person_id = person
        newborn = not line and member.relation in ("child", "foster") and member.birth_date
        if newborn and day - member.birth_date < timedelta(days=365):
            kind, day = "birth", member.since or member.birth_date
        else:
            kind = "household_change" if line else "move_in"
        self._record_event(kind, person, day, member.relation)
        if facts:
            self._line_of(person).write(facts)

    def _new_person(self, member):
        """Put a declared person on file who is not in the registry yet."""
        return self.env["res.partner"].create(
            {
                "name": member.name,
                "l10n_it_codice_fiscale": member.fiscal_code,
                "provisional_fiscal_code": len(member.fiscal_code or "") == 11,
                "birth_date": member.birth_date,
                "company_id": self.household_id.company_id.id,
            }
        )

    def _record_event(self, kind, person, day, relation):
        """Record and apply a registry event that comes from this declaration (R-004-50).

        :param str kind: kind of family.registry.event
        :param date day: local day of the event
        """
        event = self.env["family.registry.event"].create(
            {
                "kind": kind,
                "person_id": person.id,
                "household_id": self.household_id.id,
                "relation": relation,
                "date": day,
                "source": "declaration",
                "note": self.number,
                "company_id": self.company_id.id,
            }
        )
        event.action_apply()
        person.invalidate_recordset(["membership_ids"])
