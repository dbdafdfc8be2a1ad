from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.family_card.rules.periods import local_day
from odoo.addons.merchant_settlement.wizards.circuit_account_setup import OUTSIDE_VAT

from ..models.circuit_funder import CLEARING

#: Services to businesses abroad: nature, and what their documents say.
ABROAD, ABROAD_NOTE = "N2.1", "Operazione non soggetta, art. 7-ter DPR 633/1972 - inversione contabile"
CHOSEN = ("invoice_journal_id", "value_tax_id", "commission_tax_id", "split_position_id", "invoice_term_id")


class CircuitAccountSetup(models.TransientModel):
    """The clearing of coupons: what issuers owe and was not invoiced yet, commission earned, journal and taxes of their
    invoices (R-000-20, R-000-24)."""

    _inherit = "circuit.account.setup"

    kind = fields.Selection(related="funder_id.kind")
    invoice_journal_id = fields.Many2one(
        "account.journal",
        "Journal of issuers' invoices",
        check_company=True,
        domain="[('type', '=', 'sale')]",
        help="Choose a journal you have, or leave it empty and one is made.",
    )
    invoice_journal_code = fields.Char("Code of the new journal of invoices", size=5)
    invoice_journal_name = fields.Char("Name of the new journal of invoices")
    value_tax_id = fields.Many2one(
        "account.tax",
        "Tax of coupon values",
        check_company=True,
        domain="[('type_tax_use', '=', 'sale'), ('amount', '=', 0)]",
        help="Outside VAT (N2.2). Choose a tax you have, or leave it empty and one is made.",
    )
    value_tax_name = fields.Char("Name of the new tax of values")
    commission_tax_id = fields.Many2one(
        "account.tax",
        "VAT of the commission",
        check_company=True,
        domain="[('type_tax_use', '=', 'sale')]",
        help="Standard rate; the issuer's fiscal position says what it becomes (C11).",
    )
    split_position_id = fields.Many2one(
        "account.fiscal.position",
        "Fiscal position of public bodies",
        check_company=True,
        help="Split payment, for issuers that are public bodies (C11).",
    )
    invoice_term_id = fields.Many2one("account.payment.term", "Payment term of issuers", check_company=True)

    @api.model
    def _proposal(self, funder):
        """What the clearing has, what another circuit's clearing of the company has, or something found or new."""
        values = super()._proposal(funder)
        if funder.kind != CLEARING:
            return values
        company = funder.company_id
        env = self.with_context(lang=company.partner_id.lang or self.env.lang).env
        others = self.env["circuit.funder"].search(
            [("company_id", "=", company.id), ("id", "!=", funder.id), ("kind", "=", CLEARING)]
        )
        taken = {values["merchant_code"]}
        liability = self._free_code(company, ("asset_current", "asset_receivable"), "150000", taken)
        found = {
            "value_tax_id": self._zero_tax(company, OUTSIDE_VAT),
            # sudo: as in _free_code
            "commission_tax_id": company.sudo().account_sale_tax_id,
            "split_position_id": self.env["account.chart.template"]
            .sudo()  # sudo: as above
            .with_company(company)
            .ref("split_payment_fiscal_position", False)
            or self.env["account.fiscal.position"],
        }
        chosen = {
            name: (funder[name] or others[name][:1] or found.get(name) or self[name].browse()).id for name in CHOSEN
        }
        return {
            **values,
            "contribution_account_id": (funder.contribution_account_id or others.contribution_account_id[:1]).id,
            **chosen,
            "liability_code": liability,
            "contribution_code": self._free_code(company, ("income",), "700000", {*taken, liability}),
            "liability_name": env._("Owed by issuers of coupons, to be invoiced: %s", funder.circuit_id.name),
            "contribution_name": env._("Commission on coupons"),
            "merchant_name": env._("Owed to shops for coupons, to be billed: %s", funder.circuit_id.name),
            "journal_name": env._("Coupons: %s", funder.circuit_id.name),
            "invoice_journal_code": self._free_journal_code(company, "EI"),
            "invoice_journal_name": env._("Invoices to issuers of coupons"),
            "value_tax_name": env._("Coupon values, outside VAT (N2.2)"),
        }

    def _zero_tax(self, company, nature):
        """The tax the company has for what bears no VAT for one reason.

        :param company: res.company
        :param str nature: code of the exchange system: N2.2 money paid out for others, N2.1 services to abroad
        :return: account.tax, empty where there is none
        """
        # sudo: as in _free_code
        taxes = self.env["account.tax"].sudo()
        return taxes.search(
            [
                *taxes._check_company_domain(company),
                ("type_tax_use", "=", "sale"),
                ("amount_type", "=", "percent"),
                ("amount", "=", 0),
                ("l10n_it_exempt_reason", "=", nature),
                ("fiscal_position_ids", "=", False),
            ],
            limit=1,
        )

    def _apply(self):
        """For the clearing, accounts of the right kinds first; then, as before, the rest.

        :raise UserError: a new record lacks code or name, or no standard VAT is known
        """
        self.ensure_one()
        if self.funder_id.kind != CLEARING:
            return super()._apply()
        self.funder_id.check_access("write")
        if not self.liability_account_id:
            self.liability_account_id = self._make_account(
                self.liability_code, self.liability_name, "asset_current", reconcile=False
            )
        if not self.contribution_account_id:
            self.contribution_account_id = self._make_account(
                self.contribution_code, self.contribution_name, "income", reconcile=False
            )
        result = super()._apply()
        if not self.commission_tax_id:
            raise UserError(
                self.env._("Choose the VAT of the commission: %s has no standard sale tax.", self.company_id.name)
            )
        made = {
            "invoice_journal_id": self.invoice_journal_id or self._make_invoice_journal(),
            "value_tax_id": self.value_tax_id or self._make_value_tax(),
            "foreign_tax_id": self.funder_id.foreign_tax_id or self._foreign_tax(),
            "commission_tax_id": self.commission_tax_id,
            "split_position_id": self.split_position_id,
            "invoice_term_id": self.invoice_term_id,
        }
        funder = self.funder_id.sudo()  # sudo: its user may write the funder, as was checked above
        funder.write({name: record.id for name, record in made.items() if funder[name] != record})
        return result

    def _foreign_tax(self):
        """The tax of the commission to issuers abroad, found or made.

        :return: account.tax; empty for a company that is not Italian
        """
        company = self.company_id
        if company.account_fiscal_country_id.code != "IT":
            return self.env["account.tax"]
        return self._zero_tax(company, ABROAD) or self._make_zero_tax(
            self.env._("Services to businesses abroad (N2.1)"), ABROAD, ABROAD_NOTE
        )

    def _make_value_tax(self):
        """A sale tax of 0 % for money that was paid out for others.

        :return: account.tax
        :raise UserError: no name, or the company has no country
        """
        if not (self.value_tax_name or "").strip():
            raise UserError(self.env._("The new tax needs a name; or choose a tax you have."))
        today = local_day(fields.Datetime.now(), self.funder_id.circuit_id.tz)
        note = self.env["settlement.legal"]._at("vat_note", today).text
        return self._make_zero_tax(self.value_tax_name, OUTSIDE_VAT, note)

    def _make_zero_tax(self, name, nature, note):
        """A sale tax of 0 %, with the exoneration and the wording that Italian documents need.

        :param str name: of the tax
        :param str nature: code of the exchange system
        :param str note: what the document says
        :return: account.tax
        :raise UserError: the company has no country
        """
        company = self.company_id
        country = company.account_fiscal_country_id
        if not country:
            raise UserError(self.env._("%s has no country: enter it in the company first.", company.name))
        # sudo: the wizard makes this tax and no other
        taxes = self.env["account.tax"].sudo().with_company(company)
        return taxes.create(
            {
                "name": name,
                "invoice_label": nature,
                "amount_type": "percent",
                "amount": 0,
                "type_tax_use": "sale",
                "company_id": company.id,
                "country_id": country.id,
                "tax_group_id": self._tax_group(company, country).id,
                "l10n_it_exempt_reason": nature,
                "invoice_legal_notes": note,
            }
        )

    def _make_invoice_journal(self):
        """The journal of the invoices.

        :return: account.journal
        :raise UserError: no code or name, or a code in use
        """
        if not (self.invoice_journal_code or "").strip() or not (self.invoice_journal_name or "").strip():
            raise UserError(self.env._("A new journal needs a code and a name; or choose a journal you have."))
        company, code = self.company_id, self.invoice_journal_code
        # sudo: as for the tax
        journals = self.env["account.journal"].sudo().with_context(active_test=False).with_company(company)
        if journals.search_count([("company_id", "=", company.id), ("code", "=", code)], limit=1):
            raise UserError(self.env._("The code %s is in use: choose another one, or choose that journal.", code))
        return journals.create(
            {
                "code": code,
                "name": self.invoice_journal_name,
                "type": "sale",
                "company_id": company.id,
                "default_account_id": self.contribution_account_id.id,
                "show_on_dashboard": False,
            }
        )
