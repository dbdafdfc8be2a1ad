from odoo import models


class CircuitTransaction(models.Model):
    _inherit = "circuit.transaction"

    # the run asks for what a merchant was paid with in a month
    _settlement_idx = models.Index("(funder_id, merchant_id, captured_at) WHERE state = 'captured'")
