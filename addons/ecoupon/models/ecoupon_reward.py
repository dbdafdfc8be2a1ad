from odoo import fields, models


class EcouponReward(models.Model):
    """One recorded behaviour of a citizen, with its evidence and the credit it brought (R-000-17)."""

    _name = "ecoupon.reward"
    _description = "Reward"
    _inherit = ["own.fields"]
    _order = "id desc"

    behaviour_id = fields.Many2one("ecoupon.behaviour", required=True, index=True, ondelete="restrict")
    circuit_id = fields.Many2one(related="behaviour_id.circuit_id", store=True, index=True)
    company_id = fields.Many2one(related="circuit_id.company_id", store=True, index=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    wallet_id = fields.Many2one("ecoupon.wallet", required=True, index=True, ondelete="restrict")
    day = fields.Date(required=True, default=fields.Date.context_today, help="When it happened.")
    reference = fields.Char(required=True, help="The partner's own number: the same one is rewarded once.")
    evidence = fields.Char(help="What shows it: document, partner, office.")
    channel = fields.Selection(
        [("manual", "Office"), ("file", "File"), ("api", "API")], required=True, default="manual", readonly=True
    )
    amount = fields.Monetary(readonly=True)
    lot_id = fields.Many2one("stored.value.lot", "Credit", readonly=True, ondelete="restrict")

    _reference_unique = models.Constraint("UNIQUE (behaviour_id, reference)", "This occurrence was already rewarded.")

    def _own_fields(self):
        return super()._own_fields() | {"amount", "lot_id", "channel"}
