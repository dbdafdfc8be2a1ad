from odoo import api, fields, models
from odoo.exceptions import UserError


class CircuitFunder(models.Model):
    """Terms, tax and journals by which the shops of a funder are reimbursed."""

    _inherit = "circuit.funder"

    terms_ids = fields.One2many("settlement.terms", "funder_id", "Settlement terms")
    bill_journal_id = fields.Many2one(
        "account.journal",
        "Journal of bills",
        check_company=True,
        domain="[('type', '=', 'purchase')]",
        help="Bills of the merchants' statements.",
    )
    bill_tax_id = fields.Many2one(
        "account.tax",
        "Tax of bills",
        check_company=True,
        domain="[('type_tax_use', '=', 'purchase')]",
        help="Outside VAT (N2.2): a reimbursement is no payment for goods or services of the shop to the public body.",
    )
    stamp_account_id = fields.Many2one(
        "account.account", "Stamp duty", check_company=True, help="What the public body bears of it."
    )

    settlement_ready = fields.Boolean(
        "Settlement set up",
        compute="_compute_settlement_ready",
        help="Journal and tax of the bills, account of the stamp duty and first terms are there.",
    )

    @api.depends("bill_journal_id", "bill_tax_id", "stamp_account_id", "terms_ids")
    def _compute_settlement_ready(self):
        for funder in self:
            funder.settlement_ready = all(
                funder[name] for name in ("bill_journal_id", "bill_tax_id", "stamp_account_id", "terms_ids")
            )

    def action_set_up_books(self):
        """Button: as before; of several also those get the rest that had their accounts already.

        :return: window action, or None
        """
        result = super().action_set_up_books()
        if len(self) > 1:
            for funder in self.filtered(lambda funder: not funder.settlement_ready):
                self.env["circuit.account.setup"].create({"funder_id": funder.id})._apply()
        return result

    def _settlement_terms(self, day):
        """Terms in force.

        :param date day: local day
        :return: settlement.terms
        :raise UserError: none in force
        """
        self.ensure_one()
        # sudo: whoever sees a statement sees the terms it was made by
        terms = self.sudo().terms_ids.filtered(lambda line: line.valid_from <= day).sorted("valid_from")[-1:]
        if not terms:
            raise UserError(
                self.env._(
                    "%(funder)s has no settlement terms on %(day)s: enter them under Settlement, Configuration.",
                    funder=self.name,
                    day=day,
                )
            )
        return terms
