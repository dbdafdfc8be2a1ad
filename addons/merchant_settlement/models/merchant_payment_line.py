from odoo import fields, models


class MerchantPaymentLine(models.Model):
    """One payment to one merchant for one statement, as the bank sees it."""

    _name = "merchant.payment.line"
    _description = "Payment to a merchant"
    _inherit = ["own.fields"]
    _order = "list_id, id"
    _rec_name = "reference"

    list_id = fields.Many2one("merchant.payment.list", required=True, readonly=True, index=True, ondelete="restrict")
    statement_id = fields.Many2one("merchant.statement", required=True, readonly=True, index=True, ondelete="restrict")
    merchant_id = fields.Many2one(related="statement_id.merchant_id", store=True, index=True)
    company_id = fields.Many2one(related="list_id.company_id", store=True, index=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    reference = fields.Char(
        required=True,
        readonly=True,
        help="Names the payment in the treasurer's list, in the bank's file and in returns.",
    )
    iban = fields.Char("IBAN", required=True, readonly=True)
    amount = fields.Monetary(required=True, readonly=True)
    state = fields.Selection(
        [("open", "To pay"), ("paid", "Paid"), ("returned", "Returned")],
        default="open",
        required=True,
        readonly=True,
        copy=False,
    )
    mandate_number = fields.Char("Payment order", readonly=True, help="Number of the treasurer's “mandato”.")
    paid_on = fields.Date(readonly=True)
    payment_move_id = fields.Many2one("account.move", "Journal entry", readonly=True, ondelete="restrict")
    returned_on = fields.Date(readonly=True)
    return_reason = fields.Char(readonly=True)

    _reference_unique = models.UniqueIndex("(company_id, reference)", "Another payment has this reference.")
    _one_live = models.UniqueIndex(
        "(statement_id) WHERE state <> 'returned'", "This statement is in a payment list already."
    )
    _amount_positive = models.Constraint("CHECK (amount > 0)", "A payment needs a positive amount.")

    def _own_fields(self):
        return super()._own_fields() | set(self._fields)
