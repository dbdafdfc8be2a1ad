from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError


class FamilyHouseholdHead(models.TransientModel):
    """Appoints a new head when the old one died or left: the card, its lots and their expiries stay (B3, A22)."""

    _name = "family.household.head"
    _description = "Appoint a head of household"

    household_id = fields.Many2one(
        "res.partner", required=True, readonly=True, default=lambda self: self.env.context.get("active_id")
    )
    candidate_ids = fields.Many2many("res.partner", compute="_compute_candidate_ids")
    person_id = fields.Many2one(
        "res.partner", "New head", required=True, domain="[('id', 'in', candidate_ids)]", ondelete="cascade"
    )
    date = fields.Date(
        "Head from",
        required=True,
        default=fields.Date.context_today,
        help="Today at the latest, and after the last day of the old head.",
    )
    card_ids = fields.Many2many("family.card", compute="_compute_card_ids", string="Cards handed over")

    @api.depends("household_id")
    def _compute_candidate_ids(self):
        today = fields.Date.context_today(self)
        for wizard in self:
            family = wizard.household_id
            wizard.candidate_ids = family._members_on(today).person_id if family else family

    @api.depends("household_id")
    def _compute_card_ids(self):
        for wizard in self:
            wizard.card_ids = wizard.household_id.family_card_ids.filtered(
                lambda card: card.state == "suspended" and card.state_reason == "holder_death"
            )

    def action_appoint(self):
        """Button: make the member the head and hand over the cards suspended for the holder's death.

        :raises UserError: the household has a head, or the person is not a member on that day
        """
        self.ensure_one()
        family, today = self.household_id, fields.Date.context_today(self)
        if self.date > today:
            raise UserError(self.env._("A head is appointed from today or from an earlier day."))
        if any(family._members_on(day).filtered("is_head") for day in (self.date, today)):
            raise UserError(self.env._("The household has a head on that day: record first that it ended."))
        line = family._members_on(self.date).filtered(lambda member: member.person_id == self.person_id)
        if not line or line.valid_to:
            raise UserError(self.env._("%s is not a member of the household from that day on.", self.person_id.name))
        cards = self.card_ids
        if line.valid_from == self.date:
            line.write({"relation": "head", "is_head": True})
        else:
            follows = {**line._fact_values(), "relation": "head", "is_head": True, "valid_from": self.date}
            line.valid_to = self.date - timedelta(days=1)
            line.create(follows)
        for card in cards:
            card.holder_id = self.person_id
            card._unblock(["holder_death"], self.env._("New head: %s", self.person_id.name))
        return {"type": "ir.actions.act_window_close"}
