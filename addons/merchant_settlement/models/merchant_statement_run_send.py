import time

from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.stored_value.tools import read_committed

from .merchant_statement_run_work import JOB_SECONDS, REQUEST_SECONDS


class MerchantStatementRun(models.Model):
    """Sends the statements of a run, each committed as it is sent: begun again it sends only what is left."""

    _inherit = "merchant.statement.run"

    to_send_count = fields.Integer("Number to send", compute="_compute_to_send_count")

    @api.depends("statement_ids.state")
    def _compute_to_send_count(self):
        counts = dict(
            self.env["merchant.statement"]._read_group(
                [("run_id", "in", self.ids), ("state", "=", "draft")], ["run_id"], ["__count"]
            )
        )
        for run in self:
            run.to_send_count = counts.get(run, 0)

    def action_send(self):
        """Button: send what is to send; what takes longer goes on in the background (R-004-97).

        :raise UserError: the run is not done, or everything was sent
        """
        self.ensure_one()
        self.check_access("write")
        if self.state != "done" or not self.to_send_count:
            raise UserError(self.env._("There is no statement of this month to send."))
        self._send_drafts(REQUEST_SECONDS)
        return True

    def _job_send(self):
        """Job: go on sending."""
        self.ensure_one()
        self._send_drafts(JOB_SECONDS)

    def _send_drafts(self, seconds):
        """Send draft after draft, each committed, until done or out of time.

        :param seconds: how long to go on before the rest is left to the queue
        """
        drafts = self.env["merchant.statement"].search([("run_id", "=", self.id), ("state", "=", "draft")], order="id")
        deadline = time.monotonic() + seconds
        for done, draft in enumerate(drafts):
            if time.monotonic() > deadline:
                self._job_enqueue("_job_send", self.env._("Sending the statements of %s", self.display_name))
                return
            # what was sent is kept, though the next PDF cannot be made
            read_committed(self.env)
            draft._send()
            self._job_progress(done + 1, len(drafts), self.env._("Sending statements"))
