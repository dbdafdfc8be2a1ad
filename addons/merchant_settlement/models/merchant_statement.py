from odoo import fields, models


class MerchantStatement(models.Model):
    """What a merchant was paid with in a month of a funder, from the list of transactions to the money
    (R-004-96 … R-004-98)."""

    _name = "merchant.statement"
    _description = "Merchant statement"
    _inherit = ["own.fields", "portal.mixin", "mail.thread", "mail.activity.mixin"]
    _order = "month desc, merchant_id, id desc"

    name = fields.Char("Number", required=True, readonly=True, copy=False)
    run_id = fields.Many2one("merchant.statement.run", readonly=True, index=True, ondelete="restrict")
    merchant_id = fields.Many2one("res.partner", required=True, readonly=True, index=True, ondelete="restrict")
    funder_id = fields.Many2one("circuit.funder", required=True, readonly=True, index=True, ondelete="restrict")
    circuit_id = fields.Many2one(related="funder_id.circuit_id", store=True, index=True)
    terms_id = fields.Many2one("settlement.terms", required=True, readonly=True, ondelete="restrict")
    company_id = fields.Many2one(related="funder_id.company_id", store=True, index=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    month = fields.Date(required=True, readonly=True, index=True, help="First day of the month.")
    state = fields.Selection(
        [
            ("draft", "To send"),
            ("sent", "To be signed"),
            ("signed", "To check"),
            ("checked", "To approve"),
            ("approved", "To pay"),
            ("paying", "In a payment list"),
            ("paid", "Paid"),
            ("carried", "Carried over"),
        ],
        default="draft",
        required=True,
        readonly=True,
        copy=False,
        index=True,
        tracking=True,
        help="Carried over: the month has nothing to pay, and what is missing is taken from the next one.",
    )
    line_ids = fields.One2many("merchant.statement.line", "statement_id", "Transactions", readonly=True)
    source_ids = fields.One2many("merchant.statement.source", "statement_id", "Sources of funds", readonly=True)
    transaction_count = fields.Integer("Number of transactions", readonly=True)
    charged = fields.Monetary(readonly=True, help="Payments of the month.")
    corrected = fields.Monetary(readonly=True, help="What went back in the month; negative.")
    carried = fields.Monetary("Carried in", readonly=True, help="What the month before left below zero; negative.")
    total = fields.Monetary(readonly=True, help="Payments and corrections and what was carried in.")
    stamp = fields.Monetary("Stamp duty", readonly=True)
    stamp_borne_by = fields.Selection(
        [("merchant", "Merchant"), ("body", "Public body")], "Stamp duty borne by", readonly=True
    )
    payable = fields.Monetary("To pay", readonly=True, help="The total, and the stamp duty the public body bears.")
    digest = fields.Char(
        readonly=True,
        copy=False,
        help="SHA-256 over the lines and the digest of this merchant's statement before: the chain a check follows.",
    )
    due_on = fields.Date("Signature due", readonly=True)
    pay_from = fields.Date("Payable from", readonly=True, help="Until the day before, payments can be reversed.")

    # signature
    signed_at = fields.Datetime(readonly=True, copy=False)
    signed_by = fields.Char(readonly=True, copy=False, help="As the signature says, or the login that typed the code.")
    signed_how = fields.Selection(
        [("file", "Signed file"), ("code", "Code by SMS"), ("paper", "Scan of the paper")], readonly=True, copy=False
    )
    late = fields.Boolean(readonly=True, copy=False, help="Signed after the due day (R-004-98).")

    # check and approval
    exception_count = fields.Integer(readonly=True, copy=False)
    checked_by_id = fields.Many2one("res.users", "Checked by", readonly=True, copy=False, ondelete="restrict")
    checked_at = fields.Datetime(readonly=True, copy=False)
    approved_by_id = fields.Many2one("res.users", "Approved by", readonly=True, copy=False, ondelete="restrict")
    approved_at = fields.Datetime(readonly=True, copy=False)
    arrears_reference = fields.Char(
        "Arrears check",
        copy=False,
        tracking=True,
        help="Number and day of the check of tax arrears, needed before a payment above the legal threshold.",
    )
    block_reason = fields.Char("Blocked because", readonly=True, copy=False, tracking=True)
    move_id = fields.Many2one("account.move", "Bill", readonly=True, copy=False, index=True, ondelete="restrict")

    # payment
    payment_line_ids = fields.One2many("merchant.payment.line", "statement_id", "Payments", readonly=True)
    paid_on = fields.Date(readonly=True, copy=False)

    _one_a_month = models.UniqueIndex(
        "(merchant_id, funder_id, month)", "This merchant has a statement of this programme and month."
    )
    _name_unique = models.UniqueIndex("(company_id, name)", "Another statement has this number.")

    def _own_fields(self):
        return super()._own_fields() | (self._fields.keys() - {"arrears_reference", *self._free_fields()})

    def _free_fields(self):
        """Fields of the chatter and of activities, which everybody who may write the statement writes."""
        return {name for name in self._fields if name.startswith(("message_", "activity_", "website_message_"))}

    def _own_refusal(self):
        return self.env._("A statement is filled in by its own actions.")
