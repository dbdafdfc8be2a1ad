from decimal import Decimal

from odoo import api, fields, models


class CircuitTransaction(models.Model):
    _inherit = "circuit.transaction"

    pos_payment_ids = fields.One2many("pos.payment", "circuit_transaction_id", string="Till Payments", readonly=True)

    def _pos_refund_due(self, returning=Decimal()):
        """What must still go back to the instrument for the goods returned at the till so far.

        :param Decimal returning: value of goods being returned now and not stored yet
        :return: Decimal, zero or less when enough was given back
        """
        self.ensure_one()
        sold = self.pos_payment_ids.pos_order_id.lines
        returned = self.env["pos.order.line"].search(
            [("refunded_orderline_id", "in", sold.ids), ("order_id.state", "in", ("paid", "done"))]
        )
        total = returning - sum((line._circuit_amount() for line in returned), Decimal())
        return self._minimum_refund(total)

    @api.model
    def _pos_open_holds(self, terminal):
        """What a till holds and nobody confirmed, returns included; nothing whose time is over.

        :param Terminal terminal: the till that asks
        :return: list of dicts as the till's screen wants them
        """
        held = self.search(
            [
                ("merchant_id", "=", terminal.merchant_id),
                ("terminal", "=", terminal.ref),
                ("state", "=", "authorized"),
                ("expires_at", ">", fields.Datetime.now()),
            ],
            order="id",
        )
        return [
            {
                "key": hold.key,
                "kind": hold.kind,
                "reference": hold.reference,
                "amount": f"{hold.amount:.2f}",
                "holder": hold.holder_mask,
                "order_ref": hold.order_ref,
                "at": fields.Datetime.to_string(hold.authorized_at),
            }
            for hold in held
        ]
