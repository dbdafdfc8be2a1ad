from odoo import fields, models


class StoredValueAccount(models.Model):
    _inherit = "stored.value.account"

    card_id = fields.Many2one(
        "family.card", string="Family Card", readonly=True, index="btree_not_null", ondelete="restrict"
    )
    scheme_line_id = fields.Many2one(
        "family.card.scheme.line",
        string="Account of the scheme",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
    )

    _card_line_unique = models.UniqueIndex(
        "(card_id, scheme_line_id) WHERE card_id IS NOT NULL", "The card has this account already."
    )
