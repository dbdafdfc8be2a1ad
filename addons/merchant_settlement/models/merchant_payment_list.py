from odoo import fields, models


class MerchantPaymentList(models.Model):
    """What is paid together: the list for the treasurer, or a SEPA file (R-004-96)."""

    _name = "merchant.payment.list"
    _description = "Payment list"
    _inherit = ["own.fields", "mail.thread"]
    _order = "date desc, id desc"

    name = fields.Char("Number", required=True, readonly=True, copy=False, default="/")
    company_id = fields.Many2one("res.company", required=True, default=lambda self: self.env.company, index=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    journal_id = fields.Many2one(
        "account.journal",
        "Paid from",
        required=True,
        check_company=True,
        domain="[('type', '=', 'bank')]",
        ondelete="restrict",
        help="Journal of the treasurer's account.",
    )
    date = fields.Date(required=True, default=fields.Date.context_today, help="Day the payment is asked for.")
    state = fields.Selection(
        [("draft", "To confirm"), ("confirmed", "Confirmed"), ("sent", "Handed over"), ("done", "Paid")],
        default="draft",
        required=True,
        readonly=True,
        copy=False,
        tracking=True,
    )
    line_ids = fields.One2many("merchant.payment.line", "list_id", "Payments", readonly=True)
    total = fields.Monetary(readonly=True, help="Control sum of the list.")

    def _own_fields(self):
        return super()._own_fields() | {"name", "state", "line_ids", "total"}
