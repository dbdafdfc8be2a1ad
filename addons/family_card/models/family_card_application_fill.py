from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..rules import fiscal_code, uploads


class FamilyCardApplication(models.Model):
    """Filling a draft in: from the registry, from the steps of the form, with documents."""

    _inherit = "family.card.application"

    _FILLED = frozenset(
        "name fiscal_code birth_date street email phone special_requested special_reason self_certified"
        " privacy_notice_id disability student".split()
    )
    _FILLED_MEMBER = frozenset("name fiscal_code birth_date relation disability student dropped since note".split())

    @api.model
    def _of_user(self, user):
        """All applications of a portal login, the latest first.

        :param user: res.users
        """
        return self.search([("applicant_user_id", "=", user.id)])

    @api.model
    def _draft_for(self, user, program):
        """The draft of a portal login in a programme; the first time it holds what the registry knows (R-004-11).

        :param user: res.users
        :param program: family.card.program
        :return: family.card.application in state draft
        """
        mine = self._of_user(user).filtered(lambda a: a.program_id == program and a.state == "draft")[:1]
        if mine:
            return mine
        citizen = user._citizen()
        # sudo: the portal reads and writes through this model's methods only
        draft = self.sudo().create(
            {
                "program_id": program.id,
                "channel": "portal",
                "applicant_user_id": user.id,
                "name": user.name,
                "email": user.email,
            }
        )
        if citizen:
            draft.write(draft._registry_values(citizen))
            draft.card_id = draft._live_card(draft.household_id)
        return draft.with_env(self.env)

    def _registry_values(self, person):
        """What the registry knows of an applicant and the household on the day of today.

        :param person: res.partner
        :return: values of this application
        """
        self.ensure_one()
        today = self.program_id._local_day(fields.Datetime.now())
        # sudo: whoever files need not see the registry; only the own household is copied into the own application
        person = person.sudo()
        line = person.membership_ids.filtered(lambda line: line._covers(today))[:1]
        household = line.household_id
        card = self._live_card(household)
        members = household._members_on(today) if household else household.household_member_ids
        others = members.filtered(lambda line: line.person_id != person)
        address = ", ".join(filter(None, (person.street, person.city)))
        phone = self._mobile(card.phone or person.phone)
        return {
            "applicant_id": person.id,
            "household_id": household.id,
            "kind": "variation" if card else "first",
            "name": person.name,
            "fiscal_code": self._valid_code(person),
            "birth_date": person.birth_date,
            "student": line.student,
            "disability": line.disability not in (False, "none"),
            # What was typed already stays when the registry knows nothing.
            **({"street": address} if address else {}),
            **({"phone": phone} if phone else {}),
            "member_ids": [fields.Command.clear()]
            + [
                fields.Command.create(
                    {
                        "name": line.person_id.name,
                        "fiscal_code": self._valid_code(line.person_id),
                        "birth_date": line.person_id.birth_date,
                        "relation": line.relation,
                        "disability": line.disability != "none",
                        "student": line.student,
                        "person_id": line.person_id.id,
                    }
                )
                for line in others
            ],
        }

    @api.model
    def _valid_code(self, person):
        """The fiscal code on file in stored form, False when it is none that a declaration could hold."""
        code = fiscal_code.normalise(person.l10n_it_codice_fiscale or "")
        return code if fiscal_code.is_valid(code, provisional=True) else False

    def _mobile(self, number):
        """The number on file in stored form, False when it is no mobile phone."""
        try:
            return bool(number) and self._clean_phone(number)
        except ValidationError:
            return False

    def _live_card(self, household):
        """The active or suspended card of a household in this programme, possibly empty."""
        if not household:
            return self.env["family.card"]
        return self.env["family.card"].search(
            [
                ("program_id", "=", self.program_id.id),
                ("household_id", "=", household.id),
                ("state", "in", ("active", "suspended")),
            ],
            limit=1,
        )

    def _fill(self, vals):
        """Write what the citizen entered in one step of the form (R-004-11).

        :param dict vals: any of name, fiscal_code, birth_date, street, email, phone, special_requested,
            special_reason, self_certified, privacy_notice_id; members: list of dict of everybody but the applicant
        :raises ValidationError: something is not valid, or the application was filed already
        """
        self.ensure_one()
        unknown = vals.keys() - self._FILLED - {"members"}
        if unknown:
            raise ValidationError(self.env._("These fields cannot be filled in here: %s.", ", ".join(sorted(unknown))))
        if self.state != "draft":
            raise ValidationError(self.env._("This application was sent already and can no longer be changed."))
        values = {name: self._filled_value(self, name, value) for name, value in vals.items() if name != "members"}
        if "members" in vals:
            members = [self._member_values(member) for member in vals["members"]]
            values["member_ids"] = [fields.Command.clear(), *map(fields.Command.create, members)]
        if values.get("privacy_notice_id"):
            notice = self.program_id._privacy_notice()
            if values["privacy_notice_id"] != notice.id:
                raise ValidationError(self.env._("The privacy notice has a new version: read it and accept it again."))
        self.write(values)

    @api.model
    def _filled_value(self, record, name, value):
        """A value from a form as the field wants it.

        :raises ValidationError: an impossible date, or an unknown choice
        """
        field = record._fields[name]
        if isinstance(value, str):
            value = value.strip()[: 4000 if field.type == "text" else 250]
        if not value:
            return False
        try:
            if field.type == "selection":
                return field.convert_to_cache(value, record)
            return fields.Date.to_date(value) if field.type == "date" else value
        except ValueError:
            raise ValidationError(
                self.env._("“%(label)s” is not valid.", label=field._description_string(self.env))
            ) from None

    @api.model
    def _member_values(self, member):
        """Values of a declared person.

        :raises ValidationError: unknown or impossible
        """
        model = self.env["family.card.application.member"]
        unknown = member.keys() - self._FILLED_MEMBER
        if unknown:
            raise ValidationError(self.env._("These fields cannot be filled in here: %s.", ", ".join(sorted(unknown))))
        values = {name: self._filled_value(model, name, value) for name, value in member.items()}
        if not values.get("name"):
            raise ValidationError(self.env._("Enter the name of every person of the household."))
        return values

    def _attach(self, name, content):
        """Keep a document of the citizen.

        :param str name: as the browser sent it
        :param bytes content: PDF, JPEG or PNG, at most 5 MB
        :return: ir.attachment
        :raises ValidationError: too large, or anything else by its content
        """
        self.ensure_one()
        if len(content) > uploads.MAX_BYTES:
            raise ValidationError(self.env._("The document is larger than 5 MB: send a smaller copy."))
        found = uploads.kind(content)
        if not found:
            raise ValidationError(self.env._("Only PDF, JPEG and PNG documents are accepted."))
        if self.state not in ("draft", "filed", "clarification"):
            raise ValidationError(self.env._("This application was decided: nothing can be added."))
        if len(self.sudo().attachment_ids) >= uploads.MAX_FILES:  # sudo: only the number
            raise ValidationError(self.env._("There are too many documents: remove some, or put them together."))
        mimetype, extension = found
        # sudo: the document belongs to the application; who may read that may read it
        return (
            self.env["ir.attachment"]
            .sudo()
            .create(
                {
                    "name": uploads.safe_name(name, extension),
                    "raw": content,
                    "mimetype": mimetype,
                    "res_model": self._name,
                    "res_id": self.id,
                }
            )
            .with_env(self.env)
        )
