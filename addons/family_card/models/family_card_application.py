from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ..rules import application as rules
from ..rules import fiscal_code


class FamilyCardApplication(models.Model):
    """A household's application to the notice, or its declaration of a change: who declared what and when, what
    was checked, what was decided (R-001-04, R-004-11)."""

    _name = "family.card.application"
    _description = "Application"
    _inherit = ["own.fields", "mail.thread", "mail.activity.mixin"]
    _order = "filed_at desc, id desc"
    _rec_name = "number"

    program_id = fields.Many2one(
        "family.card.program",
        required=True,
        index=True,
        ondelete="restrict",
        default=lambda self: self.env["family.card"]._default_program(),
        domain=[("state", "!=", "closed")],
    )
    company_id = fields.Many2one(related="program_id.company_id", store=True, index=True)
    number = fields.Char(readonly=True, copy=False, index=True)
    kind = fields.Selection(
        [("first", "First application"), ("variation", "Declaration of changes")],
        required=True,
        default="first",
        help="Changes of a quarter are declared with the same form. Notice §6 (R-004-50).",
    )
    channel = fields.Selection(
        [("portal", "Portal"), ("desk", "Information Point")], required=True, default="desk", readonly=True
    )
    state = fields.Selection(
        [
            ("draft", "Draft"),
            ("filed", "Filed"),
            ("clarification", "Waiting for the citizen"),
            ("approved", "Approved"),
            ("refused", "Refused"),
            ("withdrawn", "Withdrawn"),
        ],
        required=True,
        default="draft",
        readonly=True,
        copy=False,
        index=True,
        tracking=True,
    )
    filed_at = fields.Datetime(
        readonly=True, copy=False, help="The instant decides the first quarter. Notice §3 (R-004-20 to R-004-22)."
    )
    applicant_user_id = fields.Many2one(
        "res.users", "Portal user", readonly=True, copy=False, index="btree_not_null", ondelete="restrict"
    )
    user_id = fields.Many2one(
        "res.users",
        "Filed for the citizen by",
        readonly=True,
        copy=False,
        help="Officer of the Information Point who filed on the citizen's behalf. Notice §3 (R-004-12).",
    )
    name = fields.Char("First and last name", tracking=True)
    fiscal_code = fields.Char(copy=False, index="btree_not_null")
    fiscal_code_masked = fields.Char("Masked fiscal code", compute="_compute_fiscal_code_masked")
    birth_date = fields.Date()
    street = fields.Char("Address")
    phone = fields.Char("Mobile number", help="The PIN and all messages go here. Notice §3 (R-004-18).")
    email = fields.Char()
    member_ids = fields.One2many("family.card.application.member", "application_id", "Household declared", copy=True)
    self_certified = fields.Boolean(
        "Self-certification",
        copy=False,
        help="The head of household declares under DPR 445/2000 that this is true. Notice §3 (R-004-11, R-004-15).",
    )
    privacy_notice_id = fields.Many2one(
        "family.privacy.notice",
        "Privacy notice accepted",
        copy=False,
        ondelete="restrict",
        domain="[('audience', '=', 'holder'), '|', ('program_id', '=', program_id), ('program_id', '=', False)]",
        help="The version that was shown. Notice, privacy (R-004-100).",
    )
    consent_at = fields.Datetime("Privacy notice accepted on", readonly=True, copy=False)
    consent_ids = fields.One2many("family.privacy.consent", "application_id", readonly=True)
    special_requested = fields.Boolean("Asks for the special card", help="On justified request. Notice §4 (R-004-39).")
    special_reason = fields.Text("Why a special card")
    attachment_ids = fields.One2many(
        "ir.attachment", "res_id", "Documents", domain=[("res_model", "=", "family.card.application")], readonly=True
    )
    applicant_id = fields.Many2one(
        "res.partner",
        "Applicant in the registry",
        index="btree_not_null",
        ondelete="restrict",
        copy=False,
        tracking=True,
        domain=[("is_household", "=", False), ("is_company", "=", False)],
        help="The head of household. Notice §2.2 and §3 (R-004-10, R-004-15).",
    )
    household_id = fields.Many2one(
        "res.partner",
        "Household in the registry",
        index="btree_not_null",
        ondelete="restrict",
        copy=False,
        tracking=True,
        domain=[("is_household", "=", True)],
    )
    card_id = fields.Many2one("family.card", index="btree_not_null", ondelete="restrict", copy=False, readonly=True)
    first_period_id = fields.Many2one(
        "family.card.period",
        "First quarter",
        readonly=True,
        copy=False,
        ondelete="restrict",
        help="By the instant of filing, however long the decision takes. Notice §3 (R-004-21, R-004-22, A13, A30).",
    )
    clarification_ids = fields.One2many("family.card.clarification", "application_id", "Clarifications", copy=False)
    decision_reason = fields.Text("Reason of the decision", readonly=True, copy=False, tracking=True)
    decided_at = fields.Datetime("Decided on", readonly=True, copy=False)
    decided_by = fields.Many2one("res.users", readonly=True, copy=False)

    _number_unique = models.UniqueIndex("(company_id, number)", "This application number exists already.")
    _person_open = models.UniqueIndex(
        "(program_id, fiscal_code) WHERE state IN ('filed', 'clarification')",
        "An application of this person is being looked at already in this programme.",
    )
    _household_open = models.UniqueIndex(
        "(program_id, household_id) WHERE state IN ('filed', 'clarification') AND household_id IS NOT NULL",
        "An application of this household is being looked at already in this programme.",
    )

    # What only the application's own actions may write.
    _PROTECTED = frozenset(
        {
            "number",
            "channel",
            "state",
            "filed_at",
            "applicant_user_id",
            "user_id",
            "consent_at",
            "card_id",
            "first_period_id",
            "decision_reason",
            "decided_at",
            "decided_by",
        }
    )
    # What the citizen declared; it stays as it was signed.
    _DECLARED = frozenset(
        "program_id kind name fiscal_code birth_date street phone email member_ids self_certified privacy_notice_id"
        " special_requested special_reason disability student".split()
    )

    @api.depends("fiscal_code")
    def _compute_fiscal_code_masked(self):
        for application in self:
            application.fiscal_code_masked = fiscal_code.mask(application.fiscal_code or "")

    @api.depends("number", "name")
    def _compute_display_name(self):
        for application in self:
            application.display_name = application.number or self.env._("Draft of %s", application.name or "…")

    @api.onchange("phone")
    def _onchange_phone(self):
        if self.phone:
            self.phone = self._clean_phone(self.phone)

    @api.onchange("applicant_id")
    def _onchange_applicant_id(self):
        """At the desk the registry fills in what it knows of the applicant and the household."""
        if self.state == "draft" and self.applicant_id:
            self.update(self._registry_values(self.applicant_id))

    def _clean_phone(self, number):
        """A mobile number in international form (R-004-18).

        :param str number: as typed
        :raises ValidationError: it cannot be a mobile phone
        """
        country = self.company_id.country_id or self.env.company.country_id
        clean = self._phone_format(number=number, country=country)
        if not clean or not rules.is_mobile(clean):
            raise ValidationError(self.env._("Enter a mobile number, such as 347 123 4567: the PIN is sent there."))
        return clean

    def _clean(self, vals):
        """Values with phone number and fiscal code in the form they are stored.

        :raises ValidationError: one of them is not valid
        """
        vals = dict(vals)
        if vals.get("phone"):
            vals["phone"] = self._clean_phone(vals["phone"])
        if vals.get("fiscal_code"):
            vals["fiscal_code"] = self.env["family.card.application.member"]._clean_code(vals["fiscal_code"])
        return vals

    def _own_fields(self):
        return super()._own_fields() | self._PROTECTED

    def _own_refusal(self):
        return self.env._("These fields of an application change only through its buttons.")

    @api.model_create_multi
    def create(self, vals_list):
        """Create drafts; they are filed with :meth:`action_file`."""
        return super().create([self._clean(vals) for vals in vals_list])

    def write(self, vals):
        """Write drafts freely; of a filed application only what the office adds.

        :raises UserError: a field of the actions, or what the citizen declared and signed
        """
        if not self.env.su and self._DECLARED & vals.keys() and any(a.state != "draft" for a in self):
            raise UserError(self.env._("What was declared and signed stays as it is: ask for a clarification."))
        return super().write(self._clean(vals))

    @api.ondelete(at_uninstall=False)
    def _unlink_only_draft(self):
        if any(application.state != "draft" for application in self):
            raise UserError(self.env._("A filed application is never deleted: refuse or withdraw it."))

    def _public_state(self):
        """The state in the words of the citizen's page, translated."""
        self.ensure_one()
        return {
            "draft": self.env._("Not sent yet"),
            "filed": self.env._("Received, being checked"),
            "clarification": self.env._("We need an answer from you"),
            "approved": self.env._("Accepted"),
            "refused": self.env._("Not accepted"),
            "withdrawn": self.env._("Withdrawn"),
        }[self.state]
