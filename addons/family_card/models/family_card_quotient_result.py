from odoo import fields, models


class FamilyCardQuotientResult(models.Model):
    """What a table said about a card's household on a day, with the reason of every euro, or why it could not
    say. Results are written once and kept: a new one replaces the older without touching it (R-004-19)."""

    _name = "family.card.quotient.result"
    _description = "Computed yearly credit"
    _order = "id desc"
    _rec_name = "card_id"

    card_id = fields.Many2one("family.card", required=True, readonly=True, index=True, ondelete="cascade")
    household_id = fields.Many2one("res.partner", required=True, readonly=True, index=True, ondelete="restrict")
    program_id = fields.Many2one(related="card_id.program_id", store=True, index=True)
    company_id = fields.Many2one(related="program_id.company_id", store=True, index=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    quotient_id = fields.Many2one(
        "family.card.quotient", "Table", readonly=True, index="btree_not_null", ondelete="restrict"
    )
    day = fields.Date(
        "Evaluation date",
        required=True,
        readonly=True,
        help="The members and the ages of the household are of this day.",
    )
    members = fields.Integer(readonly=True, help="How many lived in the household on that day.")
    computed = fields.Boolean(readonly=True, help="Whether an amount could be computed.")
    annual = fields.Monetary("Yearly credit", readonly=True)
    line_ids = fields.One2many("family.card.quotient.result.line", "result_id", string="Explanation", readonly=True)
    problem = fields.Text("Why it cannot be computed", readonly=True)
    computed_at = fields.Datetime("Computed on", required=True, readonly=True)
    user_id = fields.Many2one("res.users", "Computed by", required=True, readonly=True, ondelete="restrict")
    replaced_by_id = fields.Many2one(
        "family.card.quotient.result",
        "Replaced by",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
        help="The next result of the same card; empty: this is the latest.",
    )

    _amount_or_reason = models.Constraint(
        "CHECK (computed = (problem IS NULL) AND annual >= 0)", "A result is an amount or the reason why there is none."
    )
