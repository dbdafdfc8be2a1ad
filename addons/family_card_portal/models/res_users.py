from odoo import fields, models

from odoo.addons.family_card.rules import household, periods, senior

#: The day of the registry of residents is the one of Italy, wherever the visitor sits.
TZ = "Europe/Rome"


class ResUsers(models.Model):
    _inherit = "res.users"

    def _citizen_households(self):
        """Households in which the person of this login is a member today, as head or of age.

        The link between login and person is the office's (R-004-100, R-004-101): nothing the user types
        or changes about themselves leads here.

        :return: res.partner with the rights of the system, empty for an unlinked login
        """
        self.ensure_one()
        # sudo: a citizen has no right on the registry; what comes back is their own household
        citizen = self._citizen().sudo()
        today = periods.local_day(fields.Datetime.now(), TZ)
        of_age = bool(citizen.birth_date) and senior.birthday(citizen.birth_date, 18) <= today
        lines = citizen.membership_ids.filtered(lambda line: household.covers(line._memberships()[0], today))
        return lines.filtered(lambda line: line.is_head or of_age).household_id

    def _citizen_cards(self):
        """Issued cards of the user's households (R-004-85).

        :return: family.card with the rights of the system
        """
        families = self._citizen_households()
        # sudo: a citizen has no right on cards; the domain is the whole of what they may see
        return self.env["family.card"].sudo().search([("household_id", "in", families.ids), ("state", "!=", "draft")])
