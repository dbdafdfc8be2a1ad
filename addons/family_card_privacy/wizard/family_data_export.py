import base64

from odoo import fields, models
from odoo.exceptions import UserError


class FamilyDataExport(models.TransientModel):
    """Hand the data of a household over to whoever has a right to them; who did it and why is written down."""

    _name = "family.data.export"
    _description = "Data of a household"

    household_id = fields.Many2one(
        "res.partner", required=True, readonly=True, default=lambda self: self.env.context.get("active_id")
    )
    reason = fields.Char(required=True, help="Who asked, when and on what ground, e.g. request no. 123 of 3 April.")
    content = fields.Binary(readonly=True, attachment=False)
    file_name = fields.Char(readonly=True)

    def _note(self):
        """Check who asks and write it down.

        :raises UserError: no household, or no reason
        """
        self.ensure_one()
        self.household_id.check_access("read")
        if not self.household_id.is_household:
            raise UserError(self.env._("Open the household whose data are asked for."))
        if not (self.reason or "").strip():
            raise UserError(self.env._("Enter who asked and on what ground."))
        company = self.household_id.company_id or self.env.company
        self.env["family.access.log"]._note(self.household_id, "export", self.household_id, company, self.reason)

    def action_json(self):
        """Button: everything as JSON, to be read by another program.

        :raises UserError: as :meth:`_note`
        """
        self._note()
        self.write(
            {
                "content": base64.b64encode(self.household_id._household_json()),
                "file_name": f"household-{self.household_id.id}.json",
            }
        )
        return {
            "type": "ir.actions.act_url",
            "url": f"/web/content/{self._name}/{self.id}/content/{self.file_name}?download=true",
            "target": "download",
        }

    def action_pdf(self):
        """Button: the same, to be read by people.

        :raises UserError: as :meth:`_note`
        """
        self._note()
        return self.env.ref("family_card_privacy.report_household_data").report_action(self.household_id)
