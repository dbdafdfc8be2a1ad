from odoo import fields, models


class FamilyCardQuotientSimulationLine(models.TransientModel):
    """One household of a simulation: what it gets now and what it would get."""

    _name = "family.card.quotient.simulation.line"
    _description = "Household of a simulation"
    _order = "delta, id"
    _rec_name = "household_id"

    simulation_id = fields.Many2one(
        "family.card.quotient.simulation", required=True, readonly=True, index=True, ondelete="cascade"
    )
    currency_id = fields.Many2one(related="simulation_id.currency_id")
    household_id = fields.Many2one("res.partner", required=True, readonly=True, ondelete="cascade")
    card_id = fields.Many2one("family.card", readonly=True, ondelete="cascade")
    members = fields.Integer("Household size", readonly=True, aggregator=False)
    current = fields.Monetary("Now", readonly=True)
    proposed = fields.Monetary("By the table to try", readonly=True)
    delta = fields.Monetary("Difference", readonly=True)
    outcome = fields.Selection(
        [("winner", "Gains"), ("loser", "Loses"), ("same", "Unchanged"), ("problem", "Cannot be computed")],
        required=True,
        readonly=True,
    )
    problem = fields.Text("Why it cannot be computed", readonly=True)
