from odoo import api, fields, models


class FamilyCardChosen(models.AbstractModel):
    """What an assistant on cards starts from: the cards that were chosen in the list."""

    _name = "family.card.chosen"
    _description = "Chosen cards"

    card_ids = fields.Many2many("family.card", required=True, default=lambda self: self._default_cards())
    program_id = fields.Many2one("family.card.program", compute="_compute_program_id")

    @api.model
    def _default_cards(self):
        if self.env.context.get("active_model") == "family.card":
            return self.env["family.card"].browse(self.env.context.get("active_ids", []))
        return self.env["family.card"]

    @api.depends("card_ids")
    def _compute_program_id(self):
        for wizard in self:
            wizard.program_id = wizard.card_ids.program_id[:1]
