from odoo import api, fields, models


class FamilyHouseholdHistory(models.TransientModel):
    """Who was in a household on a day, and what we knew of it at another time (R-004-17, R-004-51)."""

    _name = "family.household.history"
    _description = "Household at a date"

    household_id = fields.Many2one(
        "res.partner",
        required=True,
        domain=[("is_household", "=", True)],
        default=lambda self: self.env.context.get("active_id"),
    )
    day = fields.Date("Members on", required=True, default=fields.Date.context_today)
    known_at = fields.Datetime(
        "As known on", required=True, default=fields.Datetime.now, help="What was learnt later is left out."
    )
    known_line_ids = fields.Many2many(
        "family.household.member", compute="_compute_line_ids", string="Members as known then"
    )
    current_line_ids = fields.Many2many(
        "family.household.member", compute="_compute_line_ids", string="Members as known now"
    )
    differs = fields.Boolean(compute="_compute_line_ids")

    @api.depends("household_id", "day", "known_at")
    def _compute_line_ids(self):
        for wizard in self:
            none = self.env["family.household.member"]
            family, day = wizard.household_id, wizard.day
            wizard.known_line_ids = family._members_on(day, wizard.known_at) if family and day else none
            wizard.current_line_ids = family._members_on(day) if family and day else none
            wizard.differs = wizard._facts(wizard.known_line_ids) != wizard._facts(wizard.current_line_ids)

    @api.model
    def _facts(self, lines):
        return {(line.person_id.id, line.relation, line.is_head) for line in lines}
