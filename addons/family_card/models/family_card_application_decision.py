from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date, plaintext2html

from ..rules import sms_text


class FamilyCardApplication(models.Model):
    """Questions to the citizen, their answers, and the decision (R-004-13, R-004-39, R-004-52)."""

    _inherit = "family.card.application"

    disability = fields.Boolean("Disability of the applicant", help="A certified disability (R-004-19).")
    student = fields.Boolean("The applicant is a student", help="Counted by the quotient table (R-004-19).")
    special_outcome = fields.Selection(
        [("pending", "To assess"), ("granted", "Granted"), ("denied", "Not granted")],
        "Special card",
        default="pending",
        required=True,
        copy=False,
        tracking=True,
    )
    social_assessment = fields.Text(
        "Assessment of the social office", copy=False, help="Reasons assessed. Notice §4 (R-004-39)."
    )
    special_act_id = fields.Many2one(
        "family.card.act",
        "Act for the special card",
        copy=False,
        ondelete="restrict",
        domain="[('program_id', '=', program_id), ('kind', '=', 'giunta')]",
        help="Giunta act that approves the special card. Notice §4 (R-004-39).",
    )

    def action_match(self):
        """Button: look again in the registry for whoever is not found yet, and let it tell the checks.

        :raises UserError: the applicant is not in the registry
        """
        self.check_access("write")
        self._propose_match()
        self._read_checks()
        for application in self:
            application._check_matched()
        return True

    def write(self, vals):
        """A person or household chosen by an officer may change what the registry tells."""
        result = super().write(vals)
        if {"applicant_id", "household_id"} & vals.keys():
            self.filtered(lambda a: a.state in ("filed", "clarification"))._read_checks()
        return result

    def _ask(self, question, due_on):
        """Ask the citizen for a clarification: on the portal, by e-mail and SMS.

        :param str question: what is asked
        :param date due_on: last day for the answer, or False
        :return: family.card.clarification
        :raises UserError: no question, or the application is not being looked at
        """
        self.ensure_one()
        self.check_access("write")
        if not question:
            raise UserError(self.env._("Write what the citizen should answer."))
        if self.state not in ("filed", "clarification"):
            raise UserError(self.env._("Only an application that was filed and not decided needs a clarification."))
        # sudo: clarifications and states are written by this action only
        clarification = (
            self.env["family.card.clarification"]
            .sudo()
            .create({"application_id": self.id, "question": question, "due_on": due_on, "asked_by": self.env.uid})
        )
        self.sudo().state = "clarification"
        self.message_post(body=self.env._("Question to the citizen: %s", question))
        local = self.with_context(lang=self.program_id._message_lang())
        day = format_date(local.env, due_on) if due_on else local.env._("soon")
        local._tell(
            local.env._("%(sender)s: application %(number)s needs an answer by %(day)s. See the portal or come to us."),
            {"day": day},
            local.env._("Application %s: a question", self.number),
            question,
        )
        return clarification

    def _tell(self, template, values, subject, text):
        """Tell the citizen something by SMS, and by e-mail when an address was given.

        :param str template: SMS with the places sender and number
        :param dict values: further places of the template
        :param str subject: of the e-mail
        :param str text: of the e-mail
        """
        program = self.program_id
        values = {"sender": program.sender, "number": self.number, **values}
        body = sms_text.fit(template, values, cut=("sender",))
        message = {"number": self.phone, "body": body, "company_id": self.company_id.id}
        # sudo: messages are written by the system on behalf of officers
        self.env["sms.sms"].sudo()._queue([{**message, "partner_id": self.applicant_id.id or None}])
        if self.email:
            self.env["mail.mail"].sudo().create(
                {
                    "subject": subject,
                    "body_html": plaintext2html(f"{self.name},\n\n{text}\n\n{program.sender}"),
                    "email_to": self.email,
                    "auto_delete": True,
                }
            )

    def _clarified(self, clarification):
        """The citizen answered: with no question left the application is back at the office.

        :param clarification: family.card.clarification just answered
        """
        self.ensure_one()
        application = self.sudo()  # sudo: the citizen's login may not write in the office's history
        application.message_post(body=self.env._("Answer of the citizen: %s", clarification.answer or ""))
        if all(application.clarification_ids.mapped("answered_at")):
            application.state = "filed"

    def action_withdraw(self):
        """Button: the citizen takes the application back at the desk."""
        self.check_access("write")
        self._withdraw()
        return True

    def _refuse(self, reason):
        """Refuse with a reason that the citizen is told.

        :param str reason: shown on the portal, in the e-mail and in the history
        :raises UserError: no reason, or decided already
        """
        reason = (reason or "").strip()
        if not reason:
            raise UserError(self.env._("Say why: the household may ask."))
        for application in self:
            application._decide("refused", reason)
            local = application.with_context(lang=application.program_id._message_lang())
            local._tell(
                local.env._(
                    "%(sender)s: application %(number)s was not accepted. The reason is on the portal and at our desk."
                ),
                {},
                local.env._("Application %s: not accepted", application.number),
                reason,
            )

    def _decide(self, state, reason=False):
        """Write a decision with its author.

        :param str state: approved or refused
        :raises UserError: it is not being looked at
        """
        self.ensure_one()
        self.check_access("write")
        if self.state not in ("filed", "clarification"):
            raise UserError(self.env._("This application was decided already, or was never filed."))
        # sudo: a decision is written by this action only
        self.sudo().write(
            {
                "state": state,
                "decision_reason": reason,
                "decided_at": fields.Datetime.now(),
                "decided_by": self.env.uid,
            }
        )

    def _check_approvable(self):
        """What must be right before an approval (R-004-10, R-004-13, R-004-15, R-004-39).

        :raises UserError: the first thing that is not
        """
        self.ensure_one()
        if self.state != "filed":
            raise UserError(self.env._("Only an application that waits for nobody can be approved."))
        self._check_matched()
        self._read_checks()
        kinds = dict(self.env["family.card.check"]._fields["kind"]._description_selection(self.env))
        lacking = self.check_ids.filtered(lambda check: check.required and check.outcome != "passed")
        if lacking:
            raise UserError(
                self.env._(
                    "These requirements are not passed: %s. Decide them first, or refuse the application.",
                    ", ".join(kinds[check.kind] for check in lacking),
                )
            )
        if self.special_requested and self.special_outcome == "pending":
            raise UserError(self.env._("Decide on the special card first: the social office assesses the reasons."))
        if self.special_outcome == "granted" and not (self.special_act_id and self.social_assessment):
            raise UserError(
                self.env._("A special card needs the assessment of the social office and the giunta act (notice §4).")
            )

    def action_approve(self):
        """Button: accept the application. A first one gives the household its card, PIN by SMS; a declaration of
        changes corrects the household and its amount (R-001-04, R-004-13, R-004-52).

        :raises UserError: something of :meth:`_check_approvable` is missing
        """
        self.check_access("write")
        for application in self:
            application._check_approvable()
            if application.kind == "first":
                application._declare_facts()
                application._issue_card()
            else:
                application._apply_variation()
            application._decide("approved")
            application._link_citizen()
        return True

    def _issue_card(self):
        """Create and issue the card of the household (R-004-08, R-004-13, R-004-17, R-004-21, R-004-22)."""
        self.ensure_one()
        program = self.program_id
        period = self._first_resident_period()
        if not period and program.period_ids:
            raise UserError(
                self.env._(
                    "The programme has not the quarter with which this application starts: add it to its periods first."
                )
            )
        cards = self.env["family.card"]
        vals = {
            "holder_id": self.applicant_id.id,
            "phone": self.phone,
            "first_period_id": period.id,
            "kind": "special" if self.special_outcome == "granted" else "standard",
            "special_act_id": self.special_act_id.id if self.special_outcome == "granted" else False,
        }
        card = cards.search(
            [
                ("program_id", "=", program.id),
                ("household_id", "=", self.household_id.id),
                ("state", "=", "draft"),
            ],
            limit=1,
        )
        if card:
            card.write(vals)
        else:
            card = cards.create({"program_id": program.id, "household_id": self.household_id.id, **vals})
        if card.kind != "special":
            card.kind = card.suggested_kind or "standard"
        self._compute_card(card)
        # sudo: written by this action only
        self.sudo().write({"card_id": card.id, "first_period_id": period.id})
        card.action_activate()
        card.message_post(body=self.env._("Issued on application %s.", self.number))

    def _compute_card(self, card):
        """Compute the yearly credit when the programme has a table; a household that cannot be computed goes to
        the work list with the reason (R-004-19, R-004-52)."""
        today = self.program_id._local_day(fields.Datetime.now())
        if self.program_id._quotient_at(today):
            card._compute_amounts(today)

    def _link_citizen(self):
        """The login of an applicant whose identity was established belongs to that person (R-004-101)."""
        self.ensure_one()
        identity = self.check_ids.filtered(lambda check: check.kind == "identity" and check.outcome == "passed")
        user = self.applicant_user_id
        # sudo: officers may not write users; only a portal login is linked, and only to the matched applicant
        if identity and user and not user.sudo().citizen_id and user._is_portal():
            user.sudo().citizen_id = self.applicant_id
        self.consent_ids.sudo().partner_id = self.applicant_id  # sudo: acceptances are written by methods only
