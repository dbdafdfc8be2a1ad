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
