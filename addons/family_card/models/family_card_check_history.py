from odoo import fields, models

from .family_card_check import OUTCOMES


class FamilyCardCheckHistory(models.Model):
    """Every outcome a check ever had: what, why, when and by whom (R-004-26)."""

    _name = "family.card.check.history"
    _description = "Outcome of a check"
    _order = "id desc"
    _rec_name = "outcome"

    check_id = fields.Many2one("family.card.check", required=True, readonly=True, index=True, ondelete="cascade")
    outcome = fields.Selection(OUTCOMES, required=True, readonly=True)
    reason = fields.Char(readonly=True)
    automatic = fields.Boolean(readonly=True)
    user_id = fields.Many2one("res.users", "Checked by", readonly=True, ondelete="restrict")
    decided_at = fields.Datetime("Checked on", required=True, readonly=True)
