from decimal import Decimal

from odoo import fields, models


class CircuitTransaction(models.Model):
    _inherit = "circuit.transaction"

    move_id = fields.Many2one(
        "account.move",
        string="Journal Entry",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
        help="The entry that booked this transaction. Empty: not booked yet.",
    )

    def _signed_amount(self):
        """What this transaction moves between holder and merchant.

        :return: Decimal, negative for a refund
        """
        self.ensure_one()
        amount = Decimal(f"{self.amount:.2f}")
        return -amount if self.kind == "refund" else amount
