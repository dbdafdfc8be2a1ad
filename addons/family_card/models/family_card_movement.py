from odoo import fields, models
from odoo.tools import SQL


class FamilyCardMovement(models.Model):
    """Every movement of every card with its household's programme, its shop, the quarter and the money it came from:
    what staff search and what the reports add up (R-001-05, R-001-10, R-004-46, R-004-47). Entries are read as they
    are; nothing is kept twice."""

    _name = "family.card.movement"
    _description = "Movement of a card"
    _auto = False
    _order = "id desc"
    _rec_name = "operation"

    occurred_at = fields.Datetime("Date", readonly=True)
    card_id = fields.Many2one("family.card", readonly=True)
    program_id = fields.Many2one("family.card.program", "Programme", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    currency_id = fields.Many2one("res.currency", readonly=True)
    account_id = fields.Many2one("stored.value.account", readonly=True)
    account_code = fields.Char("Account code", readonly=True)
    card_kind = fields.Selection(
        [("standard", "Standard"), ("senior", "Senior"), ("special", "Special")], "Kind of card", readonly=True
    )
    kind = fields.Selection(
        [
            ("credit", "Credit"),
            ("debit", "Debit"),
            ("give_back", "Give-back"),
            ("expiry", "Expiry"),
            ("extension", "Extension"),
            ("adjustment", "Adjustment"),
        ],
        readonly=True,
    )
    amount = fields.Monetary(readonly=True, help="Positive into the account, negative out of it.")
    balance_after = fields.Monetary(
        "Balance of the account", readonly=True, aggregator=None, help="After the movement (R-004-47)."
    )
    credited = fields.Monetary(readonly=True, help="Credits, less what was taken back.")
    spent = fields.Monetary(readonly=True, help="Purchases, less what shops gave back.")
    expired = fields.Monetary(readonly=True, help="What was not spent in time.")
    residual = fields.Monetary(readonly=True, help="Credited, less spent and expired.")
    lot_id = fields.Many2one("stored.value.lot", readonly=True)
    expires_at = fields.Datetime("Credit expires", readonly=True, help="Expiry of the credit that was moved.")
    last_day = fields.Date("Spendable until", readonly=True, help="Last local day of the credit that was moved.")
    period_id = fields.Many2one("family.card.period", readonly=True, help="Of the credit that was moved.")
    fund_id = fields.Many2one(
        "family.card.fund", "Source of funds", readonly=True, help="Of the credit that was moved (R-001-05, R-004-05)."
    )
    merchant_id = fields.Many2one("res.partner", readonly=True)
    category_id = fields.Many2one("circuit.category", "Macro-category", readonly=True)
    reference = fields.Char("Operation", readonly=True, help="Number on the receipt.")
    operation = fields.Char("Key of the operation", readonly=True)
    memo = fields.Char(readonly=True)

    @property
    def _table_query(self):
        return SQL(
            """
            SELECT e.id, e.occurred_at, a.card_id, c.program_id, e.company_id, e.currency_id, e.account_id,
                   s.code AS account_code, c.kind AS card_kind, e.kind, e.amount, e.balance_after,
                   CASE WHEN e.kind IN ('credit', 'adjustment') THEN e.amount ELSE 0 END AS credited,
                   CASE WHEN e.kind IN ('debit', 'give_back') THEN -e.amount ELSE 0 END AS spent,
                   CASE WHEN e.kind = 'expiry' THEN -e.amount ELSE 0 END AS expired,
                   e.amount AS residual, e.lot_id, l.expires_at,
                   ((l.expires_at - interval '1 second') AT TIME ZONE 'UTC' AT TIME ZONE p.tz)::date AS last_day,
                   l.period_id, l.fund_id, t.merchant_id, t.category_id, t.reference, e.operation, e.memo
              FROM stored_value_entry e
              JOIN stored_value_account a ON a.id = e.account_id
              JOIN family_card c ON c.id = a.card_id
              JOIN family_card_program p ON p.id = c.program_id
              JOIN stored_value_lot l ON l.id = e.lot_id
              LEFT JOIN family_card_scheme_line s ON s.id = a.scheme_line_id
              LEFT JOIN circuit_transaction t ON t.key = e.operation
            """
        )
