from odoo import fields, models


class ResPartner(models.Model):
    _inherit = "res.partner"

    till_user_ids = fields.One2many(
        "res.users",
        "merchant_id",
        string="Who may charge cards",
        groups="merchant_circuit.group_officer",
        help="Logins that work for this merchant, at the web till or at a point of sale.",
    )

    def action_web_till_access(self):
        """Button: give somebody of this shop a login for the web till (R-001-26).

        :return: window action of the wizard
        """
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("circuit_web_till.web_till_access_action")
        return {**action, "context": {"default_partner_id": self.id}}
