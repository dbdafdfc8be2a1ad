from babel.dates import format_date as babel_date

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import format_amount, format_date

from ..rules import sepa_text
from ..rules.cents import cents

# Longest remittance information of a SEPA credit transfer
CAUSE_MAX = 140


class MerchantStatement(models.Model):
    """From the approved statement to the money (R-004-96)."""

    _inherit = "merchant.statement"

    def action_pay(self):
        """Action: put the chosen statements into a new payment list.

        :return: dict, the list
        :raise UserError: one of them cannot be paid; each is named with what is missing
        """
        self.env["merchant.payment.list"].check_access("create")
        if not self:
            raise UserError(self.env._("Choose the statements to pay."))
        if len(self.company_id) > 1:
            raise UserError(self.env._("Choose statements of one body: each has its own treasurer."))
        obstacles = self._payment_obstacles(fields.Date.context_today(self), again=True)
        if obstacles:
            sentences = [sentence for sentences in obstacles.values() for sentence in sentences]
            raise UserError(self.env._("Some statements cannot be paid now:\n%s", "\n".join(sentences)))
        lists = self.env["merchant.payment.list"].with_company(self.company_id)
        found = lists.create(lists._default_vals(self))
        found._add(self.sorted(lambda statement: (statement.month, statement.name)))
        action = self.env["ir.actions.act_window"]._for_xml_id("merchant_settlement.action_payment_list")
        return {**action, "views": [(False, "form")], "res_id": found.id}

    def _payment_cause(self):
        """What the merchant reads on the bank statement, in the characters that banks take.

        :return: str of at most 140 characters
        """
        self.ensure_one()
        lang = self.company_id.partner_id.lang or self.env.lang or "en_US"
        month = babel_date(self.month, "MMMM y", locale=lang)
        text = self.with_context(lang=lang).env._(
            "Reimbursement, statement %(number)s, %(month)s, %(funder)s",
            number=self.name,
            month=month,
            funder=self.funder_id.name,
        )
        return sepa_text.plain(text, CAUSE_MAX)

    def _payment_obstacles(self, day, again, state="approved"):
        """Why statements cannot be paid now.

        :param date day: day the payment is asked for
        :param bool again: whether to try again an account that sent the last payment back
        :param str state: state in which they are expected
        :return: dict: merchant.statement → list of str, each naming statement and merchant; without those that can
        """
        found = {}
        for statement in self:
            sentences = statement._payment_state_obstacles(day, state) + statement._payment_merchant_obstacles(again)
            if sentences:
                merchant = statement.merchant_id.display_name
                found[statement] = [f"{statement.name}, {merchant}: {sentence}" for sentence in sentences]
        return found

    def _payment_state_obstacles(self, day, state):
        """Sentences about the statement and its bill."""
        self.ensure_one()
        _ = self.env._
        # sudo: clerks need not read the accountants' bills
        bill = self.sudo().move_id
        today = fields.Date.context_today(self)
        sentences = []
        if self.state != state:
            labels = dict(self._fields["state"]._description_selection(self.env))
            sentences.append(_("its state is “%s”.", labels[self.state]))
        if self.block_reason:
            sentences.append(_("payment is blocked: %s", self.block_reason))
        if self.pay_from and self.pay_from > min(day, today):
            sentences.append(
                _("it may be paid from %s; until then payments can be reversed.", format_date(self.env, self.pay_from))
            )
        if bill.state != "posted":
            sentences.append(_("it has no posted bill."))
        elif cents(bill.amount_residual) != cents(self.payable):
            sentences.append(
                _(
                    "its bill %(bill)s is open by %(open)s and not by %(amount)s: somebody has paid or changed it.",
                    bill=bill.name,
                    open=format_amount(self.env, bill.amount_residual, self.currency_id),
                    amount=format_amount(self.env, self.payable, self.currency_id),
                )
            )
        return sentences

    def _payment_merchant_obstacles(self, again):
        """Sentences about the merchant's data."""
        self.ensure_one()
        _ = self.env._
        bank = self._payee_bank()
        sentences = []
        if not bank:
            # sudo: a wrong number is named to the clerk, who has it corrected
            wrong = self.sudo().merchant_id.bank_ids[:1].acc_number
            sentences.append(
                _("the IBAN %s is not valid: check every digit.", wrong)
                if wrong
                else _("the merchant has no IBAN: enter its bank account.")
            )
        if not self._payee_fiscal_code():
            sentences.append(_("the merchant has neither a fiscal code nor a VAT number."))
        # sudo: earlier payments are looked at, not shown
        last = self.sudo().payment_line_ids.sorted("id")[-1:]
        if not again and last.state == "returned" and last.iban == bank.sanitized_acc_number:
            sentences.append(
                _(
                    "the payment of %(day)s to this IBAN came back (%(reason)s): correct the IBAN, or put the statement"
                    " into a list by hand.",
                    day=format_date(self.env, last.returned_on),
                    reason=last.return_reason,
                )
            )
        return sentences

    def _paid(self, date):
        """The money went out.

        :param date date: day of payment
        """
        self.write({"state": "paid", "paid_on": date})

    def _payment_returned(self, date, reason):
        """The money came back: the statement can be paid again.

        :param date date: day of the return
        :param str reason: as the bank or the treasurer says
        """
        self.write({"state": "approved", "paid_on": False})
        for statement in self:
            statement.message_post(
                body=self.env._(
                    "The payment came back on %(day)s: %(reason)s", day=format_date(self.env, date), reason=reason
                )
            )
