from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from odoo.addons.stored_value.tools import read_committed


class FamilyCardCreditRun(models.Model):
    """A run taken back before anybody spent of it: the ledger keeps both the credit and its correction."""

    _inherit = "family.card.credit.run"

    revoked_by_id = fields.Many2one("res.users", "Taken back by", readonly=True, copy=False, ondelete="restrict")
    revoke_reason = fields.Char("Why it was taken back", readonly=True, copy=False)

    def action_revoke(self):
        """Button: ask why the run is taken back."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("family_card.action_family_card_credit_run_revoke")
        return action | {"context": {"default_run_id": self.id}}

    def _revoke(self, reason):
        """Take all credits of the run back out of their lots; afterwards the period can be credited again.

        :param str reason: kept with every entry
        :raises UserError: no reason, a run that credited nothing, or something of it was spent (all or nothing)
        """
        self.ensure_one()
        self.check_access("write")
        reason = (reason or "").strip()
        if not reason:
            raise UserError(self.env._("Say why the run is taken back."))
        read_committed(self.env)
        self._lock()
        if self.state not in ("running", "done"):
            raise UserError(self.env._("Only a run that has credited something is taken back."))
        self.env["family.card"]._lock_period(self.period_id)
        # sudo: the ledger and the run are written by their own actions only
        run = self.sudo()
        lots = run.env["stored.value.lot"].search([("run_id", "=", run.id), ("revoked", "!=", True)])
        lots._take_back(f"revoke:run:{run.id}", fields.Datetime.now(), reason)
        lots.write({"revoked": True})
        self.env.cr.execute(
            SQL(
                "UPDATE family_card_credit_run_line SET state = 'revoked' WHERE run_id = %s"
                " AND state IN ('credited', 'planned')",
                run.id,
            )
        )
        self.env["family.card.credit.run.line"].invalidate_model()
        run.write(
            {
                "state": "cancelled",
                "revoked_by_id": self.env.uid,
                "revoke_reason": reason,
                **run._figures(),
            }
        )
        run._write_totals([])
        # The unique index on the period must see it before the next run is made.
        self.flush_recordset(["state"])
