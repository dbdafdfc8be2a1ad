from odoo import fields, models

from ..rules.cents import cents


class MerchantPaymentLine(models.Model):
    """One payment to one merchant for one statement, as the bank sees it."""

    _name = "merchant.payment.line"
    _description = "Payment to a merchant"
    _inherit = ["own.fields"]
    _order = "list_id, id"
    _rec_name = "reference"

    list_id = fields.Many2one("merchant.payment.list", required=True, readonly=True, index=True, ondelete="restrict")
    list_state = fields.Selection(related="list_id.state", string="State of the list")
    statement_id = fields.Many2one("merchant.statement", required=True, readonly=True, index=True, ondelete="restrict")
    merchant_id = fields.Many2one(related="statement_id.merchant_id", store=True, index=True)
    company_id = fields.Many2one(related="list_id.company_id", store=True, index=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    reference = fields.Char(
        required=True,
        readonly=True,
        help="Names the payment in the treasurer's list, in the bank's file and in returns.",
    )
    bank_id = fields.Many2one("res.partner.bank", "Account", readonly=True, ondelete="restrict")
    iban = fields.Char("IBAN", required=True, readonly=True, help="As it was when the statement was collected.")
    cause = fields.Char(readonly=True, help="What the merchant reads on the bank statement.")
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
    return_move_id = fields.Many2one("account.move", "Entry of the return", readonly=True, ondelete="restrict")

    _reference_unique = models.UniqueIndex("(company_id, reference)", "Another payment has this reference.")
    _one_live = models.UniqueIndex(
        "(statement_id) WHERE state <> 'returned'", "This statement is in a payment list already."
    )
    _amount_positive = models.Constraint("CHECK (amount > 0)", "A payment needs a positive amount.")

    def _own_fields(self):
        return super()._own_fields() | set(self._fields)

    def _own_refusal(self):
        return self.env._("A payment list is filled in by its buttons.")

    def action_take_out(self):
        """Button: take payments out of a draft list; their statements can be collected again."""
        lists = self.list_id
        lists.check_access("write")
        lists._lock()
        lists._need("draft", self.env._("Take the list back to change it."))
        # sudo: lines, statements and figures are fields of the actions
        lines = self.sudo()
        lines.statement_id.write({"state": "approved"})
        lines.unlink()
        for found in lists.sudo():
            found._prepared()
            found._recount()

    def _faults(self):
        """Why these payments cannot be made now (called with the rights of the system).

        :return: list of str, each naming its payment
        """
        faults = []
        for line in self:
            obstacles = line.statement_id._payment_obstacles(line.list_id.date, again=True, state="paying")
            sentences = obstacles.get(line.statement_id, [])
            bank = line.statement_id._payee_bank()
            if not sentences and bank.sanitized_acc_number != line.iban:
                sentences = [self.env._("The merchant's IBAN changed: take the payment out and collect it again.")]
            if not sentences and cents(line.amount) != cents(line.statement_id.payable):
                sentences = [self.env._("The amount of the statement changed: take the payment out.")]
            faults.extend(f"{line.reference}: {sentence}" for sentence in sentences)
        return faults
