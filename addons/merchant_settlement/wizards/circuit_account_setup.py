from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from odoo.addons.family_card.rules.periods import local_day

#: code of the exoneration in Italian electronic documents: outside VAT, other cases
OUTSIDE_VAT = "N2.2"


class CircuitAccountSetup(models.TransientModel):
    """What the bills of statements need besides: journal, tax outside VAT, stamp duty, and the first terms
    (R-004-96, R-001-18)."""

    _inherit = "circuit.account.setup"

    bill_journal_id = fields.Many2one(
        "account.journal",
        "Journal of bills",
        check_company=True,
        domain="[('type', '=', 'purchase')]",
        help="Choose a journal you have, or leave it empty and one is made.",
    )
    bill_journal_code = fields.Char("Code of the new journal of bills", size=5)
    bill_journal_name = fields.Char("Name of the new journal of bills")
    bill_tax_id = fields.Many2one(
        "account.tax",
        "Tax of bills",
        check_company=True,
        domain="[('type_tax_use', '=', 'purchase'), ('amount', '=', 0)]",
        help="Outside VAT (N2.2). Choose a tax you have, or leave it empty and one is made.",
    )
    bill_tax_name = fields.Char("Name of the new tax")
    stamp_account_id = fields.Many2one(
        "account.account",
        "Stamp duty",
        check_company=True,
        domain="[('internal_group', '=', 'expense')]",
        help="Choose an account you have, or leave it empty and one is made.",
    )
    stamp_code = fields.Char("Code of the new account for stamp duty")
    stamp_name = fields.Char("Name of the new account for stamp duty")
    needs_terms = fields.Boolean(compute="_compute_needs_terms")
    terms_from = fields.Date("Settled from", help="First month that is settled.")
    terms_department = fields.Char(
        "Paying department", help="Printed on statements and payment lists, e.g. Welfare (R-001-18)."
    )
    terms_stamp_borne_by = fields.Selection(
        [("merchant", "Merchant"), ("body", "Public body")], "Stamp duty borne by", default="merchant", required=True
    )

    @api.depends("funder_id")
    def _compute_needs_terms(self):
        for wizard in self:
            wizard.needs_terms = bool(wizard.funder_id) and not wizard.funder_id.terms_ids

    @api.model
    def _proposal(self, funder):
        """What a funder has, what another one of the company has, or names and codes for something new."""
        values = super()._proposal(funder)
        company = funder.company_id
        env = self.with_context(lang=company.partner_id.lang or self.env.lang).env
        others = self.env["circuit.funder"].search([("company_id", "=", company.id), ("id", "!=", funder.id)])
        taken = {values["liability_code"], values["merchant_code"], values["contribution_code"]}
        return {
            **values,
            **{
                name: (funder[name] or others[name][:1]).id
                for name in ("bill_journal_id", "bill_tax_id", "stamp_account_id")
            },
            "bill_tax_id": (funder.bill_tax_id or others.bill_tax_id[:1] or self._tax_outside_vat(company)).id,
            "bill_journal_code": self._free_journal_code(company, "EC"),
            "bill_journal_name": env._("Statements of the shops"),
            "bill_tax_name": env._("Outside VAT (N2.2)"),
            "stamp_code": self._free_code(company, ("expense",), "600000", taken),
            "stamp_name": env._("Stamp duty on statements of the shops"),
            "terms_from": self._first_month(funder),
        }

    def _first_month(self, funder):
        """Month in which shops were first paid by a funder; this one where nothing was paid yet.

        :param funder: circuit.funder
        :return: date, first day of it
        """
        rows = self.env.execute_query(
            SQL(
                "SELECT min(captured_at) FROM circuit_transaction WHERE funder_id = %s AND state = 'captured'",
                funder.id or 0,
            )
        )
        return local_day(rows[0][0] or fields.Datetime.now(), funder.circuit_id.tz or "UTC").replace(day=1)

    def _tax_outside_vat(self, company):
        """The tax the company has for purchases outside VAT.

        :param company: res.company
        :return: account.tax, empty where there is none
        """
        # sudo: a manager of the circuit sets up the books without being an accountant
        taxes = self.env["account.tax"].sudo()
        return taxes.search(
            [
                *taxes._check_company_domain(company),
                ("type_tax_use", "=", "purchase"),
                ("amount_type", "=", "percent"),
                ("amount", "=", 0),
                ("l10n_it_exempt_reason", "=", OUTSIDE_VAT),
            ],
            limit=1,
        )

    def _free_journal_code(self, company, prefix="CC"):
        """A journal code the company does not use, with a prefix of two letters.

        :param company: res.company
        :param str prefix: letters
        :return: str
        """
        if prefix == "CC":
            return super()._free_journal_code(company)
        # sudo: as above
        journals = self.env["account.journal"].sudo().with_context(active_test=False)
        used = set(journals.search([("company_id", "=", company.id)]).mapped("code"))
        return next(code for code in (f"{prefix}{number}" for number in range(1, 1000)) if code not in used)

    def _apply(self):
        """Give the funder what its bills need; first terms where it has none.

        :return: circuit.funder
        :raise UserError: a new record lacks code or name, or the company has no country
        """
        result = super()._apply()
        funder = self.funder_id.sudo()  # sudo: its user may write the funder, as super has checked
        made = {
            "bill_tax_id": self.bill_tax_id or self._make_tax(),
            "stamp_account_id": self.stamp_account_id
            or self._make_account(self.stamp_code, self.stamp_name, "expense", reconcile=False),
            "bill_journal_id": self.bill_journal_id or self._make_bill_journal(),
        }
        funder.write({name: record.id for name, record in made.items() if funder[name] != record})
        if self.needs_terms and self.terms_from:
            funder.terms_ids.create(
                {
                    "funder_id": funder.id,
                    "valid_from": self.terms_from,
                    "department": self.terms_department,
                    "stamp_borne_by": self.terms_stamp_borne_by,
                }
            )
        return result

    def _make_tax(self):
        """A purchase tax of 0 % outside VAT, with the exoneration and the wording that Italian documents need.

        :return: account.tax
        :raise UserError: no name, or the company has no country
        """
        company = self.company_id
        country = company.account_fiscal_country_id
        if not country:
            raise UserError(self.env._("%s has no country: enter it in the company first.", company.name))
        if not (self.bill_tax_name or "").strip():
            raise UserError(self.env._("The new tax needs a name; or choose a tax you have."))
        today = local_day(fields.Datetime.now(), self.funder_id.circuit_id.tz)
        # sudo: the wizard makes this tax and no other
        return (
            self.env["account.tax"]
            .sudo()
            .with_company(company)
            .create(
                {
                    "name": self.bill_tax_name,
                    "invoice_label": OUTSIDE_VAT,
                    "amount_type": "percent",
                    "amount": 0,
                    "type_tax_use": "purchase",
                    "company_id": company.id,
                    "country_id": country.id,
                    "tax_group_id": self._tax_group(company, country).id,
                    "l10n_it_exempt_reason": OUTSIDE_VAT,
                    "invoice_legal_notes": self.env["settlement.legal"]._at("vat_note", today).text,
                }
            )
        )

    def _tax_group(self, company, country):
        """The company's group of taxes outside VAT, or a new one.

        :return: account.tax.group
        """
        groups = self.env["account.tax.group"].sudo().with_company(company)  # sudo: as for the tax
        charted = self.env["account.chart.template"].with_company(company).ref("tax_group_fuori", False)
        named = groups.search(
            [
                *groups._check_company_domain(company),
                ("country_id", "=", country.id),
                ("name", "=", self.bill_tax_name),
            ],
            limit=1,
        )
        return (
            charted
            or named
            or groups.create({"name": self.bill_tax_name, "country_id": country.id, "company_id": company.id})
        )

    def _make_bill_journal(self):
        """The journal of the bills.

        :return: account.journal
        :raise UserError: no code or name, or a code in use
        """
        if not (self.bill_journal_code or "").strip() or not (self.bill_journal_name or "").strip():
            raise UserError(self.env._("A new journal needs a code and a name; or choose a journal you have."))
        company = self.company_id
        # sudo: as for the tax
        journals = self.env["account.journal"].sudo().with_context(active_test=False).with_company(company)
        if journals.search_count([("company_id", "=", company.id), ("code", "=", self.bill_journal_code)], limit=1):
            raise UserError(
                self.env._("The code %s is in use: choose another one, or choose that journal.", self.bill_journal_code)
            )
        return journals.create(
            {
                "code": self.bill_journal_code,
                "name": self.bill_journal_name,
                "type": "purchase",
                "company_id": company.id,
                "default_account_id": self.funder_id.merchant_account_id.id,
                "show_on_dashboard": False,
            }
        )
