from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

# What the states of the queue mean to somebody who waits.
STATES = {
    "wait_dependencies": "waiting",
    "pending": "waiting",
    "enqueued": "waiting",
    "started": "running",
    "failed": "stopped",
    "cancelled": "stopped",
}


class FamilyJobMixin(models.AbstractModel):
    """A record with work that goes on in the background, one job at a time, and whose progress can be watched.

    The job's method starts with ``_job_``, does nothing when the record does not wait for it, and can be begun again
    after it was killed: the queue does that by itself when the server is back.
    """

    _name = "family.job.mixin"
    _description = "Work in the background"

    job_uuid = fields.Char(readonly=True, copy=False)
    job_method = fields.Char(readonly=True, copy=False)
    job_state = fields.Selection(
        [("waiting", "Waiting"), ("running", "Going on"), ("stopped", "Stopped")],
        compute="_compute_job",
        string="Work in the background",
    )
    job_percent = fields.Integer("Progress", compute="_compute_job")
    job_note = fields.Char("What is being done", compute="_compute_job")

    @api.depends("job_uuid")
    def _compute_job(self):
        self.env["queue.job"].flush_model(["uuid", "state"])
        self.env["family.job.progress"].flush_model()
        rows = self.env.execute_query(
            # Users see how far their own work is, not the queue.
            SQL(
                """SELECT j.uuid, j.state, p.stage, p.done, p.total
                     FROM queue_job j LEFT JOIN family_job_progress p ON p.job_uuid = j.uuid
                    WHERE j.uuid = ANY(%s)""",
                [record.job_uuid for record in self if record.job_uuid],
            )
        )
        jobs = {uuid: rest for uuid, *rest in rows}
        for record in self:
            state, stage, done, total = jobs.get(record.job_uuid, ("cancelled", None, 0, 0))
            record.job_state = STATES.get(state) if record.job_uuid else False
            record.job_percent = min(100, 100 * (done or 0) // total) if total else 0
            record.job_note = stage

    def _job_enqueue(self, method, description):
        """Leave work to the background; asked twice, it is done once.

        :param str method: name of a method ``_job_…`` without arguments
        :param str description: what the list of jobs says
        """
        self.ensure_one()
        delayed = self.with_delay(description=description, identity_key=f"{self._name},{self.id},{method}")
        job = getattr(delayed, method)()
        # sudo: which job works on a record is not for users to write
        self.sudo().write({"job_uuid": job.uuid, "job_method": method})

    def _job_progress(self, done, total, stage):
        """Tell how far the running job is; others see it at once, though the job's own changes are not saved yet.

        :param int done: pieces done
        :param int total: pieces in all
        :param str stage: what is being done, for people
        """
        uuid = self.env.context.get("job_uuid")
        if not uuid:
            return
        with self.env.registry.cursor() as cr:
            cr.execute(
                SQL(
                    """INSERT INTO family_job_progress (job_uuid, stage, done, total) VALUES (%s, %s, %s, %s)
                       ON CONFLICT (job_uuid) DO UPDATE
                       SET stage = excluded.stage, done = excluded.done, total = excluded.total""",
                    uuid,
                    stage,
                    done,
                    total,
                )
            )

    def action_job_restart(self):
        """Button: begin again work that stopped.

        :raises UserError: it did not stop
        """
        self.ensure_one()
        self.check_access("write")
        if self.job_state != "stopped" or not self.job_method:
            raise UserError(self.env._("The work has not stopped."))
        self._job_enqueue(self.job_method, self.display_name)
        return True

    def action_job_cancel(self):
        """Button: give up work that has not begun, or has stopped.

        :raises UserError: it is going on, or is done
        """
        self.ensure_one()
        self.check_access("write")
        # sudo: the queue is not for users, their own job is
        job = self.env["queue.job"].sudo().search([("uuid", "=", self.job_uuid)])
        if job.state in ("enqueued", "started", "done"):
            raise UserError(self.env._("The work is going on and cannot be given up: wait until it is done."))
        job.button_cancelled()
        self._job_given_up()
        return True

    def _job_given_up(self):
        """Bring the record back to where it was before the work was asked for."""
