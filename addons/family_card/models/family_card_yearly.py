from odoo import fields, models


class FamilyCardYearly(models.Model):
    """A yearly credit from a day on: what it was, since when, why. Written once; the next one follows it
    (R-004-06, R-004-53)."""

    _name = "family.card.yearly"
    _description = "Yearly credit from a day"
    _order = "card_id, day desc, id desc"
    _rec_name = "day"

    card_id = fields.Many2one("family.card", required=True, readonly=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="card_id.company_id", store=True, index=True)
    currency_id = fields.Many2one(related="card_id.currency_id")
    day = fields.Date(
        "Since",
        required=True,
        readonly=True,
        help="The change counts from the quarter after this day. Notice §4 (R-004-53).",
    )
    amount = fields.Monetary("Yearly credit", required=True, readonly=True)
    initial = fields.Boolean(
        readonly=True, help="Given with the request for the card: it counts from the first quarter."
    )
    act_id = fields.Many2one("family.card.act", readonly=True, ondelete="restrict")
    result_id = fields.Many2one(
        "family.card.quotient.result", "Computed", readonly=True, index="btree_not_null", ondelete="set null"
    )
    reason = fields.Char(readonly=True)
    user_id = fields.Many2one("res.users", "Author", readonly=True, ondelete="restrict")

    _amount_positive = models.Constraint("CHECK (amount >= 0)", "The yearly credit cannot be negative.")
    _latest_idx = models.Index("(card_id, initial, day, id)")
