from odoo import _, api, fields, models
from odoo.exceptions import UserError

from ..tools import check_links

CAPTURED = {"amount", "payment_method_id", "uuid", "pos_order_id", "session_id", "circuit_transaction_id"}


class PosPayment(models.Model):
    _inherit = "pos.payment"

    circuit_transaction_id = fields.Many2one(
        "circuit.transaction",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
        groups="merchant_circuit.group_officer",
        help="The captured transaction behind this payment.",
    )

    def _is_circuit(self):
        """Whether this payment was made with an instrument of the circuit.

        :return: bool
        """
        self.ensure_one()
        return self.payment_method_id.use_payment_terminal == "circuit"

    @api.model_create_multi
    def create(self, vals_list):
        check_links(self, vals_list)
        payments = super().create(vals_list)
        payments.pos_order_id._circuit_settle()
        return payments

    def write(self, vals):
        check_links(self, [vals])
        if not self.env.su and vals.keys() & CAPTURED:
            self._circuit_refuse_captured()
        result = super().write(vals)
        if vals.keys() & {"amount", "payment_method_id", "pos_order_id"}:
            self.pos_order_id._circuit_settle()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_captured(self):
        self._circuit_refuse_captured()

    def _circuit_refuse_captured(self):
        """A captured card payment is a fact: it is undone by a return, never edited.

        :raise UserError: one of the payments is captured
        """
        if self.sudo().circuit_transaction_id:  # sudo: the link is not for cashiers
            raise UserError(_("A confirmed card payment cannot be changed. Make a return instead."))
