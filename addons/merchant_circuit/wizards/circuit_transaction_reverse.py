from odoo import fields, models


class CircuitTransactionReverse(models.TransientModel):
    _name = "circuit.transaction.reverse"
    _description = "Reverse a circuit transaction"

    transaction_id = fields.Many2one(
        "circuit.transaction", required=True, readonly=True, default=lambda self: self.env.context.get("active_id")
    )
    amount = fields.Monetary(related="transaction_id.amount")
    currency_id = fields.Many2one(related="transaction_id.currency_id")
    reason = fields.Char(required=True, help="Kept with the reversal and shown in the merchant's statement.")

    def action_reverse(self):
        """Button: the credit returns to its lots with their own expiry (R-004-84)."""
        self.ensure_one()
        self.transaction_id.check_access("read")
        # sudo: nobody may write transactions directly; the button's group and the line above decide who may reverse
        refund = self.transaction_id.sudo()._reverse(self.reason)
        return {
            "type": "ir.actions.act_window",
            "res_model": "circuit.transaction",
            "res_id": refund.id,
            "view_mode": "form",
        }
