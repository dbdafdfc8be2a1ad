from odoo import fields, models


class ResUsers(models.Model):
    _inherit = "res.users"

    citizen_id = fields.Many2one(
        "res.partner",
        "Person in the registry",
        copy=False,
        index="btree_not_null",
        ondelete="set null",
        groups="family_card.group_officer",
        domain=[("is_household", "=", False), ("is_company", "=", False)],
        help="The resident this login belongs to, as an officer established. Never set by the person (R-004-101).",
    )

    def _citizen(self):
        """The resident of the registry this login belongs to (R-004-101).

        :return: res.partner, empty when no officer has established who it is
        """
        self.ensure_one()
        return self.sudo().citizen_id  # sudo: the link is for officers; the person may follow their own

    def _registry_contact_scope(self):
        """Domain of the contacts a user of the backend sees: whoever is no officer of the card sees shops, companies
        and colleagues, never a resident or a household (R-004-101). Citizens, cashiers and operating managers have
        narrower rules of their own.

        :return: domain; of everything for officers and for the portal
        """
        self.ensure_one()
        if self.share or self.has_group("family_card.group_officer"):
            return [(1, "=", 1)]
        resident = ["|", ("membership_ids", "!=", False), ("l10n_it_codice_fiscale", "!=", False)]
        known = [
            *("|", "|", ("is_company", "=", True), ("is_merchant", "=", True)),
            *("|", ("user_ids", "!=", False), ("create_uid", "=", self.id)),
        ]
        return ["&", ("is_household", "=", False), "|", *known, "!", *resident]

    def _registry_told_scope(self, path):
        """Domain of followers and notifications, which carry the name of a contact (R-003-08, R-004-101).

        :param str path: field that leads to the contact
        :return: domain: the contacts of the own companies that the user may see
        """
        self.ensure_one()
        shared = ["|", (f"{path}.company_id", "=", False), (f"{path}.company_id", "in", self._get_company_ids())]
        return ["&", *shared, (path, "any", self._registry_contact_scope())]
