from odoo import fields, models
from odoo.exceptions import UserError


class MerchantStatementReason(models.TransientModel):
    """Asks why before a statement is blocked, let go on or sent back; the reason is kept with it."""

    _name = "merchant.statement.reason"
    _description = "Say why a statement is held"

    step = fields.Selection(
        [("block", "Block"), ("unblock", "Let it go on"), ("return", "Send back to the merchant")],
        required=True,
        readonly=True,
    )
    statement_ids = fields.Many2many("merchant.statement", string="Statements", required=True, readonly=True)
    reason = fields.Text(required=True)

    def action_apply(self):
        """Button: do it; the statements check who may.

        :return: dict, action
        :raise UserError: the reason is blank
        """
        self.ensure_one()
        reason = " ".join(self.reason.split())
        if not reason:
            raise UserError(self.env._("Say why: it is kept, and somebody may ask."))
        steps = {
            "block": self.statement_ids._block,
            "unblock": self.statement_ids._unblock,
            "return": self.statement_ids._return,
        }
        steps[self.step](reason)
        return {"type": "ir.actions.act_window_close"}
