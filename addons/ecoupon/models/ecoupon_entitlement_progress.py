from odoo import api, fields, models
from odoo.tools import SQL


class EcouponEntitlementProgress(models.Model):
    """How far the application of a long list is. A row of its own, because a job must not change from a second
    transaction what it is changing in its first."""

    _name = "ecoupon.entitlement.progress"
    _description = "Progress of a list of entitled people"
    _log_access = False
    _rec_name = "job_uuid"

    job_uuid = fields.Char("Job", required=True, readonly=True)
    percent = fields.Integer(readonly=True)

    _job_unique = models.UniqueIndex("(job_uuid)")

    @api.autovacuum
    def _gc_progress(self):
        """Forget the jobs that the queue has forgotten."""
        self.env.cr.execute(
            SQL(
                "DELETE FROM ecoupon_entitlement_progress p"
                " WHERE NOT EXISTS (SELECT 1 FROM queue_job WHERE uuid = p.job_uuid)"
            )
        )
