import psycopg2.errors

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tools import SQL, format_date

from ..rules import application as rules


class FamilyCardApplication(models.Model):
    """Filing: from a draft to an application that the office looks at."""

    _inherit = "family.card.application"

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
        self._set_strangers_aside()
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

    def _is_proven(self):
        """Whether the office knows that the applicant files: at its desk, or with the login it gave them.

        :return: bool
        """
        self.ensure_one()
        if self.channel == "desk":
            return True
        return bool(self.applicant_id) and self.applicant_user_id._citizen() == self.applicant_id

    def _set_strangers_aside(self):
        """A fiscal code is no secret: what an unknown login filed with somebody's code does not stop that person,
        nor their household (R-004-16, R-004-17). Whoever is known to the office goes before; the office reads when
        the other one was filed."""
        self.ensure_one()
        if self.kind != "first" or not self._is_proven():
            return
        # sudo: the others' applications are read and ended by the system, not by the applicant
        others = self.sudo().search(
            [
                ("id", "!=", self.id),
                ("program_id", "=", self.program_id.id),
                ("state", "in", ("filed", "clarification")),
                ("channel", "=", "portal"),
                "|",
                ("fiscal_code", "=", self.fiscal_code),
                ("household_id", "in", self.household_id.ids),
            ]
        )
        for other in others.filtered(lambda one: not one._is_proven()):
            other.write({"state": "withdrawn", "decided_at": fields.Datetime.now()})
            other.message_post(
                body=self.env._(
                    "Withdrawn: the person has filed with an identity that the office knows (%s).", self.name
                )
            )
            # sudo: the citizen may not write in the office's history
            self.sudo().message_post(
                body=self.env._(
                    "Replaces application %(number)s, which a login unknown to the office filed on %(day)s.",
                    number=other.number,
                    day=format_date(self.env, other.program_id._local_day(other.filed_at)),
                )
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
