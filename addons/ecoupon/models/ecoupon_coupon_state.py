from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from odoo.addons.stored_value.tools import read_committed


class EcouponCoupon(models.Model):
    """What became of a coupon, told by its transactions and the clock; nothing of it is stored (R-000-38)."""

    _inherit = "ecoupon.coupon"

    state = fields.Selection(
        [
            ("available", "Available"),
            ("held", "At a till"),
            ("spent", "Spent"),
            ("expired", "Expired"),
            ("cancelled", "Cancelled"),
        ],
        compute="_compute_state",
        search="_search_state",
    )
    used_count = fields.Integer("Times used", compute="_compute_state")
    cancel_reason = fields.Char("Why cancelled", readonly=True)

    @property
    def _state_query(self):
        """Id, state and uses of every coupon."""
        return SQL(
            """
            SELECT c.id, u.used,
                   CASE WHEN c.cancelled_at IS NOT NULL THEN 'cancelled'
                        WHEN u.used >= c.uses THEN CASE WHEN u.held THEN 'held' ELSE 'spent' END
                        WHEN least(c.expires_at, m.valid_to) <= %s THEN 'expired'
                        ELSE 'available' END AS state
              FROM ecoupon_coupon c
              JOIN ecoupon_campaign m ON m.id = c.campaign_id
             CROSS JOIN LATERAL (
                    SELECT count(*)::integer AS used, coalesce(bool_or(t.state = 'authorized'), false) AS held
                      FROM circuit_transaction t
                     WHERE t.instrument_model = 'ecoupon.coupon' AND t.instrument_id = c.id AND t.kind = 'payment'
                       AND t.state IN ('authorized', 'captured')
                       AND t.amount > (SELECT coalesce(sum(r.amount), 0) FROM circuit_transaction r
                                        WHERE r.origin_id = t.id AND r.state = 'captured')) u
            """,
            fields.Datetime.now(),
        )

    @api.depends("cancelled_at")
    def _compute_state(self):
        """By the transactions, whose writers drop what is remembered here (``circuit.transaction._forget``)."""
        self.env.flush_all()
        rows = self.env.execute_query(
            SQL("SELECT * FROM (%s) q WHERE id = ANY(%s)", self._state_query, self.ids)
            if self.ids
            else SQL("SELECT 1 WHERE false")
        )
        found = {row[0]: row[1:] for row in rows}
        for coupon in self:
            coupon.used_count, coupon.state = found.get(coupon.id, (0, False))

    @api.model
    def _search_state(self, operator, value):
        if operator != "in":
            return NotImplemented
        return [("id", "in", SQL("(SELECT id FROM (%s) q WHERE state IN %s)", self._state_query, tuple(value)))]

    def _cancel(self, reason):
        """Take coupons back that were not used: lost, handed out by mistake. What is at a till at this instant is left.

        :param str reason: why, kept
        :return: ecoupon.coupon, those cancelled
        :raise UserError: no reason
        """
        if not (reason or "").strip():
            raise UserError(self.env._("Say why these coupons are cancelled."))
        read_committed(self.env)
        return self._take_back(reason)

    def _take_back(self, reason):
        """Cancel within the caller's database transaction, which is READ COMMITTED.

        :param str reason: why, kept
        :return: ecoupon.coupon, those cancelled
        """
        # the till locks the coupon too: of a use and a cancellation at once, one comes first and the other sees it
        self.env.cr.execute(SQL("SELECT 1 FROM ecoupon_coupon WHERE id = ANY(%s) ORDER BY id FOR UPDATE", self.ids))
        self.invalidate_recordset()
        open_ones = self.filtered(lambda coupon: coupon.state == "available" and not coupon.used_count)
        # sudo: coupons are written by their own actions only
        open_ones.sudo().write({"cancelled_at": fields.Datetime.now(), "cancel_reason": reason.strip()[:200]})
        return open_ones

    def action_cancelled(self, reason):
        """Cancel coupons from the list, as whoever may decide on their campaigns.

        :param str reason: why, kept
        :raise AccessError: the user decides on no campaign
        :raise UserError: none of them can be cancelled
        """
        self.campaign_id._must_decide()
        if not self._cancel(reason):
            raise UserError(self.env._("None of these coupons can be cancelled: they were used, or are over."))
