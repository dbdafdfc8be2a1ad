from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError

ASKED = timedelta(minutes=10)


class ReportHouseholdData(models.AbstractModel):
    _name = "report.family_card_privacy.household_data"
    _description = "Data of a household, on paper"

    @api.model
    def _get_report_values(self, docids, data=None):
        """The households and what is on file about them.

        :raises UserError: nobody has said why just before
        """
        households = self.env["res.partner"].browse(docids)
        households.check_access("read")
        # sudo: users do not read the log, but the reason must be in it
        noted = (
            self.env["family.access.log"]
            .sudo()
            .search(
                [
                    ("user_id", "=", self.env.uid),
                    ("action", "=", "export"),
                    ("household_id", "in", docids),
                    ("at", ">", fields.Datetime.now() - ASKED),
                ]
            )
        )
        if households - noted.household_id:
            raise UserError(self.env._("Say first who asked: use “Data of the household” on the household."))
        return {
            "doc_ids": docids,
            "doc_model": "res.partner",
            "docs": households,
            "parts": {household.id: household._household_data() for household in households},
        }
