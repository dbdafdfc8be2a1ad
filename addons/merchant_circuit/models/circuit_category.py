from odoo import fields, models


class CircuitCategory(models.Model):
    _name = "circuit.category"
    _description = "Macro-category of merchants"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    code = fields.Char(required=True, help="Short name printed on receipts and in messages, e.g. COMMERCIO.")
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)

    _code_unique = models.Constraint("UNIQUE (code)", "There is already a macro-category with this code.")
