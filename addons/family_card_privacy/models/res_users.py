from odoo import fields, models

from odoo.addons.family_card.rules import periods
from odoo.addons.family_card_portal.models.res_users import TZ


class ResUsers(models.Model):
    _inherit = "res.users"

    def _citizen_headed(self):
        """The household that the person of this login is head of today: only the head takes everybody's data away.

        :return: res.partner with the rights of the system, possibly empty
        """
        self.ensure_one()
        today = periods.local_day(fields.Datetime.now(), TZ)
        return self._citizen_households().filtered(lambda family: family._head_on(today) == self._citizen())
