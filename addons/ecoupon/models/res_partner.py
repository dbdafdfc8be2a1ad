from odoo import fields, models


class ResPartner(models.Model):
    """Whose fiscal code somebody has checked: only then it opens what the Region reserved for it (R-000-15)."""

    _inherit = "res.partner"

    identity_proof = fields.Selection(
        [("office", "Seen by the office"), ("oidc", "SPID or CIE")],
        "Identity",
        readonly=True,
        copy=False,
        groups="merchant_circuit.group_officer,ecoupon.group_region",
        help="Empty: the fiscal code is what the person wrote.",
    )
    identity_proof_at = fields.Datetime(
        readonly=True, copy=False, groups="merchant_circuit.group_officer,ecoupon.group_region"
    )
