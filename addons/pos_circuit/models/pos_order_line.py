from decimal import Decimal

from odoo import _, api, models
from odoo.exceptions import UserError

from ..tools import SETTLED, check_links, is_storing

CENT = Decimal("0.01")
PRICED = {"order_id", "product_id", "qty", "price_unit", "discount", "tax_ids", "refunded_orderline_id"}


class PosOrderLine(models.Model):
    _inherit = "pos.order.line"

    @api.model_create_multi
    def create(self, vals_list):
        check_links(self, vals_list)
        lines = super().create(vals_list)
        lines._circuit_refuse_paid()
        lines._circuit_refuse_settled()
        return lines

    def write(self, vals):
        check_links(self, [vals])
        if vals.keys() & PRICED:
            self._circuit_refuse_paid()
            self._circuit_refuse_settled()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_settled(self):
        self._circuit_refuse_paid()
        self._circuit_refuse_settled()

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

    def _circuit_refuse_settled(self):
        """The lines of a merchant's paid order are written with it, never afterwards: a line that is bent later
        could claim the return of another sale's goods (R-004-57).

        :raise UserError: a line of a paid order, outside of the order's own creation or update
        """
        if self.env.su or is_storing(self.env):
            return
        if any(order.state in SETTLED and order.config_id.merchant_id for order in self.order_id):
            raise UserError(_("This sale is paid and cannot be changed any more. Make a return instead."))

    def _circuit_refuse_excess(self):
        """Nobody returns more than was sold, at a higher price or in several returns (R-004-57).

        :raise UserError: a line of a sale of which more came back than was sold
        """
        returned = self.search([("refunded_orderline_id", "in", self.ids), ("order_id.state", "in", SETTLED)])
        for sold, lines in returned.grouped("refunded_orderline_id").items():
            amount = -sum((line._circuit_amount() for line in lines), Decimal())
            rounding = CENT * len(lines)  # each return is rounded by itself
            if -sum(lines.mapped("qty")) > sold.qty or amount > sold._circuit_amount() + rounding:
                raise UserError(_("More of “%s” is returned than was sold.", sold.full_product_name))

    def _circuit_amount(self):
        """Amount of the line with taxes, computed from price and quantity.

        :return: Decimal in the order's currency, negative for a return
        """
        self.ensure_one()
        return Decimal(f"{self._compute_amount_line_all()['price_subtotal_incl']:.2f}")
