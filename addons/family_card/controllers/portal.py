"""The citizen's home page on the portal."""

from odoo.addons.portal.controllers.portal import CustomerPortal

from .balance import offering_programs


class FamilyCardPortal(CustomerPortal):
    def _prepare_portal_layout_values(self):
        """Tell the home page whether there is a balance to look at (R-004-85)."""
        return {**super()._prepare_portal_layout_values(), "family_card_balance": bool(offering_programs())}
