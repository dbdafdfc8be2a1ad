from odoo import fields, models


class CircuitFunder(models.Model):
    """Whoever funds rewards pays what the wallets buy; the books go by funder, as for cards (B05)."""

    _inherit = "circuit.funder"

    kind = fields.Selection(selection_add=[("wallet", "Rewards in wallets")], ondelete={"wallet": "cascade"})

    _wallet_unique = models.UniqueIndex(
        "(circuit_id, partner_id) WHERE kind = 'wallet'", "This contact funds the rewards of the circuit already."
    )
