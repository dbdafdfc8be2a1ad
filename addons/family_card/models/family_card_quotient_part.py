from odoo import api, models


class FamilyCardQuotientPart(models.AbstractModel):
    """Rows of a quotient table: they follow their table, which is frozen once in force (R-004-06)."""

    _name = "family.card.quotient.part"
    _description = "Part of a quotient table"

    @api.model_create_multi
    def create(self, vals_list):
        """Add rows to drafts."""
        rows = super().create(vals_list)
        rows.quotient_id._check_draft()
        return rows

    def write(self, vals):
        """Change rows of drafts.

        :raises UserError: the table is in force
        """
        self.quotient_id._check_draft()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_only_draft(self):
        self.quotient_id._check_draft()
