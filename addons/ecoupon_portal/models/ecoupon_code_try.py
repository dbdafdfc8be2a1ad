from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from odoo.addons.merchant_circuit.rules.throttle import Limits, Tries, blocked_until
from odoo.addons.stored_value.tools import kept_transaction

#: A citizen mistypes a code now and then; whoever tries codes waits longer each time.
LIMITS = Limits()
KEPT = timedelta(days=90)


class EcouponCodeTry(models.Model):
    """A citizen typed a coupon's code that there is not (R-000-38). The code itself is not kept: one digit of it may be
    somebody else's coupon."""

    _name = "ecoupon.code.try"
    _description = "Wrong coupon code"
    _order = "id desc"
    _log_access = False
    _rec_name = "at"

    at = fields.Datetime("When", required=True, readonly=True, index=True)
    user_id = fields.Many2one("res.users", "Who", required=True, readonly=True, ondelete="cascade")
    company_id = fields.Many2one("res.company", required=True, readonly=True, index=True)

    _of_user = models.Index("(user_id, at)")

    @api.model
    def _must_wait(self):
        """Refuse whoever has tried too many codes, before the next one is looked at.

        :raise UserError: how long to wait
        """
        now = fields.Datetime.now()
        [(count, last)] = self.env.execute_query(
            SQL(
                "SELECT count(*), max(at) FROM ecoupon_code_try WHERE user_id = %s AND at > %s",
                self.env.uid,
                now - timedelta(seconds=LIMITS.window),
            )
        )
        until = blocked_until(LIMITS, Tries(till=count, till_last=last), now)
        if until:
            minutes = -(-int((until - now).total_seconds()) // 60)
            raise UserError(self.env._("Too many wrong codes: try again in %s minutes.", minutes))

    @api.model
    def _note(self):
        """Keep that the user typed a code that there is not, whatever becomes of the request."""
        with kept_transaction(self.env) as env:
            env.cr.execute(
                SQL(
                    "INSERT INTO ecoupon_code_try (at, user_id, company_id) VALUES (%s, %s, %s)",
                    fields.Datetime.now(),
                    self.env.uid,
                    self.env.user.company_id.id,
                )
            )
        self.invalidate_model()

    @api.autovacuum
    def _gc_tries(self):
        """Remove what is older than three months."""
        self.search([("at", "<", fields.Datetime.now() - KEPT)], limit=10_000).unlink()
