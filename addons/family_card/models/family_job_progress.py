from odoo import api, fields, models
from odoo.tools import SQL


class FamilyJobProgress(models.Model):
    """How far a job is. A row of its own, because a job must not change from a second transaction what it is
    changing in its first."""

    _name = "family.job.progress"
    _description = "Progress of a job"
    _log_access = False
    _rec_name = "job_uuid"

    job_uuid = fields.Char("Job", required=True, readonly=True)
    stage = fields.Char(readonly=True)
    done = fields.Integer(readonly=True)
    total = fields.Integer(readonly=True)

    _job_unique = models.UniqueIndex("(job_uuid)")

    @api.autovacuum
    def _gc_progress(self):
        """Forget the jobs that the queue has forgotten."""
        self.env.cr.execute(
            SQL("DELETE FROM family_job_progress p WHERE NOT EXISTS (SELECT 1 FROM queue_job WHERE uuid = p.job_uuid)")
        )
