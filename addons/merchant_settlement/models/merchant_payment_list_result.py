from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import format_amount, format_date

from ..rules.cents import cents


class MerchantPaymentList(models.Model):
    """What the treasurer or the bank says of the payments. All rows of a file are applied, or none."""

    _inherit = "merchant.payment.list"

    def action_result(self):
        """Button: enter what became of the payments.

        :return: dict, the wizard
        """
        self.ensure_one()
        return {
            **self.env["ir.actions.act_window"]._for_xml_id("merchant_settlement.action_payment_result"),
            "context": {"default_list_id": self.id},
        }

    def _match(self, company, entries):
        """Payments that the rows of a file mean, and what is wrong with rows.

        :param company: res.company
        :param list entries: rules.payment_file.Entry
        :return: tuple: list of (entry, merchant.payment.line) to apply, list of (row, sentence), number of rows that
            say what is known already
        """
        # sudo: payments are matched within one company, which the caller has checked
        lines = self.env["merchant.payment.line"].sudo()
        found = lines.search(
            [("company_id", "=", company.id), ("reference", "in", [entry.reference for entry in entries])]
        )
        by_reference = {line.reference: line for line in found}
        matched, faults, known = [], [], 0
        for entry in entries:
            line = by_reference.get(entry.reference, lines)
            sentence = self._fault_of(entry, line)
            if sentence:
                faults.append((entry.row, sentence))
            elif self._is_known(entry, line):
                known += 1
            else:
                matched.append((entry, line))
        return matched, faults, known

    def _is_known(self, entry, line):
        """Whether a row says what was applied before, so that the same file can be read twice."""
        if entry.outcome == "mandate":
            return line.mandate_number == entry.mandate
        same_mandate = not entry.mandate or line.mandate_number == entry.mandate
        if entry.outcome == "paid":
            return line.state == "paid" and line.paid_on == entry.day and same_mandate
        return line.state == "returned" and line.returned_on == entry.day

    def _fault_of(self, entry, line):
        """Why a row cannot be applied.

        :return: str, or None
        """
        _ = self.env._
        if not line:
            return _("there is no payment “%s”: use the references of the payment list.", entry.reference)
        if self and line.list_id != self:
            return _("payment %(reference)s is of list %(list)s.", reference=line.reference, list=line.list_id.name)
        if line.list_id.state not in ("sent", "done"):
            return _("list %s was not handed over yet: press “Handed over” first.", line.list_id.name)
        if entry.amount is not None and entry.amount != cents(line.amount):
            return _(
                "the amount is %(found)s, that of payment %(reference)s is %(amount)s.",
                found=format_amount(self.env, float(entry.amount), line.currency_id),
                reference=line.reference,
                amount=format_amount(self.env, line.amount, line.currency_id),
            )
        if entry.outcome == "mandate" or self._is_known(entry, line):
            return None
        return self._fault_of_day(entry, line) or self._fault_of_step(entry, line)

    def _fault_of_day(self, entry, line):
        """Why a day cannot be right."""
        _ = self.env._
        day = format_date(self.env, entry.day)
        if entry.day > fields.Date.context_today(self):
            return _("%s is in the future.", day)
        if entry.day < fields.Datetime.context_timestamp(self, line.list_id.confirmed_at).date():
            return _("%(day)s is before list %(list)s was confirmed.", day=day, list=line.list_id.name)
        if line.paid_on and entry.outcome == "returned" and entry.day < line.paid_on:
            return _("%(day)s is before the payment of %(paid)s.", day=day, paid=format_date(self.env, line.paid_on))
        books = entry.outcome == "paid" or line.state == "paid"
        locks = line.company_id._get_violated_lock_dates(entry.day, False, line.list_id.journal_id) if books else []
        if locks:
            return _(
                "%(day)s lies in a closed accounting period (closed until %(lock)s): ask the accountant.",
                day=day,
                lock=format_date(self.env, locks[-1][0]),
            )
        return None

    def _fault_of_step(self, entry, line):
        """Why what a row says cannot follow what is known."""
        _ = self.env._
        if line.state == "returned":
            return _(
                "payment %(reference)s came back on %(day)s: a new payment has another reference.",
                reference=line.reference,
                day=format_date(self.env, line.returned_on),
            )
        if entry.outcome == "paid" and line.state == "paid":
            return _(
                "payment %(reference)s was paid on %(day)s already.",
                reference=line.reference,
                day=format_date(self.env, line.paid_on),
            )
        bill = line.statement_id.move_id
        if entry.outcome == "paid" and cents(bill.amount_residual) != cents(line.amount):
            return _(
                "the bill %(bill)s of payment %(reference)s is open by %(open)s and not by %(amount)s.",
                bill=bill.name or "",
                reference=line.reference,
                open=format_amount(self.env, bill.amount_residual, line.currency_id),
                amount=format_amount(self.env, line.amount, line.currency_id),
            )
        return None

    def _apply(self, matched):
        """Write and book what a file says; payments of one day are booked together.

        :param list matched: pairs of entry and merchant.payment.line, checked by ``_match``
        """
        lines = self.env["merchant.payment.line"].sudo()  # sudo: results are fields of the actions
        lines.browse(line.id for _entry, line in matched).list_id._lock()
        by_day = {}
        for entry, line in matched:
            if entry.mandate:
                line.mandate_number = entry.mandate
            if entry.outcome == "paid":
                by_day.setdefault(entry.day, []).append(line.id)
        for day, ids in sorted(by_day.items()):
            lines.browse(ids)._pay(day)
        for entry, line in matched:
            if entry.outcome == "returned":
                line._come_back(entry.day, entry.reason)

    def _refuse(self, faults):
        """Refuse a file for its rows.

        :param list faults: pairs of row and sentence
        :raise UserError: naming every row
        """
        rows = "\n".join(self.env._("Row %(row)s: %(fault)s", row=row, fault=text) for row, text in sorted(faults))
        raise UserError(self.env._("Nothing was entered. Correct the file and load it again.\n%s", rows))
