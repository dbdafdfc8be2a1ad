from datetime import timedelta
from decimal import Decimal

from odoo import Command, models
from odoo.exceptions import UserError
from odoo.tools.misc import format_amount, format_date

from odoo.addons.family_card.rules.periods import local_day
from odoo.addons.stored_value.tools import to_decimal

from ..rules.approval import bill_parts


class MerchantStatement(models.Model):
    """The bill of an approved statement, outside VAT, in place of what was owed until then (design 4.3, R-004-96)."""

    _inherit = "merchant.statement"

    def action_bill(self):
        """Button: open the bill.

        :return: dict, action
        """
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "account.move",
            "res_id": self.move_id.id,
            "view_mode": "form",
        }

    def _bill_problems(self):
        """What is missing in the set-up, or locked, before the bill can be booked.

        :return: list of str, sentences that say what to do
        """
        self.ensure_one()
        funder = self.funder_id
        names = ["merchant_account_id", "bill_journal_id", "bill_tax_id"]
        if self._bill_parts()[1]:
            names.append("stamp_account_id")
        missing = [funder._fields[name]._description_string(self.env) for name in names if not funder[name]]
        if missing:
            return [
                self.env._(
                    "%(funder)s has no %(missing)s. The office that runs the circuit enters it: Configuration, Funders, Set up books.",
                    funder=funder.name,
                    missing=", ".join(f"“{name}”" for name in missing),
                )
            ]
        if not self.merchant_id.with_company(self.company_id).property_account_payable_id:
            return [self.env._("%s has no account payable: enter it in its contact.", self.merchant_id.display_name)]
        locks = self.company_id._get_violated_lock_dates(self._today(), True, funder.bill_journal_id)
        if locks:
            return [
                self.env._(
                    "The books are closed until %(until)s, and the bill would be of %(day)s: ask the accountants to"
                    " open the period, or approve it later.",
                    until=format_date(self.env, locks[-1][0]),
                    day=format_date(self.env, self._today()),
                )
            ]
        return []

    def _bill_parts(self):
        """What the bill reimburses, and the stamp duty that the public body adds.

        :return: (Decimal, Decimal)
        :raise UserError: there is nothing to pay
        """
        self.ensure_one()
        try:
            return bill_parts(to_decimal(self.total), to_decimal(self.payable))
        except ValueError as error:
            raise UserError(self.env._("%s has nothing to pay.", self.name)) from error

    def _make_bill(self):
        """Book the bill and reconcile it with the operations it is for.

        :return: account.move, posted
        :raise UserError: the books say another sum than the statement
        """
        self.ensure_one()
        funder, merchant = self.funder_id, self.merchant_id
        reimbursed, stamp = self._bill_parts()
        month = format_date(self.env, self.month, date_format="MM/yyyy", lang_code=merchant.lang)
        words = self.with_context(lang=merchant.lang or self.env.lang).env
        lines = [
            (
                funder.merchant_account_id,
                words._("Reimbursement %(name)s, %(month)s", name=self.name, month=month),
                reimbursed,
            )
        ]
        if stamp:
            lines.append((funder.stamp_account_id, self._legal_text("stamp_note"), stamp))
        signed_on = local_day(self.signed_at, self.circuit_id.tz) if self.signed_at else self._today()
        bill = (
            self.env["account.move"]
            .with_company(self.company_id)
            .create(
                {
                    "move_type": "in_invoice",
                    "journal_id": funder.bill_journal_id.id,
                    "partner_id": merchant.id,
                    "partner_bank_id": self._payee_bank().id,
                    "ref": self.name,
                    "payment_reference": self.name,
                    "invoice_origin": self.name,
                    "invoice_date": signed_on,
                    "date": self._today(),
                    "invoice_payment_term_id": False,
                    "invoice_date_due": signed_on + timedelta(days=self.terms_id.payment_days),
                    "narration": self._legal_text("vat_note"),
                    "fiscal_position_id": False,
                    "currency_id": self.currency_id.id,
                    "invoice_line_ids": [
                        Command.create(
                            {
                                "name": name,
                                "account_id": account.id,
                                "quantity": 1,
                                "price_unit": float(amount),
                                "tax_ids": [Command.set(funder.bill_tax_id.ids)],
                            }
                        )
                        for account, name, amount in lines
                    ],
                }
            )
        )
        bill._post(soft=False)
        self._check_bill(bill)
        self._reconcile_bill(bill)
        return bill

    def _check_bill(self, bill):
        """The bill is of what the statement says, of the day it was approved.

        :param bill: account.move
        :raise UserError: it is not
        """
        if to_decimal(bill.amount_total) != to_decimal(self.payable) or bill.amount_tax or bill.date != self._today():
            raise UserError(
                self.env._(
                    "%(title)s the bill would be of %(amount)s on %(day)s. Look at “Tax of bills” of %(funder)s: it"
                    " must be 0 %%, outside VAT.",
                    title=self._title(),
                    amount=format_amount(self.env, bill.amount_total, self.currency_id),
                    day=format_date(self.env, bill.date),
                    funder=self.funder_id.name,
                )
            )

    def _reconcile_bill(self, bill):
        """Close what was owed for these operations with the bill.

        :param bill: account.move, posted
        :raise UserError: less is open for them in the books than the bill says
        """
        account = self.funder_id.merchant_account_id
        rows = self._open_lines(account, self._own_moves()) | bill.line_ids.filtered(
            lambda row: row.account_id == account
        )
        if self._sum_open(rows) > 0:
            # a line of the books stands for many operations; where a bill before took one of these, its own is left
            rows |= self._open_lines(account).filtered(lambda row: row.amount_residual < 0)
        missing = self._sum_open(rows)
        if missing > 0:
            raise UserError(
                self.env._(
                    "%(title)s for its operations %(amount)s less is open in the books. Open the reconciliation report"
                    " and look for what was changed by hand.",
                    title=self._title(),
                    amount=format_amount(self.env, float(missing), self.currency_id),
                )
            )
        rows.reconcile()

    def _sum_open(self, rows):
        """What is open on lines of the books.

        :param rows: account.move.line
        :return: Decimal, EUR, > 0: more billed than owed
        """
        return sum(map(to_decimal, rows.mapped("amount_residual")), Decimal(0))

    def _own_moves(self):
        """Entries of the books with the operations of this statement, and of those carried into it.

        :return: account.move
        """
        return (self | self._carried_statements()).line_ids.transaction_id.move_id

    def _open_lines(self, account, moves=None):
        """What the books say that is owed to the merchant.

        :param account: account.account
        :param moves: account.move, only these
        :return: account.move.line
        """
        return self.env["account.move.line"].search(
            [
                *([("move_id", "in", moves.ids)] if moves is not None else []),
                ("account_id", "=", account.id),
                ("partner_id", "=", self.merchant_id.id),
                ("parent_state", "=", "posted"),
                ("reconciled", "=", False),
            ]
        )

    def _carried_statements(self):
        """Statements below zero that this one takes over, directly or through one another.

        :return: merchant.statement
        """
        found = self.browse()
        names = self.line_ids.filtered(lambda line: line.kind == "carried").mapped("origin_reference")
        while names:
            more = self.search(
                [
                    ("name", "in", names),
                    ("merchant_id", "=", self.merchant_id.id),
                    ("funder_id", "=", self.funder_id.id),
                    ("id", "not in", (self | found).ids),
                ]
            )
            found |= more
            names = more.line_ids.filtered(lambda line: line.kind == "carried").mapped("origin_reference")
        return found

    def _take_back_bill(self):
        """Reverse the bill of a statement that goes back to its merchant; the operations are open again.

        :raise UserError: the books are closed today
        """
        self.ensure_one()
        bill = self.move_id
        if not bill:
            return
        locks = self.company_id._get_violated_lock_dates(self._today(), True, bill.journal_id)
        if locks:
            raise UserError(
                self.env._(
                    "%(title)s the books are closed until %(until)s, its bill cannot be taken back today.",
                    title=self._title(),
                    until=format_date(self.env, locks[-1][0]),
                )
            )
        self.move_id = False
        bill._reverse_moves(
            [{"date": self._today(), "invoice_date": self._today(), "ref": self.env._("%s, sent back", self.name)}],
            cancel=True,
        )

    def _legal_text(self, code):
        """Wording of the law in force.

        :param str code: see settlement.legal
        :return: str
        """
        return self.env["settlement.legal"]._at(code, self._today()).text
