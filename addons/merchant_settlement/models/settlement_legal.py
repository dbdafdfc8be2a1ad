from odoo import api, fields, models
from odoo.exceptions import UserError


class SettlementLegal(models.Model):
    """A figure or a wording that the law sets, from a day on. A new law adds a row; what was done under the old one
    stays as it was."""

    _name = "settlement.legal"
    _description = "Legal value"
    _order = "code, date_from desc"
    _rec_name = "code"

    code = fields.Selection(
        [
            ("stamp_threshold", "Stamp duty: due above (EUR)"),
            ("stamp_amount", "Stamp duty: amount (EUR)"),
            ("arrears_threshold", "Check of tax arrears: due above (EUR)"),
            ("arrears_law", "Check of tax arrears: law"),
            ("vat_note", "Outside VAT: wording"),
            ("stamp_note", "Stamp duty: wording"),
        ],
        required=True,
    )
    date_from = fields.Date("From", required=True)
    amount = fields.Float(digits=(16, 2), help="EUR; empty for wordings.")
    text = fields.Char(translate=False, help="As it is printed; empty for figures.")
    source = fields.Char(required=True, help="The act that says so.")

    _one_a_day = models.UniqueIndex("(code, date_from)", "There is another value of this kind from this day on.")

    @api.model
    def _at(self, code, day):
        """The row in force.

        :param str code: one of the codes
        :param date day: local day
        :return: settlement.legal
        :raise UserError: none in force on that day
        """
        # sudo: the law is the same for everybody
        row = self.sudo().search([("code", "=", code), ("date_from", "<=", day)], order="date_from desc", limit=1)
        if not row:
            labels = dict(self._fields["code"]._description_selection(self.env))
            raise UserError(
                self.env._(
                    "“%(value)s” is not known for %(day)s: enter it under Settlement, Configuration, Legal values.",
                    value=labels[code],
                    day=day,
                )
            )
        return row
