from odoo import api, models, tools

from ..rules.access import ALLOWED


class IrModelAccess(models.Model):
    _inherit = "ir.model.access"

    @api.model
    @tools.ormcache("self.env.uid", "mode")
    def _get_allowed_models(self, mode="read"):
        """Models the user may touch at all. For a merchant's cashier: never more than our list,
        whatever any other module grants to internal users (default deny).

        :param str mode: read, write, create or unlink
        :return: frozenset of model names
        """
        allowed = super()._get_allowed_models(mode)
        if self.env.user.has_group("pos_circuit.group_merchant_cashier"):
            return allowed & ALLOWED[mode]
        return allowed
