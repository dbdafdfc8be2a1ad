from odoo import api, fields, models


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

    @api.model
    def _lot_columns(self):
        """Period, source and run of a credit are written with its lot."""
        return [*super()._lot_columns(), "fund_id", "period_id", "run_id"]
