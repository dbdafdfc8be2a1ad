from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from odoo.addons.stored_value.tools import read_committed


class EcouponBatch(models.Model):
    """A batch that is taken back: the paper was lost, or printed wrongly (R-000-23)."""

    _inherit = "ecoupon.batch"

    def _cancel(self, reason):
        """Cancel the codes that nobody has used and nobody keeps in their list; no more are made.

        :param str reason: why, kept
        :return: int, how many
        :raise UserError: no reason, or there are no codes
        """
        self.ensure_one()
        self.campaign_id._must_decide()
        if not (reason or "").strip():
            raise UserError(self.env._("Say why these coupons are cancelled."))
        if self.state not in ("going", "done"):
            raise UserError(self.env._("Only codes that are made can be cancelled."))
        # the till locks a coupon before it counts its uses: of a use and a cancellation at once, one comes first
        read_committed(self.env)
        self.env.flush_all()
        reason, now = reason.strip()[:200], fields.Datetime.now()
        # the making of further codes waits for the batch's row
        self.env.cr.execute(SQL("SELECT 1 FROM ecoupon_batch WHERE id = %s FOR UPDATE", self.id))
        self.env.cr.execute(
            SQL(
                "SELECT 1 FROM ecoupon_coupon WHERE batch_ref = %s AND cancelled_at IS NULL ORDER BY id FOR UPDATE",
                self.name,
            )
        )
        [(count,)] = self.env.execute_query(
            SQL(
                """WITH done AS (UPDATE ecoupon_coupon SET cancelled_at = %s, cancel_reason = %s
                       WHERE batch_ref = %s AND cancelled_at IS NULL AND holder_id IS NULL
                         AND ecoupon_uses(id) = 0 RETURNING 1)
                   SELECT count(*) FROM done""",
                now,
                reason,
                self.name,
            )
        )
        self.env["ecoupon.coupon"].invalidate_model()
        self.sudo().write({"state": "cancelled", "state_reason": reason})  # sudo: written by the batch's actions only
        self.message_post(body=self.env._("%(count)s codes cancelled: %(reason)s", count=count, reason=reason))
        return count
