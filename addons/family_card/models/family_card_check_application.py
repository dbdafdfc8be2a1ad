from odoo import api, fields, models
from odoo.exceptions import ValidationError


class FamilyCardCheck(models.Model):
    """A requirement may also be looked at for an application, before its household is found (R-004-13)."""

    _inherit = "family.card.check"

    household_id = fields.Many2one(required=False)
    application_id = fields.Many2one("family.card.application", index="btree_not_null", ondelete="cascade")

    _application_unique = models.UniqueIndex(
        "(application_id, kind) WHERE application_id IS NOT NULL",
        "This requirement is checked once for an application.",
    )

    @api.constrains("household_id", "application_id")
    def _check_subject(self):
        """A check is about a household or about an application.

        :raises ValidationError: neither
        """
        for check in self:
            if not (check.household_id or check.application_id):
                raise ValidationError(self.env._("Choose the household that is checked."))

    @api.depends("application_id")
    def _compute_display_name(self):
        result = super()._compute_display_name()
        for check in self.filtered(lambda check: not check.household_id):
            check.display_name = f"{check.display_name}{check.application_id.display_name or ''}"
        return result
