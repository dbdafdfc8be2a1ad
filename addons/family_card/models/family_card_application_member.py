from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ..rules import fiscal_code
from .family_household_member import RELATIONS


class FamilyCardApplicationMember(models.Model):
    """A person as the applicant declared them (R-004-16)."""

    _name = "family.card.application.member"
    _description = "Declared household member"
    _order = "application_id, sequence, id"

    application_id = fields.Many2one("family.card.application", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="application_id.company_id", store=True, index=True)
    sequence = fields.Integer(default=10)
    name = fields.Char(required=True)
    fiscal_code = fields.Char()
    birth_date = fields.Date()
    relation = fields.Selection(RELATIONS, required=True, default="other")
    disability = fields.Boolean(help="A certified disability; the grade is read from the documents (R-004-19).")
    student = fields.Boolean(help="Counted by the quotient table (R-004-19).")
    dropped = fields.Boolean("Left", help="No longer in the household. Notice §6 (R-004-52).")
    since = fields.Date(help="Day of the change; empty: the day of filing. Notice §6 (R-004-50, R-004-52).")
    note = fields.Char()
    person_id = fields.Many2one(
        "res.partner",
        "Person in the registry",
        ondelete="restrict",
        index="btree_not_null",
        domain=[("is_household", "=", False), ("is_company", "=", False)],
    )

    _OFFICE = frozenset({"person_id", "note"})

    @api.model
    def _clean_code(self, code):
        """A fiscal code as it is stored.

        :param str code: as typed
        :raises ValidationError: not a person's code; the message does not repeat it
        """
        try:
            return fiscal_code.validate(code, provisional=True)
        except ValueError:
            raise ValidationError(
                self.env._(
                    "The fiscal code is not valid: a person's has 16 characters. Check it against the health card."
                )
            ) from None

    @api.onchange("fiscal_code")
    def _onchange_fiscal_code(self):
        if self.fiscal_code:
            self.fiscal_code = self._clean_code(self.fiscal_code)
            if not self.birth_date and len(self.fiscal_code) == 16:
                self.birth_date = fiscal_code.birth_date(self.fiscal_code, fields.Date.context_today(self))

    def _check_draft(self):
        """What was declared stays as it was signed.

        :raises UserError: the application was filed already
        """
        if not self.env.su and any(member.application_id.state != "draft" for member in self):
            raise UserError(self.env._("What was declared and signed stays as it is: ask for a clarification."))

    @api.model_create_multi
    def create(self, vals_list):
        """Add people to a draft."""
        members = super().create(
            [
                {**vals, "fiscal_code": self._clean_code(vals["fiscal_code"])} if vals.get("fiscal_code") else vals
                for vals in vals_list
            ]
        )
        members._check_draft()
        return members

    def write(self, vals):
        """Change people of a draft; whom they are in the registry is told afterwards too."""
        if vals.keys() - self._OFFICE:
            self._check_draft()
        if vals.get("fiscal_code"):
            vals = {**vals, "fiscal_code": self._clean_code(vals["fiscal_code"])}
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_only_draft(self):
        self._check_draft()
