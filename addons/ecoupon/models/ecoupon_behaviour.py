from odoo import fields, models


class EcouponBehaviour(models.Model):
    """Something the Region wants to reward, and with how much (R-000-17, R-000-18)."""

    _name = "ecoupon.behaviour"
    _description = "Rewarded behaviour"
    _inherit = ["mail.thread"]
    _order = "name"

    name = fields.Char(required=True, translate=True, tracking=True)
    description = fields.Text(translate=True, help="What the citizen reads.")
    code = fields.Char(required=True, help="Named in the partners' files and requests.")
    circuit_id = fields.Many2one("circuit.circuit", required=True, index=True, ondelete="restrict")
    company_id = fields.Many2one(related="circuit_id.company_id", store=True, index=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    amount = fields.Monetary("Reward", required=True, tracking=True, help="EUR a time.")
    most_times = fields.Integer("Times a year at most", tracking=True, help="0: no limit.")
    valid_days = fields.Integer("Days to spend it", default=365, required=True, tracking=True)
    date_from = fields.Date(required=True, default=fields.Date.context_today, tracking=True)
    date_to = fields.Date(tracking=True)
    funder_id = fields.Many2one(
        "circuit.funder", "Funded by", ondelete="restrict", tracking=True, help="Who pays what the reward buys (B05)."
    )
    budget = fields.Monetary(tracking=True, help="Rewards at most, in all; 0: no limit.")
    evidence = fields.Selection(
        [("manual", "Recorded by the office"), ("file", "File of a partner"), ("api", "API of a partner")],
        required=True,
        default="manual",
    )
    active = fields.Boolean(default=True)

    _code_unique = models.Constraint("UNIQUE (circuit_id, code)", "Another behaviour has this code.")
    _amount = models.Constraint("CHECK (amount > 0 AND budget >= 0)", "A reward is more than nothing.")
    _counts = models.Constraint("CHECK (most_times >= 0 AND valid_days > 0)", "Counts are not negative.")
    _dates = models.Constraint("CHECK (date_to IS NULL OR date_to >= date_from)", "It ends before it begins.")
