from odoo import fields, models


class StoredValueLot(models.Model):
    _inherit = "stored.value.lot"

    fund_id = fields.Many2one(
        "family.card.fund",
        "Source of funds",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
        help="Which money the credit is (R-001-05).",
    )
    period_id = fields.Many2one(
        "family.card.period",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
        help="Quarter or tranche of the credit.",
    )
    run_id = fields.Many2one(
        "family.card.credit.run", "Credit run", readonly=True, index="btree_not_null", ondelete="restrict"
    )
    revoked = fields.Boolean("Taken back", readonly=True, help="The credit was taken back before anybody spent it.")

    _revoked_idx = models.Index("(period_id) WHERE revoked")
