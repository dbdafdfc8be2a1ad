from odoo import models
from odoo.exceptions import AccessError


class ResUsers(models.Model):
    _inherit = "res.users"

    def action_withdraw_till(self):
        """Button: these users charge cards for nobody any more; sessions that are open end at their next step.

        :raise AccessError: the user does not work for the office
        """
        if not self.env.user.has_group("merchant_circuit.group_officer"):
            raise AccessError(self.env._("Only the office that runs the circuit decides who charges cards."))
        # sudo: officers do not manage users; this field is the whole of what they take away
        self.filtered("merchant_id").sudo().merchant_id = False
