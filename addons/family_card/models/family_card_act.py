from odoo import api, fields, models


class FamilyCardAct(models.Model):
    """A resolution, determination or protocol that governs a programme (R-004-01)."""

    _name = "family.card.act"
    _description = "Administrative act"
    _order = "date desc, id desc"

    program_id = fields.Many2one("family.card.program", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="program_id.company_id", store=True, index=True)
    kind = fields.Selection(
        [
            ("council", "Council resolution"),
            ("giunta", "Giunta resolution"),
            ("determination", "Determination"),
            ("protocol", "Protocol"),
        ],
        required=True,
        default="giunta",
    )
    number = fields.Char(required=True)
    date = fields.Date(required=True)
    subject = fields.Char()
    document = fields.Binary(attachment=True)
    document_name = fields.Char()

    _number_unique = models.UniqueIndex(
        "(program_id, kind, number, date)", "This act is already recorded for the programme."
    )

    @api.depends("kind", "number", "date")
    def _compute_display_name(self):
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        for act in self:
            parts = [kinds.get(act.kind, ""), act.number or "", fields.Date.to_string(act.date) or ""]
            act.display_name = " ".join(part for part in parts if part)
