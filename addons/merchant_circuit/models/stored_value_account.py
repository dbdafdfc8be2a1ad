from odoo import fields, models


class StoredValueAccount(models.Model):
    _inherit = "stored.value.account"

    funder_id = fields.Many2one(
        "circuit.funder", readonly=True, index="btree_not_null", ondelete="restrict", help="Whose money is on it."
    )
