import psycopg2.errors

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tools import SQL

from ..rules import application as rules
from ..rules import fiscal_code, uploads


class FamilyCardApplication(models.Model):
    """Filing: from a draft to an application that the office looks at."""

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
        others = household._members_on(today).filtered(lambda line: line.person_id != person)
        address = ", ".join(filter(None, (person.street, person.city)))
        phone = self._mobile(card.phone or person.phone)
        return {
            "applicant_id": person.id,
            "household_id": household.id,
            "kind": "variation" if card else "first",
            "card_id": card.id,
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

    def _declared(self):
        """Everybody declared, the applicant first.

        :return: list of rules.application.Declared
        """
        self.ensure_one()
        applicant = rules.Declared(self.name or "", self.fiscal_code or "", self.birth_date or None, "head")
        return [applicant] + [
            rules.Declared(m.name or "", m.fiscal_code or "", m.birth_date or None, m.relation, m.dropped)
            for m in self.member_ids
        ]

    def _missing(self):
        """What lacks before the application can be filed (R-004-11, R-004-15, R-004-18, R-004-100).

        :return: list of sentences, empty when it is complete
        """
        self.ensure_one()
        lacking = []
        if not self.name:
            lacking.append(self.env._("Enter the first and last name of the head of household."))
        if not self.fiscal_code:
            lacking.append(self.env._("Enter the fiscal code of the head of household."))
        if not self.street:
            lacking.append(self.env._("Enter the address of residence."))
        if not self.phone:
            lacking.append(self.env._("Enter a mobile number: the PIN is sent there."))
        today = self.program_id._local_day(fields.Datetime.now())
        lacking += [self._problem_text(code, name) for code, name in rules.problems(self._declared(), today)]
        if self.special_requested and not (self.special_reason or "").strip():
            lacking.append(self.env._("Say why the household asks for a special card."))
        if not self.self_certified:
            lacking.append(self.env._("The head of household must sign the self-certification."))
        if not self.privacy_notice_id:
            lacking.append(self.env._("Read and accept the privacy notice."))
        return list(dict.fromkeys(lacking))

    @api.model
    def _problem_text(self, code, name):
        """A problem of the declared household in words."""
        return {
            "no_head": lambda: self.env._("Only the head of household signs: the household has none."),
            "two_heads": lambda: self.env._("Only the head of household signs: %s is declared as a second head.", name),
            "no_name": lambda: self.env._("Enter the name of every person of the household."),
            "bad_code": lambda: self.env._("The fiscal code of %s is not valid.", name),
            "no_birth": lambda: self.env._("Enter the birth date of %s.", name),
            "born_later": lambda: self.env._("The birth date of %s is in the future.", name),
            "wrong_birth": lambda: self.env._("The birth date of %s contradicts the fiscal code.", name),
            "twice": lambda: self.env._("%s is declared twice.", name),
        }[code]()

    def _file(self, at=None):
        """Send the application to the office; its instant decides the first quarter (R-004-11, R-004-12,
        R-004-20 to R-004-22).

        :param datetime at: naive UTC, now when empty
        :raises ValidationError: not open, incomplete, or one is on record already
        """
        self.ensure_one()
        at = at or fields.Datetime.now()
        if self.state != "draft":
            raise ValidationError(self.env._("This application was sent already."))
        window = self.program_id._application_window(at)
        if self.kind == "first" and not window.open:
            raise ValidationError(self.program_id._application_problem(at))
        if self.kind == "variation" and self.program_id.state != "open":
            raise ValidationError(self.env._("%s accepts no applications now.", self.program_id.name))
        lacking = self._missing()
        if lacking:
            raise ValidationError("\n".join(lacking))
        self._propose_match()
        self._check_single()
        self._mark_filed(
            {
                "number": self.program_id._next_application_number(),
                "filed_at": at,
                "consent_at": at,
                "first_period_id": window.first_period.id if self.kind == "first" else False,
                "user_id": self.env.uid if self.channel == "desk" else False,
            }
        )
        self._after_filing()

    def _mark_filed(self, vals):
        """Write the filing. The unique indexes decide between two filings at the same instant.

        :raises ValidationError: another one of the person or household was first
        """
        # sudo: the filing is written by this action only
        self.sudo().write(vals)
        self.env.flush_all()
        try:
            with self.env.cr.savepoint():
                # Not through the ORM: the fiscal code of a violation must not end up in a line of the log.
                self.env.cr.execute(
                    SQL("UPDATE family_card_application SET state = 'filed' WHERE id = %s", self.id),
                    log_exceptions=False,
                )
        except psycopg2.errors.UniqueViolation:
            raise ValidationError(self._single_text()) from None
        self.invalidate_recordset(["state"], flush=False)
        self.modified(["state"])

    def _single_text(self):
        # The same words for a card and for an application: whoever types a stranger's code learns no more.
        return self.env._(
            "For this person or household something is on record already in %s: one application, one card. "
            "Ask the Information Point.",
            self.program_id.name,
        )

    def _check_single(self):
        """One application looked at and one card per household (R-004-17).

        :raises ValidationError: there is one already, or the card to change is missing
        """
        # sudo: only whether one exists leaves here
        others = self.sudo().search_count(
            [
                ("id", "!=", self.id),
                ("program_id", "=", self.program_id.id),
                ("state", "in", ("filed", "clarification")),
                "|",
                ("fiscal_code", "=", self.fiscal_code),
                ("household_id", "in", self.household_id.ids),
            ],
            limit=1,
        )
        card = self.sudo()._live_card(self.household_id)
        held = (
            self.env["family.card"]
            .sudo()
            .search_count(  # sudo: as above
                [
                    ("program_id", "=", self.program_id.id),
                    ("fiscal_code", "=", self.fiscal_code),
                    ("state", "in", ("active", "suspended")),
                ],
                limit=1,
            )
        )
        if others or (self.kind == "first" and (card or held)):
            raise ValidationError(self._single_text())
        if self.kind == "variation":
            user = self.applicant_user_id
            if user and user._citizen() != self.applicant_id:
                raise ValidationError(self.env._("Changes are declared for the own household only."))
            if not card:
                raise ValidationError(
                    self.env._("The household has no card whose data could change: file an application.")
                )
            self.sudo().card_id = card  # sudo: written by the actions only

    def _after_filing(self):
        """What follows from filing: checks, consent, history."""
        self.ensure_one()
        self.sudo()._make_checks()  # sudo: the citizen's login may not read the registry
        # sudo: the acceptance is a record of the system about this filing
        self.env["family.privacy.consent"].sudo().create(
            {
                "notice_id": self.privacy_notice_id.id,
                "application_id": self.id,
                "partner_id": (self.applicant_id or self.applicant_user_id.partner_id).id,
                "given_at": self.consent_at,
                "channel": self.channel,
                "user_id": self.env.uid,
            }
        )
        if self.channel == "desk":
            body = self.env._("Filed at the Information Point by %s for the applicant.", self.env.user.name)
        else:
            body = self.env._("Filed on the portal.")
        self.sudo().message_post(body=body)  # sudo: the citizen may not write in the office's history

    def action_file(self):
        """Button: file at the Information Point for the citizen (R-004-12).

        :raises AccessError: a draft of the portal belongs to whoever writes it
        """
        self.check_access("write")
        for application in self:
            if application.channel != "desk":
                raise AccessError(self.env._("The citizen files this application on the portal."))
            application._file()
        return True

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

    def _withdraw(self):
        """The citizen takes the application back; a draft disappears.

        :raises UserError: it was decided already
        """
        for application in self:
            if application.state == "draft":
                application.sudo().unlink()  # sudo: the own draft; whose it is, the caller checked
            elif application.state in ("filed", "clarification"):
                # sudo: the state is written by the actions only
                application.sudo().write({"state": "withdrawn", "decided_at": fields.Datetime.now()})
            else:
                raise UserError(self.env._("This application was decided and can no longer be withdrawn."))
