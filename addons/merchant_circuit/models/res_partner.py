from odoo import fields, models


class ResPartner(models.Model):
    _inherit = "res.partner"

    is_merchant = fields.Boolean("Merchant of a circuit", index="btree_not_null")
    shop_name = fields.Char("Sign over the door", help="Name shown on receipts, messages and the public list.")
    agreement_ids = fields.One2many("circuit.agreement", "merchant_id")
    circuit_transaction_count = fields.Integer(
        compute="_compute_circuit_transaction_count",
        groups="merchant_circuit.group_officer,merchant_circuit.group_operator",
    )

    def _compute_circuit_transaction_count(self):
        counts = dict(
            self.env["circuit.transaction"]._read_group(
                [("merchant_id", "in", self.ids), ("state", "=", "captured")], ["merchant_id"], ["__count"]
            )
        )
        for partner in self:
            partner.circuit_transaction_count = counts.get(partner, 0)

    def _shop_label(self):
        """Name a citizen knows the shop by.

        :return: the sign over the door, else the partner's name
        """
        self.ensure_one()
        return self.shop_name or self.name or ""

    def action_circuit_transactions(self):
        """Button: the merchant's transactions."""
        return {
            **self.env["ir.actions.act_window"]._for_xml_id("merchant_circuit.action_transaction"),
            "domain": [("merchant_id", "in", self.ids)],
        }

    def write(self, vals):
        """Tills keep the shop's name in memory, record rules an operator's company: make them look again."""
        result = super().write(vals)
        # sudo: only whether there are users; the writer may not read them
        if vals.keys() & {"parent_id", "is_company"} and self.sudo().user_ids:
            self.env.registry.clear_cache()
        if vals.keys() & {"shop_name", "name"} and any(self.mapped("is_merchant")):
            self.env.registry.clear_cache()
        return result
