from odoo import models
from odoo.exceptions import UserError


class FamilyRegistryImport(models.Model):
    """Checks and imports large files in the background; killed in the middle, nothing was written and the queue
    begins again."""

    _inherit = "family.registry.import"

    def _job_check(self):
        """Job: read the file and keep what it would change; a file that cannot be read goes back with the reason."""
        self.ensure_one()
        if self.state != "checking":
            return
        record = self.with_company(self.company_id)
        try:
            parsed, plan = record._compare()
        except UserError as error:
            # sudo: state and reason are written by the actions and their jobs only
            self.sudo().write({"state": "draft", "failure": str(error)})
            return
        # sudo: the preview is written by the check only
        record.sudo()._keep(parsed, plan)

    def _job_import(self):
        """Job: carry out what was confirmed, as a whole or not at all."""
        self.ensure_one()
        if self.state != "queued":
            return
        try:
            with self.env.cr.savepoint():
                self.with_company(self.company_id)._import()
        except UserError as error:
            # sudo: state and reason are written by the actions and their jobs only
            self.sudo().write({"state": "checked", "failure": str(error)})

    def _job_given_up(self):
        """The file is again what it was before."""
        for record in self.filtered(lambda record: record.state in ("checking", "queued")):
            # sudo: the state is written by the actions only
            record.sudo().state = "draft" if record.state == "checking" else "checked"
        return super()._job_given_up()
