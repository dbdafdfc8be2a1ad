from odoo import fields, models


class ResPartner(models.Model):
    _inherit = "res.partner"

    api_key_ids = fields.One2many("circuit.api.key", "merchant_id", groups="merchant_circuit.group_officer")
    api_key_count = fields.Integer(compute="_compute_api_key_count", groups="merchant_circuit.group_officer")

    def _compute_api_key_count(self):
        """How many keys of a merchant are valid."""
        counts = dict(
            self.env["circuit.api.key"]._read_group(
                [("merchant_id", "in", self.ids), ("state", "in", ["valid"])], ["merchant_id"], ["__count"]
            )
        )
        for partner in self:
            partner.api_key_count = counts.get(partner, 0)

    def action_api_keys(self):
        """Button: the merchant's API keys."""
        self.ensure_one()
        return {
            **self.env["ir.actions.act_window"]._for_xml_id("circuit_api.action_api_key"),
            "domain": [("merchant_id", "=", self.id)],
            "context": {"default_merchant_id": self.id},
        }
