from odoo import models


class MerchantPaymentLine(models.Model):
    """Transfers of a SEPA file are booked as the payments of their order; called with the rights of the system."""

    _inherit = "merchant.payment.line"

    def _sepa_payments(self):
        """Transfers of these payments.

        :return: dict: merchant.payment.line → account.payment
        """
        items = self.env["account.payment.line"].search(
            [("merchant_payment_id", "in", self.ids), ("order_id", "in", self.list_id.sepa_order_id.ids)]
        )
        return {item.merchant_payment_id: item.payment_ids for item in items}

    def _payment_moves(self, date):
        """Post the transfers that an order holds already, book the others as ever.

        :param date date: day of payment
        :return: account.move, one for each payment in their order
        """
        transfers = self._sepa_payments()
        others = self.filtered(lambda line: line not in transfers)
        moves = (
            dict(zip(others, super(MerchantPaymentLine, others)._payment_moves(date), strict=True)) if others else {}
        )
        payments = self.env["account.payment"].concat(*transfers.values())
        payments.date = date
        for line, payment in transfers.items():
            if not payment.outstanding_account_id:
                payment.outstanding_account_id = line._outstanding_account()
        payments.action_post()
        moves.update((line, payment.move_id) for line, payment in transfers.items())
        return self.env["account.move"].concat(*(moves[line] for line in self))

    def _come_back(self, date, reason):
        """Cancel the transfer that the bank never made."""
        payment = self._sepa_payments().get(self) if self.state == "open" else None
        result = super()._come_back(date, reason)
        if payment:
            payment.action_cancel()
        return result
