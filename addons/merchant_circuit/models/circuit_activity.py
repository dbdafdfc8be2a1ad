from odoo import fields, models


class CircuitActivity(models.Model):
    _name = "circuit.activity"
    _description = "Activity of merchants and goods"
    _order = "name"

    name = fields.Char(required=True, translate=True)
    code = fields.Char(required=True)
    category_id = fields.Many2one(
        "circuit.category", help="Macro-category proposed for a merchant of this activity; staff decide."
    )
    ateco_ids = fields.One2many(
        "circuit.ateco", "activity_id", string="ATECO codes", help="Codes that suggest this activity (A26)."
    )
    active = fields.Boolean(default=True)

    _code_unique = models.Constraint("UNIQUE (code)", "There is already an activity with this code.")
