from odoo import api, models
from odoo.tools import SQL


class CircuitReconciliationItem(models.Model):
    """Accounts of cards belong to the macro-categories of their scheme (R-004-34)."""

    _inherit = "circuit.reconciliation.item"

    @api.model
    def _account_code(self):
        return SQL("scheme_line.code"), SQL(
            "LEFT JOIN family_card_scheme_line scheme_line ON scheme_line.id = a.scheme_line_id"
        )
