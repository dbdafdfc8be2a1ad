from odoo import fields, models


class EcouponInvoiceItem(models.Model):
    """Which invoice line holds what a coupon spent, or its reversal, makes somebody owe. Written by the run alone; each
    part of a redemption is in one document at most (R-000-24, R-000-25)."""

    _name = "ecoupon.invoice.item"
    _description = "Invoiced coupon"
    _order = "id desc"
    _rec_name = "redemption_id"
    _log_access = False  # who and when stand on the run and on the invoice

    redemption_id = fields.Many2one("ecoupon.redemption", required=True, readonly=True, ondelete="restrict")
    part = fields.Selection(
        [
            ("value", "Paid out to other members"),
            ("own", "Sponsor's share of own coupons"),
            ("sponsor", "Sponsor's share"),
            ("commission", "Commission"),
        ],
        "What",
        required=True,
        readonly=True,
    )
    run_id = fields.Many2one("ecoupon.invoice.run", required=True, readonly=True, index=True, ondelete="restrict")
    company_id = fields.Many2one("res.company", required=True, readonly=True, index=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    circuit_id = fields.Many2one("circuit.circuit", required=True, readonly=True, index=True, ondelete="restrict")
    debtor_id = fields.Many2one("res.partner", "Invoiced to", required=True, readonly=True, index=True)
    move_id = fields.Many2one(
        "account.move",
        "Invoice",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
        help="Empty: spent and reversed before anything was invoiced.",
    )
    move_line_id = fields.Many2one(
        "account.move.line", "Invoice line", readonly=True, index="btree_not_null", ondelete="restrict"
    )
    amount = fields.Monetary(readonly=True, help="Before VAT; negative for a reversal.")
    month = fields.Date(readonly=True, help="First day of the month of the coupon spent or reversed.")
    day = fields.Date(related="redemption_id.day", string="Day")
    campaign_id = fields.Many2one("ecoupon.campaign", required=True, readonly=True, ondelete="restrict")
    issuer_id = fields.Many2one(related="redemption_id.issuer_id", string="Issuer")
    acceptor_id = fields.Many2one(related="redemption_id.acceptor_id", string="Spent at")

    _once = models.Constraint("UNIQUE (redemption_id, part)", "A coupon spent is invoiced once.")
    _month_idx = models.Index("(circuit_id, month)")
