from datetime import date, datetime

from odoo import fields

from .common import CorletoCase

# 05/02/2024 09:00 in Corleto Perticara (example A2)
A2 = datetime(2024, 2, 5, 8, 0)
PDF = b"%PDF-1.4 a document"


class ApplicationCase(CorletoCase):
    """The programme accepts applications as the notice says: from 05/02/2024, until 04/03/2024 also for Q1."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.terms.write({"check_residence": True, "check_taxes": True, "check_abode": True})
        cls.program.applications_from = date(2024, 2, 5)
        cls.env["family.card.application.window"].create(
            {
                "program_id": cls.program.id,
                "date_from": "2024-02-05",
                "date_to": "2024-03-04",
                "first_period_id": cls.q1.id,
            }
        )
        cls.notice = cls.env["family.privacy.notice"].create(
            {"name": "Privacy", "version": "1", "valid_from": "2024-01-01", "body": "<p>Controller: the Comune</p>"}
        )
        cls.citizen_user = cls.user("anna@example.org", "base.group_portal")
        cls.officer = cls.user("desk", "family_card.group_officer")

    @classmethod
    def declared(cls, person, **vals):
        """What a person declares when applying."""
        return {
            "name": person.name,
            "fiscal_code": person.l10n_it_codice_fiscale,
            "birth_date": person.birth_date,
            "street": "Via Roma 1, Corleto Perticara",
            "phone": "347 123 4567",
            "self_certified": True,
            "privacy_notice_id": cls.notice.id,
            **vals,
        }

    @classmethod
    def draft(cls, family=None, **vals):
        """A draft of the desk, for the head of a household."""
        family = family or cls.household()
        person = family._head_on(fields.Date.context_today(family))
        return cls.env["family.card.application"].create(
            {"program_id": cls.program.id, **cls.declared(person), "applicant_id": person.id, **vals}
        )

    @classmethod
    def filed(cls, family=None, at=A2, **vals):
        """An application filed at an instant."""
        application = cls.draft(family, **vals)
        application._file(at)
        return application

    def portal_draft(self, person, **vals):
        """A draft that a portal login has filled in."""
        draft = self.env["family.card.application"]._draft_for(self.citizen_user, self.program)
        draft._fill(self.declared(person, **vals))
        return draft
