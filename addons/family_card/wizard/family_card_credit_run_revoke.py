from odoo import fields, models


class FamilyCardCreditRunRevoke(models.TransientModel):
    """Asks why a credit run is taken back."""

    _name = "family.card.credit.run.revoke"
    _description = "Take a credit run back"

    run_id = fields.Many2one("family.card.credit.run", required=True)
    reason = fields.Char(required=True)

    def action_revoke(self):
        """Button: take the run back."""
        self.ensure_one()
        self.run_id._revoke(self.reason)
        return {"type": "ir.actions.act_window_close"}
