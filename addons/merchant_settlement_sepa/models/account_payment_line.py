from odoo import fields, models


class AccountPaymentLine(models.Model):
    """A transfer to a merchant keeps the reference of its payment list."""

    _inherit = "account.payment.line"

    merchant_payment_id = fields.Many2one(
        "merchant.payment.line", "Payment to a merchant", readonly=True, index="btree_not_null", ondelete="restrict"
    )

    def _payment_line_grouping_key(self):
        """One transfer for each statement, so that each can come back alone."""
        return (*super()._payment_line_grouping_key(), self.merchant_payment_id.id)

    def _prepare_account_payment_vals(self, payment_lot, pay_sequence):
        """Name the transfer with the reference of the list: the bank's return names it."""
        vals = super()._prepare_account_payment_vals(payment_lot, pay_sequence)
        if self.merchant_payment_id:
            vals["memo"] = self.merchant_payment_id.reference
        return vals
