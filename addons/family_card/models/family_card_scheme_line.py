from odoo import fields, models
from odoo.exceptions import UserError

from ..tools import to_decimal


class FamilyCardSchemeLine(models.Model):
    """One account of a scheme: its share and the macro-categories that accept it."""

    _name = "family.card.scheme.line"
    _description = "Account of a scheme"
    _order = "scheme_id, sequence, id"
    _rec_name = "code"

    scheme_id = fields.Many2one("family.card.scheme", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="scheme_id.company_id", store=True, index=True)
    sequence = fields.Integer(default=10)
    code = fields.Char(required=True, help="Short name in messages and receipts, e.g. COMMERCIO.")
    name = fields.Char(required=True, translate=True)
    weight = fields.Float(
        "Share (%)",
        required=True,
        digits=(5, 2),
        help="Part of the quarter's credit that goes into this account. Notice §3 (R-004-35).",
    )
    category_ids = fields.Many2many(
        "circuit.category",
        "family_card_scheme_line_category_rel",
        "line_id",
        "category_id",
        string="Accepted by",
        help="Macro-categories whose shops can charge this account. Notice §3 (R-004-43).",
    )

    _code_unique = models.UniqueIndex("(scheme_id, code)", "Two accounts of a scheme cannot have the same code.")
    _weight_range = models.Constraint("CHECK (weight >= 0 AND weight <= 100)", "A share lies between 0 and 100 %.")

    def write(self, vals):
        """Change accounts; their shares only until the first credit (R-004-06).

        :raises UserError: money was credited by these shares
        """
        if "weight" in vals and any(to_decimal(line.weight) != to_decimal(vals["weight"]) for line in self):
            # sudo: whether there is any credit, whoever asks
            credited = self.env["stored.value.lot"].sudo()
            if credited.search_count([("account_id.scheme_line_id.scheme_id", "in", self.scheme_id.ids)], limit=1):
                raise UserError(
                    self.env._("Money was credited by these shares: make a new scheme with the day it holds from.")
                )
        return super().write(vals)
