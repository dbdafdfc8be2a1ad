from odoo import fields, models


class MerchantStatementLine(models.Model):
    """One captured transaction in the statement of its month; or what the month before left below zero. Written once,
    in SQL, never changed."""

    _name = "merchant.statement.line"
    _description = "Line of a merchant statement"
    _order = "statement_id, sequence"
    _log_access = False

    statement_id = fields.Many2one("merchant.statement", required=True, readonly=True, ondelete="cascade")
    company_id = fields.Many2one("res.company", required=True, readonly=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    sequence = fields.Integer(required=True, readonly=True, help="1, 2, 3 … within the statement.")
    kind = fields.Selection(
        [("payment", "Payment"), ("correction", "Correction"), ("carried", "Carried in")], required=True, readonly=True
    )
    transaction_id = fields.Many2one("circuit.transaction", readonly=True, ondelete="restrict")
    reference = fields.Char("Operation", readonly=True)
    captured_at = fields.Datetime("Date", readonly=True)
    holder_mask = fields.Char("Holder", readonly=True)
    category_id = fields.Many2one("circuit.category", "Macro-category", readonly=True, ondelete="restrict")
    amount = fields.Monetary(required=True, readonly=True, help="Negative for a correction.")
    origin_reference = fields.Char("Corrects", readonly=True, help="Operation, or statement, this line refers to.")
    origin_month = fields.Date("Of month", readonly=True, help="First day of the month of what is corrected.")
    hash = fields.Char(required=True, readonly=True, help="SHA-256 over what the line says.")

    _one_statement = models.UniqueIndex(
        "(transaction_id) WHERE transaction_id IS NOT NULL", "One transaction, one statement."
    )
    _sequence_unique = models.Constraint("UNIQUE (statement_id, sequence)", "Two lines cannot have the same number.")
