from odoo import api, fields, models
from odoo.exceptions import UserError

from ..models.circuit_funder import ACCOUNTS


class CircuitAccountSetup(models.TransientModel):
    """Accounts and journal of a funder, existing ones or new ones with free codes of the company's chart (R-004-96).
    Other addons add what they need with fields of their own and ``_apply``."""

    _name = "circuit.account.setup"
    _description = "Set up the books of a funder"

    funder_id = fields.Many2one("circuit.funder", required=True, ondelete="cascade")
    company_id = fields.Many2one(related="funder_id.company_id")
    liability_account_id = fields.Many2one(
        "account.account",
        "Credit of the citizens",
        check_company=True,
        domain="[('account_type', 'in', ('liability_current', 'liability_non_current'))]",
        help="Choose an account you have, or leave it empty and one is made.",
    )
    liability_code = fields.Char("Code of the new account for credit")
    liability_name = fields.Char("Name of the new account for credit")
    contribution_account_id = fields.Many2one(
        "account.account",
        "Contributions",
        check_company=True,
        domain="[('internal_group', '=', 'expense')]",
        help="Choose an account you have, or leave it empty and one is made.",
    )
    contribution_code = fields.Char("Code of the new account for contributions")
    contribution_name = fields.Char("Name of the new account for contributions")
    merchant_account_id = fields.Many2one(
        "account.account",
        "Owed to shops, not yet billed",
        check_company=True,
        domain="[('reconcile', '=', True), ('account_type', '=', 'liability_current')]",
        help="Choose an account you have, or leave it empty and one is made. It must allow reconciliation.",
    )
    merchant_code = fields.Char("Code of the new account for shops")
    merchant_name = fields.Char("Name of the new account for shops")
    journal_id = fields.Many2one(
        "account.journal",
        check_company=True,
        domain="[('type', '=', 'general')]",
        help="Choose a journal you have, or leave it empty and one is made.",
    )
    journal_code = fields.Char("Code of the new journal", size=5)
    journal_name = fields.Char("Name of the new journal")

    @api.model_create_multi
    def create(self, vals_list):
        """Create wizards; what is not given is proposed."""
        funders = self.env["circuit.funder"]
        return super().create([{**self._proposal(funders.browse(vals.get("funder_id"))), **vals} for vals in vals_list])

    @api.onchange("funder_id")
    def _onchange_funder_id(self):
        if self.funder_id:
            self.update(self._proposal(self.funder_id))

    @api.model
    def _proposal(self, funder):
        """What a funder has; free codes next to the company's payables and costs, and names in the company's
        language, for what it lacks.

        :param funder: circuit.funder
        :return: dict of this model's values
        """
        company = funder.company_id
        env = self.with_context(lang=company.partner_id.lang or self.env.lang).env
        taken = set()
        codes = {}
        for name, kinds, start in (
            ("liability_code", ("liability_payable", "liability_current"), "211000"),
            ("merchant_code", ("liability_payable", "liability_current"), "211000"),
            ("contribution_code", ("expense",), "600000"),
        ):
            codes[name] = self._free_code(company, kinds, start, taken)
            taken.add(codes[name])
        return {
            **{name: funder[name].id for name in (*ACCOUNTS, "journal_id")},
            **codes,
            "liability_name": env._("Owed to card holders: %s", funder.name),
            "contribution_name": env._("Contributions on cards: %s", funder.name),
            "merchant_name": env._("Owed to shops, to be billed: %s", funder.name),
            "journal_code": self._free_journal_code(company),
            "journal_name": env._("Circuit: %s", funder.name),
        }

    def _free_code(self, company, kinds, start, taken):
        """A code no account of the company has, beside its accounts of the same kind.

        :param company: res.company
        :param tuple kinds: account types, the nearest first
        :param str start: where to begin in a company without a chart
        :param set taken: codes proposed already
        :return: str
        """
        # sudo: a manager of the circuit sets up the books without being an accountant
        accounts = self.env["account.account"].sudo().with_company(company)
        journals = self.env["account.journal"].sudo().with_company(company)  # sudo: as above
        for kind in kinds:
            # where bills go by default, else the first of its kind
            bills = [
                ("company_id", "=", company.id),
                ("type", "=", "purchase"),
                ("default_account_id.account_type", "=", kind),
            ]
            like = journals.search(bills, limit=1).default_account_id or accounts.search(
                [*accounts._check_company_domain(company), ("account_type", "=", kind)], limit=1, order="code"
            )
            if like.code:
                return accounts._search_new_account_code(like.code, {like.code, *taken})
        return accounts._search_new_account_code(start, {start, *taken})

    def _free_journal_code(self, company):
        """A journal code the company does not use: CC1, CC2 …"""
        # sudo: as above
        journals = self.env["account.journal"].sudo().with_context(active_test=False)
        used = set(journals.search([("company_id", "=", company.id)]).mapped("code"))
        number = 1
        while f"CC{number}" in used:
            number += 1
        return f"CC{number}"

    def action_apply(self):
        """Button: make what is missing and give it to the funder."""
        self._apply()
        return {"type": "ir.actions.act_window_close"}

    def _apply(self):
        """Make the accounts and the journal that were not chosen and give them all to the funder. Doing it again
        changes nothing.

        :return: circuit.funder
        :raise UserError: a new account or journal has no code or name, or a code in use
        """
        self.ensure_one()
        self.funder_id.check_access("write")
        company = self.company_id
        made = {
            "liability_account_id": self.liability_account_id
            or self._make_account(self.liability_code, self.liability_name, "liability_current", reconcile=False),
            "contribution_account_id": self.contribution_account_id
            or self._make_account(self.contribution_code, self.contribution_name, "expense", reconcile=False),
            "merchant_account_id": self.merchant_account_id
            or self._make_account(self.merchant_code, self.merchant_name, "liability_current", reconcile=True),
            "journal_id": self.journal_id or self._make_journal(company),
        }
        funder = self.funder_id.sudo()  # sudo: reading an account's company asks for rights of accounting
        funder.write({name: record.id for name, record in made.items() if funder[name] != record})
        return self.funder_id

    def _make_account(self, code, name, kind, reconcile):
        """A new account of the funder's company.

        :param str code: free code
        :param str name: name, in the company's language
        :param str kind: account type of Odoo
        :param bool reconcile: whether its lines reconcile
        :return: account.account
        :raise UserError: no code or name, or a code in use
        """
        if not (code or "").strip() or not (name or "").strip():
            raise UserError(self.env._("A new account needs a code and a name; or choose an account you have."))
        company = self.company_id
        # sudo: the wizard makes these accounts and no others; its user may write the funder (checked above)
        accounts = self.env["account.account"].sudo().with_company(company)
        lang = company.partner_id.lang
        accounts = accounts.with_context(lang=lang) if lang else accounts
        if accounts.search_count([*accounts._check_company_domain(company), ("code", "=", code)], limit=1):
            raise UserError(self.env._("The code %s is in use: choose another one, or choose that account.", code))
        return accounts.create(
            {
                "code": code,
                "name": name,
                "account_type": kind,
                "reconcile": reconcile,
                "company_ids": [(6, 0, company.ids)],
            }
        )

    def _make_journal(self, company):
        """The journal of the funder's entries.

        :param company: res.company
        :return: account.journal
        :raise UserError: no code or name, or a code in use
        """
        if not (self.journal_code or "").strip() or not (self.journal_name or "").strip():
            raise UserError(self.env._("A new journal needs a code and a name; or choose a journal you have."))
        # sudo: as for accounts
        journals = self.env["account.journal"].sudo().with_context(active_test=False).with_company(company)
        if journals.search_count([("company_id", "=", company.id), ("code", "=", self.journal_code)], limit=1):
            raise UserError(
                self.env._("The code %s is in use: choose another one, or choose that journal.", self.journal_code)
            )
        return journals.create(
            {
                "code": self.journal_code,
                "name": self.journal_name,
                "type": "general",
                "company_id": company.id,
                "show_on_dashboard": False,
            }
        )
