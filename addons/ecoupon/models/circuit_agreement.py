from odoo import api, models


class CircuitAgreement(models.Model):
    """Agreements where a member is chosen: by its name, for nobody knows the numbers by heart."""

    _inherit = "circuit.agreement"

    _rec_names_search = ("name", "merchant_id.name", "merchant_id.shop_name")

    @api.depends("name", "merchant_id")
    @api.depends_context("agreement_of")
    def _compute_display_name(self):
        result = super()._compute_display_name()
        if self.env.context.get("agreement_of"):
            for agreement in self.filtered("merchant_id"):
                agreement.display_name = f"{agreement.merchant_id._shop_label()} ({agreement.name})"
        return result
