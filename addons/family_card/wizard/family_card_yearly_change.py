from odoo import fields, models

from ..tools import to_decimal


class FamilyCardYearlyChange(models.TransientModel):
    """Gives cards a yearly credit from a day on, with the act or the reason of the change (R-004-06, R-004-53)."""

    _name = "family.card.yearly.change"
    _description = "Change the yearly credit"
    _inherit = ["family.card.chosen"]

    currency_id = fields.Many2one(related="program_id.currency_id")
    amount = fields.Monetary("Yearly credit", required=True)
    day = fields.Date(
        "Day of the change",
        required=True,
        default=fields.Date.context_today,
        help="The new amount counts from the quarter after this day; the credit of its quarter stays. "
        "Notice §4 (R-004-53).",
    )
    act_id = fields.Many2one("family.card.act", domain="[('program_id', '=', program_id)]")
    reason = fields.Char(help="Needed when there is no act.")

    def action_apply(self):
        """Button: change the yearly credit.

        :raises UserError: neither act nor reason
        """
        self.ensure_one()
        self.card_ids._set_annual(to_decimal(self.amount), self.day, self.act_id, self.reason)
        return {"type": "ir.actions.act_window_close"}
