from odoo import fields, models

from ..tools import install_functions


class StoredValueEntry(models.Model):
    _name = "stored.value.entry"
    _description = "Ledger entry"
    _order = "id desc"
    _rec_name = "operation"

    account_id = fields.Many2one("stored.value.account", required=True, readonly=True, index=True, ondelete="restrict")
    lot_id = fields.Many2one("stored.value.lot", required=True, readonly=True, index=True, ondelete="restrict")
    company_id = fields.Many2one("res.company", required=True, readonly=True, index=True)
    currency_id = fields.Many2one("res.currency", required=True, readonly=True)
    sequence = fields.Integer(required=True, readonly=True, help="1, 2, 3 … within the account, without gaps.")
    kind = fields.Selection(
        [
            ("credit", "Credit"),
            ("debit", "Debit"),
            ("give_back", "Give-back"),
            ("expiry", "Expiry"),
            ("extension", "Extension"),
            ("adjustment", "Adjustment"),
        ],
        required=True,
        readonly=True,
    )
    amount = fields.Monetary(required=True, readonly=True, help="Positive into the account, negative out of it.")
    balance_after = fields.Monetary(required=True, readonly=True)
    operation = fields.Char(required=True, readonly=True, index=True, help="Key of the operation that wrote the entry.")
    reverses = fields.Char(
        readonly=True, index="btree_not_null", help="Key of the operation whose debit is given back."
    )
    memo = fields.Char(readonly=True)
    occurred_at = fields.Datetime(required=True, readonly=True)
    previous_hash = fields.Char(readonly=True)
    hash = fields.Char(required=True, readonly=True, help="SHA-256 over this entry and the hash of the one before it.")

    _sequence_unique = models.Constraint("UNIQUE (account_id, sequence)", "Two entries cannot have the same number.")

    def init(self):
        """Install the ledger's functions and the append-only trigger (this table is the last one
        they need; the function bodies are not checked, for the others may be made later)."""
        self.env.cr.execute("SET LOCAL check_function_bodies = off")
        install_functions(self.env.cr, "stored_value/sql/ledger.sql")
