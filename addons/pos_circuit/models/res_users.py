from odoo import models


class ResUsers(models.Model):
    _inherit = "res.users"

    def _circuit_scope(self, path, which="merchant"):
        """Domain of the record rules that fence in a merchant's cashier.

        :param str path: field that is compared
        :param str which: ``merchant`` (their shop), ``partners`` (themselves, their shop, the company),
            ``self``, ``sequences`` (numbers of their tills) or ``nothing``
        :return: domain; of everything for any other user
        """
        self.ensure_one()
        if not self.has_group("pos_circuit.group_merchant_cashier"):
            return [(1, "=", 1)]
        allowed = {
            "merchant": lambda: self.merchant_id.ids,
            "partners": lambda: (self.partner_id | self.merchant_id | self.company_id.partner_id).ids,
            "self": lambda: self.ids,
            "sequences": lambda: self._circuit_sequences().ids,
            "nothing": list,
        }
        return [(path, "in", allowed[which]())]

    def _circuit_sequences(self):
        """Number sequences the tills of this user's merchant draw from.

        :return: ir.sequence
        """
        # sudo: their ids only, for a record rule
        configs = self.env["pos.config"].sudo().with_context(active_test=False)
        own = configs.search([("merchant_id", "in", self.merchant_id.ids)])
        return own.order_seq_id | own.order_backend_seq_id | own.order_line_seq_id | own.device_seq_id
