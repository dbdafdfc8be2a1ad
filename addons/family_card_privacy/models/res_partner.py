from odoo import api, fields, models
from odoo.tools import SQL

from .family_access_log import INSIDE


class ResPartner(models.Model):
    _inherit = "res.partner"

    erased = fields.Boolean(
        readonly=True, copy=False, help="Made anonymous: whose data these were is not known any more."
    )
    access_count = fields.Integer(
        "Accesses", compute="_compute_access_count", groups="family_card.group_manager", help="Lines of the access log."
    )

    def _compute_access_count(self):
        counts = dict(
            self.env["family.access.log"]._read_group([("household_id", "in", self.ids)], ["household_id"], ["__count"])
        )
        for partner in self:
            partner.access_count = counts.get(partner, 0)

    def _access_household(self):
        """The household that reading this partner tells something about.

        :return: this household, the last one of this person, or nothing for a shop or an office
        """
        self.ensure_one()
        self.env["family.household.member"].flush_model()
        rows = self.env.execute_query(
            SQL(
                """SELECT id FROM res_partner WHERE id = %(id)s AND is_household
                   UNION ALL
                  (SELECT household_id FROM family_household_member WHERE person_id = %(id)s
                    ORDER BY recorded_to IS NULL DESC, valid_from DESC LIMIT 1)""",
                id=self.id,
            )
        )
        return self.browse(rows[0] if rows else ())

    def web_read(self, specification):
        """Read for the web client; somebody who opens a household or a person is written down (R-004-101)."""
        log = self.env["family.access.log"]
        if log._is_visit(self, specification) and (household := self._access_household()):
            log._note(self, "open", household, household.sudo().company_id)  # sudo: whose household it is
        return super(ResPartner, self.with_context(**{INSIDE: True})).web_read(specification)

    # It writes: not for a read-only replica.
    web_read._readonly = False

    @api.model
    @api.readonly
    def web_search_read(self, *args, **kwargs):
        """A list is not an opened household."""
        return super(ResPartner, self.with_context(**{INSIDE: True})).web_search_read(*args, **kwargs)

    def export_data(self, fields_to_export):
        """Export a list; that households were exported is written down (R-004-101)."""
        households = self.filtered("is_household")
        if households:
            self.env["family.access.log"]._note(
                self.browse(), "list", None, None, self.env._("%s households", len(households))
            )
        return super().export_data(fields_to_export)

    def action_access_log(self):
        """Button: who opened this household."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("family_card_privacy.action_access_log")
        return {**action, "domain": [("household_id", "=", self.id)], "context": {}}
