from odoo import fields, models


class FamilyCardCheckFail(models.TransientModel):
    """Asks why requirements are not met (R-004-24)."""

    _name = "family.card.check.fail"
    _description = "Requirements that are not met"

    check_ids = fields.Many2many("family.card.check", required=True)
    reason = fields.Char(required=True)

    def action_fail(self):
        """Button: the checks are not passed, for this reason."""
        self.ensure_one()
        self.check_ids._decide("failed", self.reason)
        return {"type": "ir.actions.act_window_close"}
