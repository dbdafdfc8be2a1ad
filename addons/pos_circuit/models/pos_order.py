from decimal import Decimal

from odoo import _, api, models
from odoo.exceptions import UserError

from odoo.addons.merchant_circuit.rules.till import Line

from ..tools import SETTLED, check_links, storing

# of a sale that a circuit transaction already paid, these are history
FROZEN = {"session_id", "uuid", "config_id", "company_id", "refunded_order_id"}


class PosOrder(models.Model):
    _inherit = "pos.order"

    @api.model
    def _load_pos_data_fields(self, config):
        """Core loads every field of an order, chatter and attachments included. A cashier may not read
        those models, and one refused field would empty the whole list."""
        names = super()._load_pos_data_fields(config)
        if names or not self.env.user.has_group("pos_circuit.group_merchant_cashier"):
            return names
        readable = self.env["ir.model.access"]._get_allowed_models("read")
        skip = ("message_", "website_message", "activity_", "picking", "failed_pickings", "has_message", "rating_")
        return [
            name
            for name, field in self._fields.items()
            if not name.startswith(skip)
            and not field.manual
            and (field.type not in ("one2many", "many2many") or field.comodel_name in readable)
            and self._has_field_access(field, "read")
        ]

    # Every way to "paid" (sync_from_ui of a new order, of a draft, plain RPC) ends in create or write.
    @api.model_create_multi
    def create(self, vals_list):
        check_links(self, vals_list)
        with storing(self.env):
            orders = super().create(vals_list)
        orders._circuit_settle()
        return orders

    def write(self, vals):
        check_links(self, [vals])
        if not self.env.su and vals.keys() & FROZEN and self._circuit_paid():
            raise UserError(_("This sale was paid with a circuit card and cannot be changed any more."))
        if not self.env.su and vals.get("state") in ("draft", "cancel") and self._circuit_paid():
            raise UserError(_("A sale paid with a circuit card cannot be cancelled. Make a return instead."))
        with storing(self.env):
            result = super().write(vals)
        if vals.keys() & {"state", "payment_ids", "lines"}:
            self._circuit_settle()
        return result

    def _circuit_paid(self):
        """Orders of this set with a captured circuit payment.

        :return: pos.order recordset
        """
        # sudo: the transaction link is not for cashiers
        return self.filtered(lambda order: order.sudo().payment_ids.circuit_transaction_id)

    def _circuit_settle(self):
        """Take the cards' money of orders that are paid, free that of cancelled ones. Runs inside the
        sale's own database transaction: either both are stored or none (R-004-83).

        :raise UserError: a card payment is not what was authorised
        """
        for order in self.sudo():  # sudo: the cashier has no right on circuit.transaction
            if order.state == "cancel":
                order._circuit_release()
            elif order.state in SETTLED:
                payments = order.payment_ids.filtered(lambda p: p._is_circuit() and p.amount)
                for payment in payments.filtered(lambda p: not p.circuit_transaction_id):
                    order._circuit_capture(payment)
                paying = payments.filtered(lambda p: p.amount > 0).circuit_transaction_id
                if len(paying.filtered(lambda t: t.instrument_model not in t.env["circuit.till"]._reducing())) > 1:
                    raise UserError(_("Only one circuit card can pay a sale."))
                if order.config_id.merchant_id:
                    order._circuit_check_returns()

    def _circuit_terminal(self):
        """The till that asks, as the circuit knows it.

        :return: Terminal
        :raise UserError: the point of sale belongs to no merchant
        """
        self.ensure_one()
        return self.config_id._circuit_terminal(self.session_id.id)

    def _circuit_capture(self, payment):
        """Capture the authorised amount of one payment line.

        :param payment: pos.payment of this order, not captured yet
        :raise UserError: unknown, expired, another merchant's, another amount, another purchase
        """
        self.ensure_one()
        if payment.amount > 0 and any(line._circuit_amount() < 0 for line in self.lines):
            raise UserError(_("Put a return and a new purchase on separate receipts."))
        transaction = self.env["circuit.transaction"]._capture(
            self._circuit_terminal(),
            payment.uuid,
            self.uuid,
            Decimal(f"{abs(payment.amount):.2f}"),
            self._circuit_lines() if payment.amount > 0 else None,
        )
        if (transaction.kind == "refund") != (payment.amount < 0):
            raise UserError(_("The card payment does not match what was authorised. Remove it and repeat it."))
        payment.circuit_transaction_id = transaction

    def _circuit_lines(self):
        """What is bought, one line per activity, from prices and quantities (never from the totals
        that the browser sent).

        :return: list of Line
        """
        totals = {}
        for line in self.lines:
            activity = self.env["product.product"]._circuit_activity(line.product_id.id)
            totals[activity] = totals.get(activity, Decimal()) + line._circuit_amount()
        return [Line(amount, activity) for activity, amount in sorted(totals.items(), key=str) if amount]

    def _circuit_check_returns(self):
        """Credit never becomes cash: of what is returned, the card's share goes back to the card
        (R-004-44), and a return always names the sale it undoes.

        :raise UserError: too little goes back, or a return without its sale
        """
        self.ensure_one()
        returned = self.lines.filtered(lambda line: line._circuit_amount() < 0)
        if returned.filtered(lambda line: not line.refunded_orderline_id):
            raise UserError(_("Start a return from the sale it belongs to: Orders, the sale, Refund."))
        returned.refunded_orderline_id._circuit_refuse_excess()
        for origin in returned.refunded_orderline_id.order_id.payment_ids.circuit_transaction_id:
            missing = origin._pos_refund_due()
            if missing > 0:
                raise UserError(
                    _(
                        "This purchase was paid in part with a %(card)s: %(amount)s more must go back to it.",
                        card=self.env[origin.instrument_model]._circuit_label(),
                        amount=self.currency_id.format(float(missing)),
                    )
                )

    def _circuit_release(self):
        """Give back what is held for this cancelled order."""
        self.ensure_one()
        held = self.env["circuit.transaction"].search(
            [
                ("order_ref", "=", self.uuid),
                ("merchant_id", "=", self.config_id.merchant_id.id),
                ("state", "=", "authorized"),
            ]
        )
        held._void_hold()

    def _create_pm_change_log(self, vals):
        """A cashier writes no chatter; before an order is paid there is nothing to log either."""
        if self.env.user.has_group("pos_circuit.group_merchant_cashier"):
            return []
        return super()._create_pm_change_log(vals)

    def _process_order(self, order, existing_order):
        """A merchant's sale is never invoiced by the public body."""
        session = self.env["pos.session"].browse(order["session_id"])
        if order.get("to_invoice") and session.config_id.merchant_id:
            order["to_invoice"] = False
        return super()._process_order(order, existing_order)

    def _generate_pos_order_invoice(self):
        if self.config_id.merchant_id:
            raise UserError(_("The merchant issues the invoice of this sale, not the public body."))
        return super()._generate_pos_order_invoice()

    def _create_order_picking(self):
        """What a merchant sells is not in the public body's stock."""
        if self.config_id.merchant_id:
            return None
        return super()._create_order_picking()
