from odoo import models
from odoo.exceptions import UserError
from odoo.tools import format_amount

from ..rules.cents import cents


def _on_account(items, account):
    """The items that stand on an account.

    :param items: account.move.line
    :param account: account.account
    """
    return items.filtered(lambda item: item.account_id == account)


class MerchantPaymentLine(models.Model):
    """Payments in the books. Every method is called with the rights of the system, by the result's wizard."""

    _inherit = "merchant.payment.line"

    def _pay(self, date, mandate=""):
        """Book payments and mark their statements as paid.

        :param date date: day of payment
        :param str mandate: number of the payment order, if known
        :raise UserError: a bill is no longer open by the amount; nothing is booked
        """
        self._check_open_bills()
        moves = self._book_payment(date)
        for line, move in zip(self, moves, strict=True):
            line.write({"state": "paid", "paid_on": date, "payment_move_id": move.id})
        if mandate:
            self.write({"mandate_number": mandate})
        self.statement_id._paid(date)
        self.list_id._recount()

    def _come_back(self, date, reason):
        """Book returns and let the statements be paid again; a payment that never went out moves nothing.

        :param date date: day of the return
        :param str reason: as the bank says
        """
        self.ensure_one()
        move = self._book_return(date) if self.state == "paid" else self.env["account.move"]
        self.write(
            {"state": "returned", "returned_on": date, "return_reason": reason, "return_move_id": move.id},
        )
        # the index of payments that stand must know before the statement comes into another list
        self.flush_recordset(["state"])
        self.statement_id._payment_returned(date, reason)
        self.list_id._recount()

    def _check_open_bills(self):
        """Refuse to pay what somebody has paid or changed.

        :raise UserError: naming every payment
        """
        faults = []
        for line in self:
            bill = line.statement_id.move_id
            if bill.state != "posted" or cents(bill.amount_residual) != cents(line.amount):
                faults.append(
                    self.env._(
                        "%(reference)s: the bill %(bill)s is open by %(open)s and not by %(amount)s.",
                        reference=line.reference,
                        bill=bill.name or "",
                        open=format_amount(self.env, bill.amount_residual, line.currency_id),
                        amount=format_amount(self.env, line.amount, line.currency_id),
                    )
                )
        if faults:
            raise UserError("\n".join(faults))

    def _book_payment(self, date):
        """Entries that pay the bills: debit what is owed to the merchant, credit what the bank is to take.

        :param date date: day of payment
        :return: account.move, one for each payment in their order
        """
        moves = self._payment_moves(date)
        plan = []
        for line, move in zip(self, moves, strict=True):
            owed = line._payable_lines()
            plan.append(owed | _on_account(move.line_ids, owed.account_id))
        # one by one it takes ten times as long
        self.env["account.move.line"]._reconcile_plan(plan)
        return moves

    def _payment_moves(self, date):
        """Posted entries of the payments.

        :param date date: day of payment
        :return: account.move, one for each payment in their order
        """
        company = self.company_id.ensure_one()
        moves = self.env["account.move"].with_company(company).create([line._payment_vals(date) for line in self])
        moves._post(soft=False)
        return moves

    def _book_return(self, date):
        """The entry that takes a payment back; the bill is owed again.

        :param date date: day of the return
        :return: account.move
        """
        self.ensure_one()
        payment = self.payment_move_id
        owed = payment.line_ids.filtered(lambda item: item.account_id.account_type == "liability_payable")
        owed.remove_move_reconcile()
        move = self.env["account.move"].with_company(self.company_id).create(self._return_vals(date))
        move._post(soft=False)
        for item in payment.line_ids:
            # what the bank's statement has taken already stays taken: the return comes there as money of its own
            if item.account_id.reconcile and not item.reconciled:
                (item | _on_account(move.line_ids, item.account_id)).reconcile()
        return move

    def _payable_lines(self):
        """What the bill owes to the merchant.

        :return: account.move.line
        """
        lines = self.statement_id.move_id.line_ids
        return lines.filtered(lambda item: item.account_id.account_type == "liability_payable" and not item.reconciled)

    def _outstanding_account(self):
        """Where a payment waits for the bank's statement: the account of the journal's payments, else the chart's,
        else the bank's own.

        :return: account.account
        :raise UserError: the journal has none
        """
        journal = self.list_id.journal_id
        chart = self.env["account.chart.template"].with_company(journal.company_id)
        account = (
            journal.outbound_payment_method_line_ids.payment_account_id[:1]
            or chart.ref("account_journal_payment_credit_account_id", raise_if_not_found=False)
            or journal.default_account_id
        )
        if not account:
            raise UserError(self.env._("The journal %s has no account: ask the accountant.", journal.name))
        return account

    def _payment_vals(self, date):
        """Values of the entry of a payment.

        :return: dict
        """
        self.ensure_one()
        return self._entry_vals(date, self.reference, self._payable_lines().account_id, self._outstanding_account())

    def _return_vals(self, date):
        """Values of the entry of a return.

        :return: dict
        """
        self.ensure_one()
        items = self.payment_move_id.line_ids
        owed = items.filtered(lambda item: item.account_id.account_type == "liability_payable").account_id
        reference = self.env._("Return of %s", self.reference)
        return self._entry_vals(date, reference, (items.account_id - owed), owed)

    def _entry_vals(self, date, reference, debit, credit):
        """Values of an entry of the amount from one account to another, of the merchant."""
        partner = self.merchant_id.commercial_partner_id
        amount = self.amount
        common = {"name": f"{reference} {self.statement_id.name}", "partner_id": partner.id}
        return {
            "move_type": "entry",
            "journal_id": self.list_id.journal_id.id,
            "date": date,
            "ref": reference,
            "partner_id": partner.id,
            "line_ids": [
                (0, 0, {**common, "account_id": debit.id, "debit": amount, "credit": 0.0}),
                (0, 0, {**common, "account_id": credit.id, "debit": 0.0, "credit": amount}),
            ],
        }
