from odoo import models


class LinkTrackerClick(models.Model):
    _inherit = "link.tracker.click"

    def _prepare_click_values_from_route(self, **route_values):
        """A click on a newsletter is counted, not where the citizen's computer was (R-000-34)."""
        values = super()._prepare_click_values_from_route(**route_values)
        # sudo: whether the mailing is one of ours
        mailing = self.env["mailing.mailing"].sudo().browse(values.get("mass_mailing_id"))
        if mailing.mailing_model_real == "ecoupon.consent":
            values |= {"ip": False, "country_id": False}
        return values
