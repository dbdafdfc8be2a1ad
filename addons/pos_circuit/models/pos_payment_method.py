from odoo import api, fields, models


class PosPaymentMethod(models.Model):
    _inherit = "pos.payment.method"

    is_circuit_other = fields.Boolean(
        string="Merchant's Other Takings",
        help="What the customer pays the merchant in any other way. It never enters our books.",
    )

    def _get_payment_terminal_selection(self):
        return [*super()._get_payment_terminal_selection(), ("circuit", self.env._("Circuit"))]

    @api.depends("use_payment_terminal")
    def _compute_hide_use_payment_terminal(self):
        """Core hides the terminal of methods without journal; ours has none on purpose."""
        result = super()._compute_hide_use_payment_terminal()
        for method in self:
            if method.payment_method_type == "terminal" and method.type == "pay_later":
                method.hide_use_payment_terminal = False
        return result
