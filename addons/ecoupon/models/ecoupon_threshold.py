from odoo import api, fields, models


class EcouponThreshold(models.Model):
    """A legal threshold, from a day on; never a number in the code."""

    _name = "ecoupon.threshold"
    _description = "Legal threshold"
    _order = "code, date_from desc"
    _rec_name = "code"

    code = fields.Selection(
        [("limited_network", "Limited network: notification")],
        required=True,
        default="limited_network",
        help="PSD2 art. 3 (k), D.Lgs. 11/2010 art. 2 c. 2 m): whoever runs a limited network notifies the authority when"
        " what was paid in the last 12 months exceeds this.",
    )
    date_from = fields.Date(required=True)
    amount = fields.Float(required=True, digits=(12, 2), help="EUR.")
    source = fields.Char(required=True, help="The law that says so.")

    _one_a_day = models.Constraint("UNIQUE (code, date_from)", "A threshold begins on this day already.")

    @api.model
    def _at(self, code, day):
        """The threshold in force.

        :param str code: e.g. limited_network
        :param date day: local day
        :return: ecoupon.threshold, or empty before the first one
        """
        return self.search([("code", "=", code), ("date_from", "<=", day)], limit=1)
