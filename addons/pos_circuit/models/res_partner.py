from odoo import fields, models


class ResPartner(models.Model):
    _inherit = "res.partner"

    circuit_pos_ids = fields.One2many(
        "pos.config", "merchant_id", string="Points of Sale", groups="merchant_circuit.group_officer"
    )

    def action_circuit_onboarding(self):
        """Open the one-step onboarding of this partner as a merchant (R-004-22).

        :return: window action of the wizard
        """
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("pos_circuit.circuit_merchant_onboarding_action")
        return {**action, "context": {"default_partner_id": self.id}}
