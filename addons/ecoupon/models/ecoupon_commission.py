from odoo import api, fields, models
from odoo.exceptions import UserError


class EcouponCommission(models.Model):
    """Terms of the operator's commission on coupons that are spent, from a day on (R-000-22, B02)."""

    _name = "ecoupon.commission"
    _description = "Commission terms"
    _inherit = ["mail.thread"]
    _order = "circuit_id, date_from desc"
    _rec_name = "date_from"

    circuit_id = fields.Many2one("circuit.circuit", required=True, index=True, ondelete="restrict")
    company_id = fields.Many2one(related="circuit_id.company_id", store=True, index=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    date_from = fields.Date(required=True, tracking=True, help="First day on which these terms hold.")
    enabled = fields.Boolean("Commission is due", default=True, tracking=True)
    base = fields.Selection(
        [
            ("discount", "Discount granted"),
            ("purchase", "Whole purchase"),
            ("redemption", "Fixed amount a coupon spent"),
        ],
        required=True,
        default="discount",
        tracking=True,
    )
    rate = fields.Float("Rate (%)", digits=(6, 4), default=0, tracking=True)
    fixed = fields.Monetary("Fixed amount", default=0, tracking=True)
    minimum = fields.Monetary(default=0, tracking=True, help="Least commission of a coupon spent.")
    maximum = fields.Monetary(default=0, tracking=True, help="Most commission of a coupon spent; 0: no limit.")

    _one_a_day = models.Constraint("UNIQUE (circuit_id, date_from)", "Terms begin on this day already.")
    _rate = models.Constraint("CHECK (rate BETWEEN 0 AND 100)", "The rate is a percentage between 0 and 100.")
    _amounts = models.Constraint(
        "CHECK (fixed >= 0 AND minimum >= 0 AND maximum >= 0 AND (maximum = 0 OR maximum >= minimum))",
        "The amounts of a commission are positive, and the maximum is not below the minimum.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        """Enter terms; what was spent earlier on their first day stays as it was reckoned.

        :raise UserError: coupons spent after that day were reckoned by other terms
        """
        terms = super().create(vals_list)
        for line in terms:
            # sudo: whether there is one, whoever asks
            spent = self.env["ecoupon.redemption"].sudo()
            last = spent.search(
                [("circuit_id", "=", line.circuit_id.id), ("commission_terms_id", "!=", False)],
                order="at desc, id desc",
                limit=1,
            )
            if last and line.circuit_id._local_day(last.at) > line.date_from:
                raise UserError(
                    self.env._(
                        "Coupons spent after that day were reckoned by other terms. Let these begin today or later."
                    )
                )
        return terms

    def write(self, vals):
        """Write; what commissions were reckoned by stays.

        :raise UserError: the terms were used
        """
        if vals.keys() - {"message_follower_ids", "activity_ids"}:
            self._refuse_used()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_unused(self):
        self._refuse_used()

    def _refuse_used(self):
        """:raise UserError: a coupon was spent under these terms"""
        # sudo: whether there is one, whoever asks
        if self.env["ecoupon.redemption"].sudo().search_count([("commission_terms_id", "in", self.ids)], limit=1):
            raise UserError(
                self.env._("Commissions were reckoned by these terms: they stay. Enter new ones from a later day.")
            )
