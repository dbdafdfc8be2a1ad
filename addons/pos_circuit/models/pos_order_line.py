from decimal import Decimal

from odoo import _, api, models
from odoo.exceptions import UserError

from ..tools import check_links

PRICED = {"order_id", "product_id", "qty", "price_unit", "discount", "tax_ids", "refunded_orderline_id"}


class PosOrderLine(models.Model):
    _inherit = "pos.order.line"

    @api.model_create_multi
    def create(self, vals_list):
        check_links(self, vals_list)
        lines = super().create(vals_list)
        lines._circuit_refuse_paid()
        return lines

    def write(self, vals):
        check_links(self, [vals])
        if vals.keys() & PRICED:
            self._circuit_refuse_paid()
        return super().write(vals)

    def _prepare_base_line_for_taxes_computation(self):
        """Core looks the income account up to compute a price; a cashier may not read accounts."""
        if self.env.user.has_group("pos_circuit.group_merchant_cashier"):
            # sudo: only amounts leave this computation
            return super(PosOrderLine, self.sudo())._prepare_base_line_for_taxes_computation()
        return super()._prepare_base_line_for_taxes_computation()

    def _circuit_refuse_paid(self):
        """What a card helped to pay stays as it was sold.

        :raise UserError: a line of a captured sale
        """
        if not self.env.su and self.order_id._circuit_paid():
            raise UserError(_("This sale was paid with a circuit card and cannot be changed any more."))

    def _circuit_amount(self):
        """Amount of the line with taxes, computed from price and quantity.

        :return: Decimal in the order's currency, negative for a return
        """
        self.ensure_one()
        return Decimal(f"{self._compute_amount_line_all()['price_subtotal_incl']:.2f}")
