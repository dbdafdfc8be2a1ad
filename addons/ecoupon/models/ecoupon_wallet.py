from odoo import fields, models


class EcouponWallet(models.Model):
    """The virtual wallet of an entitled citizen: a stored-value account a funder (R-000-16)."""

    _name = "ecoupon.wallet"
    _description = "Virtual wallet"
    _order = "id desc"
    _rec_name = "partner_id"

    circuit_id = fields.Many2one("circuit.circuit", required=True, readonly=True, index=True, ondelete="restrict")
    company_id = fields.Many2one("res.company", required=True, readonly=True, index=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    partner_id = fields.Many2one(
        "res.partner", "Citizen", required=True, readonly=True, index=True, ondelete="restrict"
    )
    account_ids = fields.One2many("stored.value.account", "wallet_id", readonly=True)

    _one = models.Constraint("UNIQUE (circuit_id, partner_id)", "A citizen has one wallet in a circuit.")


class StoredValueAccount(models.Model):
    _inherit = "stored.value.account"

    wallet_id = fields.Many2one("ecoupon.wallet", readonly=True, index="btree_not_null", ondelete="restrict")
