from odoo import fields, models


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
        :raise UserError: what stands in the way
        """
        self.ensure_one()
        steps = {
            "block": self.statement_ids.action_block,
            "unblock": self.statement_ids.action_unblock,
            "return": self.statement_ids.action_return,
        }
        steps[self.step](self.reason)
        return {"type": "ir.actions.act_window_close"}
