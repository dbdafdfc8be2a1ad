from odoo import api, fields, models
from odoo.tools import format_date

#: kind of the funder that pays shops for coupons of others
CLEARING = "clearing"


class CircuitFunder(models.Model):
    """What invoices to the issuers need; for the clearing of coupons only (R-000-20, R-000-24)."""

    _inherit = "circuit.funder"

    invoice_journal_id = fields.Many2one(
        "account.journal",
        "Journal of issuers' invoices",
        check_company=True,
        domain="[('type', '=', 'sale')]",
        help="Invoices and credit notes to issuers and sponsors.",
    )
    value_tax_id = fields.Many2one(
        "account.tax",
        "Tax of coupon values",
        check_company=True,
        domain="[('type_tax_use', '=', 'sale'), ('amount', '=', 0)]",
        help="Outside VAT, with its nature code (N2.2): what was paid out for the issuer is money, not a service.",
    )
    commission_tax_id = fields.Many2one(
        "account.tax",
        "VAT of the commission",
        check_company=True,
        domain="[('type_tax_use', '=', 'sale')]",
        help="Standard rate. The fiscal position of the issuer says what it becomes: split payment for public bodies,"
        " another tax abroad (C11).",
    )
    foreign_tax_id = fields.Many2one(
        "account.tax",
        "VAT of the commission to issuers abroad",
        check_company=True,
        domain="[('type_tax_use', '=', 'sale'), ('amount', '=', 0)]",
        help="A service to a business abroad is outside Italian VAT (art. 7-ter DPR 633/1972, nature N2.1); the fiscal"
        " positions of the chart know goods only. Empty: what the fiscal position says.",
    )
    split_position_id = fields.Many2one(
        "account.fiscal.position",
        "Fiscal position of public bodies",
        check_company=True,
        help="Split payment (art. 17-ter DPR 633/1972): taken for issuers with a destination code of six characters that"
        " have no position of their own. C11.",
    )
    split_payment_until = fields.Date(
        "Split payment until",
        help="Last day of split payment; empty: no end. The authorisation known when this was written ends on"
        " 30/06/2026: enter the day if it is not renewed.",
    )
    invoice_term_id = fields.Many2one(
        "account.payment.term",
        "Payment term of issuers",
        check_company=True,
        help="Of issuers that have no term of their own.",
    )
    invoice_ready = fields.Boolean(
        "Invoices set up",
        compute="_compute_invoice_ready",
        help="Accounts, journal and taxes of the issuers' invoices are there.",
    )

    @api.depends("kind", "books_ready", "invoice_journal_id", "value_tax_id", "commission_tax_id")
    def _compute_invoice_ready(self):
        for funder in self:
            funder.invoice_ready = funder.kind != CLEARING or not funder._missing_invoicing()

    def _missing_invoicing(self):
        """What issuers' invoices lack.

        :return: sentence naming the fields, or False
        """
        self.ensure_one()
        names = (
            "liability_account_id",
            "contribution_account_id",
            "invoice_journal_id",
            "value_tax_id",
            "commission_tax_id",
        )
        labels = {
            "liability_account_id": self.env._("Owed by issuers, not yet invoiced"),
            "contribution_account_id": self.env._("Commission earned"),
        }
        missing = [
            labels.get(name) or self._fields[name]._description_string(self.env) for name in names if not self[name]
        ]
        if not missing:
            return False
        return self.env._(
            "%(funder)s, circuit %(circuit)s, has no %(missing)s. The office that runs the circuit enters it:"
            " Configuration, Funders, Set up books.",
            funder=self.name,
            circuit=self.circuit_id.name,
            missing=", ".join(f"“{name}”" for name in missing),
        )

    def _invoice_closed(self, day):
        """Whether accounting is closed for invoices on a day.

        :param date day: local day
        :return: sentence naming journal and day, or False
        """
        self.ensure_one()
        locks = self.company_id._get_violated_lock_dates(day, True, self.invoice_journal_id)
        if not locks:
            return False
        return self.env._(
            "Accounting is closed until %(until)s for the journal %(journal)s, and the invoices would be of %(day)s: ask"
            " the accountants to open the period, or make them later.",
            until=format_date(self.env, max(lock for lock, _field in locks)),
            journal=self.invoice_journal_id.display_name,
            day=format_date(self.env, day),
        )

    def _invoice_position(self, partner, day):
        """Fiscal position of an issuer: its own, split payment for a public body, or what Odoo finds.

        :param partner: res.partner
        :param date day: of the invoice
        :return: account.fiscal.position
        """
        self.ensure_one()
        partner = partner.with_company(self.company_id)
        own = partner.property_account_position_id
        split = self.split_position_id
        ended = self.split_payment_until and day > self.split_payment_until
        if split and own in (split, split.browse()) and partner._l10n_it_edi_is_public_administration() and not ended:
            return split
        if own == split and ended:
            return self.env["account.fiscal.position"]
        return self.env["account.fiscal.position"].with_company(self.company_id)._get_fiscal_position(partner)

    def action_set_up_books(self):
        """Button: as before; of several also the clearing gets what its invoices lack.

        :return: window action, or None
        """
        result = super().action_set_up_books()
        if len(self) > 1:
            for funder in self.filtered(lambda funder: not funder.invoice_ready):
                self.env["circuit.account.setup"].create({"funder_id": funder.id})._apply()
        return result
