from odoo import api, fields, models


class FamilyCard(models.Model):
    """The application a card comes from and the declarations that changed it (R-001-04, R-004-50)."""

    _inherit = "family.card"

    application_ids = fields.One2many("family.card.application", "card_id", "Applications", readonly=True)
    application_count = fields.Integer(compute="_compute_application_count")

    @api.depends("application_ids")
    def _compute_application_count(self):
        for card in self:
            card.application_count = len(card.application_ids)

    def action_view_applications(self):
        """Smart button: what the household applied for and declared."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("family_card.action_application")
        return action | {"domain": [("card_id", "=", self.id)], "context": {"create": False}}
