from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import SQL

ACCOUNTS = ("liability_account_id", "contribution_account_id", "merchant_account_id")


class CircuitFunder(models.Model):
    """Where the money of a funder stands in the general ledger (design 4.3, R-004-96)."""

    _inherit = "circuit.funder"

    liability_account_id = fields.Many2one(
        "account.account",
        "Credit of the citizens",
        check_company=True,
        help="What the public body owes to the holders of credit: a credit raises it, a payment at a shop lowers it.",
    )
    contribution_account_id = fields.Many2one(
        "account.account",
        "Contributions",
        check_company=True,
        help="What the credits cost the public body; credit that expires comes back here.",
    )
    merchant_account_id = fields.Many2one(
        "account.account",
        "Owed to shops, not yet billed",
        check_company=True,
        domain="[('reconcile', '=', True)]",
        help="What shops were paid with, until the bill of their monthly statement takes its place.",
    )
    journal_id = fields.Many2one(
        "account.journal",
        check_company=True,
        domain="[('type', '=', 'general')]",
        help="Credits, payments at the shops and expiries are booked here.",
    )
    books_ready = fields.Boolean("Books set up", compute="_compute_books_ready", search="_search_books_ready")

    @api.depends(*ACCOUNTS, "journal_id")
    def _compute_books_ready(self):
        for funder in self:
            funder.books_ready = all(funder[name] for name in (*ACCOUNTS, "journal_id"))

    def _search_books_ready(self, operator, value):
        if operator != "in":
            return NotImplemented
        complete = [(name, "!=", False) for name in (*ACCOUNTS, "journal_id")]
        return complete if True in value else ["!", "&", "&", "&", *complete]

    @api.constrains(*ACCOUNTS)
    def _check_accounts(self):
        """Each account keeps one story apart from the others, or no report could tell them apart again.

        :raise ValidationError: the same account twice, another funder's, or one that cannot be reconciled
        """
        for funder in self.filtered(lambda funder: any(funder[name] for name in ACCOUNTS)):
            chosen = [funder[name] for name in ACCOUNTS if funder[name]]
            if len(set(chosen)) < len(chosen):
                raise ValidationError(
                    self.env._("%s: credit, contributions and debts to shops need an account each.", funder.name)
                )
            if funder.merchant_account_id and (
                not funder.merchant_account_id.reconcile
                or funder.merchant_account_id.account_type in ("liability_payable", "asset_receivable")
            ):
                raise ValidationError(
                    self.env._(
                        "%s: what is owed to shops needs an account that allows reconciliation and is not the payable"
                        " account of the bills.",
                        funder.name,
                    )
                )
            own = funder.liability_account_id | funder.merchant_account_id
            # sudo: funders of other companies may share a chart of accounts
            for other in self.sudo().with_context(active_test=False).search([("id", "!=", funder.id)]):
                shared = own & (other.liability_account_id | other.merchant_account_id)
                if shared:
                    raise ValidationError(
                        self.env._(
                            "%(account)s already belongs to %(other)s. Choose another account for %(funder)s: with one"
                            " for both nobody could say whose money it is.",
                            account=shared[0].display_name,
                            other=other.name,
                            funder=funder.name,
                        )
                    )

    def write(self, vals):
        """Write; the accounts of the credit and of the shops stay once something was booked on them.

        :raise UserError: the books of the funder are in use
        """
        for name in vals.keys() & {"liability_account_id", "merchant_account_id"}:
            for funder in self:
                if funder[name] and funder[name].id != vals[name] and funder._has_books():
                    raise UserError(
                        self.env._(
                            "%s: entries were posted on this account. It cannot be replaced by another one; ask the"
                            " accountant to rename it instead.",
                            funder.name,
                        )
                    )
        return super().write(vals)

    def _has_books(self):
        """Whether anything of this funder was booked."""
        self.ensure_one()
        booked = [("funder_id", "=", self.id), ("move_id", "!=", False)]
        # sudo: whoever sets accounts need not read transactions
        return any(
            self.env[model].sudo().search_count(booked, limit=1) for model in ("circuit.booking", "circuit.transaction")
        )

    def _missing_books(self):
        """What accounting still lacks before anything of these funders can be booked.

        :return: sentence naming the funders, or False
        """
        incomplete = self.filtered(lambda funder: not funder.books_ready)
        if not incomplete:
            return False
        return self.env._(
            "The accounts of %s are not set up. The office that runs the circuit does it: Configuration, Funders,"
            " Set up books.",
            ", ".join(incomplete.mapped("name")),
        )

    def _closed_period(self, date):
        """Whether accounting is closed on a day.

        :param date date: day of the entry
        :return: sentence naming the lock, or False
        """
        self.ensure_one()
        locks = self.company_id._get_violated_lock_dates(date, False, self.journal_id)
        if not locks:
            return False
        lang = self.env["res.lang"]._lang_get(self.env.user.lang or "en_US")
        return self.env._(
            "%(funder)s: nothing can be booked on %(day)s, because accounting is closed until %(lock)s. Ask the"
            " accountant to open the period, then book again.",
            funder=self.name,
            day=date.strftime(lang.date_format),
            lock=max(lock for lock, _field in locks).strftime(lang.date_format),
        )

    def _lock_books(self):
        """Let nobody else book for these funders until this database transaction ends; always in the same order."""
        self.env.execute_query(
            SQL("SELECT 1 FROM circuit_funder WHERE id = ANY(%s) ORDER BY id FOR NO KEY UPDATE", self.ids)
        )

    def action_set_up_books(self):
        """Button: the set-up wizard for one funder; several get accounts as the wizard proposes them.

        :return: window action, or None
        """
        if len(self) > 1:
            for funder in self.filtered(lambda funder: not funder.books_ready):
                self.env["circuit.account.setup"].create({"funder_id": funder.id})._apply()
            return None
        action = self.env["ir.actions.act_window"]._for_xml_id("circuit_account.action_setup")
        return {**action, "context": {"default_funder_id": self.id}}
