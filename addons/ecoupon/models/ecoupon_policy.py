from odoo import api, fields, models


class EcouponPolicy(models.Model):
    """A measure of the Region that entitles people, e.g. the Reddito di Autonomia (R-000-32, R-000-36)."""

    _name = "ecoupon.policy"
    _description = "Policy"
    _order = "sequence, name"

    name = fields.Char(required=True, translate=True)
    code = fields.Char(required=True, help="Short name used in the Region's lists.")
    sequence = fields.Integer(default=10)
    act = fields.Char(help="The resolution that set it up.")
    company_id = fields.Many2one("res.company", required=True, index=True, default=lambda self: self.env.company)
    region_id = fields.Many2one(
        "res.partner",
        ondelete="restrict",
        default=lambda self: self._own_region(),
        help="Only its users change the policy (R-000-31); empty: those of every Region in the company.",
    )
    active = fields.Boolean(default=True)

    _code_unique = models.Constraint("UNIQUE (company_id, code)", "Another policy has this code.")

    @api.model
    def _own_region(self):
        """The Region the user works for, empty when the user's contact belongs to no company."""
        user = self.env.user
        region = user.partner_id.commercial_partner_id
        return region if user.has_group("ecoupon.group_region") and region != user.partner_id else region.browse()

    @api.model_create_multi
    def create(self, vals_list):
        """Make policies; their codes are in capitals, as lists are read (R-000-32)."""
        return super().create([self._with_clean_code(vals) for vals in vals_list])

    def write(self, vals):
        """Change policies; their codes are in capitals, as lists are read (R-000-32)."""
        return super().write(self._with_clean_code(vals))

    def _with_clean_code(self, vals):
        return {**vals, "code": self._clean(vals["code"])} if vals.get("code") else vals

    @staticmethod
    def _clean(code):
        """A code as it is kept and looked up.

        :param str code: as typed or delivered
        :return: str
        """
        return " ".join(code.split()).upper()
