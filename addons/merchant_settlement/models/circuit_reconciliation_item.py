from odoo import api, models
from odoo.tools import SQL


class CircuitReconciliationItem(models.Model):
    """Accounts of cards belong to the macro-categories of their scheme (R-004-34); bills of statements take over what is
    owed to the shops."""

    _inherit = "circuit.reconciliation.item"

    @api.model
    def _account_code(self):
        return SQL("scheme_line.code"), SQL(
            "LEFT JOIN family_card_scheme_line scheme_line ON scheme_line.id = a.scheme_line_id"
        )

    @api.model
    def _billed(self):
        return SQL("SELECT move_id, funder_id, total AS amount FROM merchant_statement WHERE move_id IS NOT NULL")
