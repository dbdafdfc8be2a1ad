from odoo import api, models, tools


class CircuitActivity(models.Model):
    _inherit = "circuit.activity"

    @api.model
    @tools.ormcache()
    def _by_code(self):
        """Activities as programs outside name them.

        :return: dict of code to id
        """
        return {activity.code: activity.id for activity in self.search([])}

    @api.model_create_multi
    def create(self, vals_list):
        """The codes are kept in memory: look again."""
        activities = super().create(vals_list)
        self.env.registry.clear_cache()
        return activities

    def write(self, vals):
        """The codes are kept in memory: look again."""
        result = super().write(vals)
        self.env.registry.clear_cache()
        return result

    def unlink(self):
        """The codes are kept in memory: look again."""
        self.env.registry.clear_cache()
        return super().unlink()
