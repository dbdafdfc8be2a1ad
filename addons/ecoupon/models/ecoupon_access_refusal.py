from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL

from odoo.addons.stored_value.tools import kept_transaction

from ..rules.login_level import LEVELS

#: How long refusals are kept when the parameter says nothing else.
KEPT_DAYS = 365
#: Somebody who reloads a page is told so each time and noted once.
QUIET = timedelta(minutes=10)


class EcouponAccessRefusal(models.Model):
    """Somebody wanted to enter the reserved area with a login that is too weak (R-000-19)."""

    _name = "ecoupon.access.refusal"
    _description = "Refused entry to the reserved area"
    _order = "id desc"
    _log_access = False
    _rec_name = "at"

    at = fields.Datetime("When", required=True, readonly=True, index=True)
    circuit_id = fields.Many2one("circuit.circuit", required=True, readonly=True, index=True, ondelete="cascade")
    company_id = fields.Many2one("res.company", required=True, readonly=True, index=True)
    user_id = fields.Many2one("res.users", "Who", required=True, readonly=True, index=True, ondelete="cascade")
    level = fields.Selection(lambda self: self._levels(), "Login", required=True, readonly=True)
    needed = fields.Selection(lambda self: self._levels(), "Login needed", required=True, readonly=True)

    @api.model
    def _levels(self):
        names = dict(self.env["circuit.circuit"]._fields["reserved_level"]._description_selection(self.env))
        return [(level, names[level]) for level in LEVELS]

    @api.autovacuum
    def _gc_refusals(self):
        """Remove what is older than ``ecoupon.access_refusal_days`` days: nobody answers to it any more."""
        days = int(self.env["ir.config_parameter"].get_param("ecoupon.access_refusal_days", KEPT_DAYS))
        self.search([("at", "<", fields.Datetime.now() - timedelta(days=days))], limit=10_000).unlink()

    @api.model
    def _note(self, user, circuit, level):
        """Keep a refusal, whatever becomes of the request.

        :param user: res.users
        :param circuit: circuit.circuit with the rights of the system
        :param str level: how the user has logged in
        """
        now = fields.Datetime.now()
        facts = (circuit.id, circuit.company_id.id, user.id, level, circuit.reserved_level)
        with kept_transaction(self.env) as env:
            env.cr.execute(
                SQL(
                    """INSERT INTO ecoupon_access_refusal (at, circuit_id, company_id, user_id, level, needed)
                       SELECT %s, %s WHERE NOT EXISTS (
                           SELECT 1 FROM ecoupon_access_refusal
                            WHERE at > %s AND circuit_id = %s AND user_id = %s AND level = %s)""",
                    now,
                    SQL(", ").join(SQL("%s", fact) for fact in facts),
                    now - QUIET,
                    circuit.id,
                    user.id,
                    level,
                )
            )
        self.invalidate_model()
