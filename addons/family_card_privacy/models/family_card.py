from odoo import api, models

from .family_access_log import INSIDE


class FamilyCard(models.Model):
    _inherit = "family.card"

    def web_read(self, specification):
        """Read for the web client; somebody who opens a card is written down (R-004-101)."""
        log = self.env["family.access.log"]
        if log._is_visit(self, specification):
            log._note(self, "open", self.household_id, self.company_id)
        return super(FamilyCard, self.with_context(**{INSIDE: True})).web_read(specification)

    # It writes: not for a read-only replica.
    web_read._readonly = False

    @api.model
    @api.readonly
    def web_search_read(self, *args, **kwargs):
        """A list is not an opened card."""
        return super(FamilyCard, self.with_context(**{INSIDE: True})).web_search_read(*args, **kwargs)

    def export_data(self, fields_to_export):
        """Export a list; that it was exported is written down (R-004-101)."""
        for company, cards in self.grouped("company_id").items():
            self.env["family.access.log"]._note(
                self.browse(), "list", None, company, self.env._("%s cards", len(cards))
            )
        return super().export_data(fields_to_export)
