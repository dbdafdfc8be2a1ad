import base64
from collections import Counter
from decimal import Decimal

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_amount

from odoo.addons.family_card.models.family_registry_import_line import file_sentence
from odoo.addons.family_card.rules.registry_table import FileError, Limits, read_table

from ..rules import payment_file
from ..rules.cents import cents
from ..rules.payment_file import Entry

LIMITS = Limits(5 * 1024 * 1024, 20_000)


class MerchantPaymentResult(models.TransientModel):
    """Enters what became of payments: a file of the treasurer or the bank, all payments of a list on one day, or one
    that came back."""

    _name = "merchant.payment.result"
    _description = "Results of payments"

    list_id = fields.Many2one("merchant.payment.list", "Payment list", readonly=True)
    company_id = fields.Many2one("res.company", required=True, readonly=True, default=lambda self: self.env.company)
    how = fields.Selection(
        [("file", "A file"), ("paid", "All open payments were made on one day"), ("returned", "One payment came back")],
        "What you have",
        default="file",
        required=True,
    )
    content = fields.Binary(
        "File",
        help="XLSX or CSV, such as the treasurer's list with its last columns filled in. Columns: Reference, and any of"
        " Payment order, Paid on, Outcome (paid or returned), Return reason, Amount.",
    )
    file_name = fields.Char()
    date = fields.Date("Day", default=fields.Date.context_today)
    mandate_number = fields.Char("Payment order")
    line_id = fields.Many2one(
        "merchant.payment.line",
        "Payment",
        domain="[('list_id', '=', list_id), ('state', '!=', 'returned')]",
    )
    reason = fields.Char("Return reason")
    state = fields.Selection([("draft", "To check"), ("checked", "Checked")], default="draft", readonly=True)
    summary = fields.Text(readonly=True)

    @api.onchange("how", "content", "date", "line_id", "reason", "mandate_number")
    def _onchange_input(self):
        """What was checked is what is entered: look again after a change."""
        self.state, self.summary = "draft", False

    def action_check(self):
        """Button: say what would be entered, and write nothing.

        :return: dict, the wizard again
        :raise UserError: naming every row that cannot be entered
        """
        self.ensure_one()
        matched, known = self._matched()
        self.write({"state": "checked", "summary": self._say(matched, known)})
        return {
            **self.env["ir.actions.act_window"]._for_xml_id("merchant_settlement.action_payment_result"),
            "res_id": self.id,
        }

    def action_apply(self):
        """Button: enter all rows, or none.

        :return: dict, closes the wizard
        :raise UserError: naming every row that cannot be entered
        """
        self.ensure_one()
        matched, _known = self._matched()
        if not matched:
            raise UserError(self.env._("There is nothing new in it: everything was entered before."))
        lists = self.env["merchant.payment.list"]
        lists._apply(matched)
        for found in lists.browse({line.list_id.id for _entry, line in matched}):
            found.message_post(body=self._say([pair for pair in matched if pair[1].list_id == found], 0))
        return {"type": "ir.actions.act_window_close"}

    def _matched(self):
        """Rows to enter and how many are known.

        :raise UserError: naming every row that cannot be entered
        """
        self.env["merchant.payment.list"].check_access("write")
        (self.list_id or self.env["merchant.payment.list"]).check_access("write")
        company = self.list_id.company_id or self.company_id
        if company not in self.env.companies:
            raise UserError(self.env._("Switch to %s first.", company.name))
        entries = getattr(self, f"_entries_{self.how}")()
        matched, faults, known = self.list_id._match(company, entries)
        if faults:
            self.list_id._refuse(faults)
        return matched, known

    def _entries_file(self):
        """Entries of the file."""
        if not self.content:
            raise UserError(self.env._("Choose the file."))
        try:
            table = read_table(base64.b64decode(self.content), LIMITS, payment_file.known)
            entries, faults = payment_file.parse(table.header, table.rows)
        except FileError as error:
            raise UserError(file_sentence(self.env, error)) from None
        if faults:
            self.list_id._refuse([(fault.row, self._sentence(fault)) for fault in faults])
        if not entries:
            raise UserError(self.env._("The file says nothing new of any payment: fill in its last columns."))
        return entries

    def _entries_paid(self):
        """One entry for each open payment of the list."""
        if not (self.list_id and self.date):
            raise UserError(self.env._("Open this from a payment list and say the day."))
        lines = self.list_id.line_ids.filtered(lambda line: line.state == "open")
        if not lines:
            raise UserError(self.env._("No payment of this list is open."))
        return [
            Entry(number, line.reference, "paid", self.date, (self.mandate_number or "").strip(), "", None)
            for number, line in enumerate(lines, 1)
        ]

    def _entries_returned(self):
        """The entry of one payment that came back."""
        reason = (self.reason or "").strip()
        if not (self.line_id and self.date and reason):
            raise UserError(self.env._("Say which payment came back, when and why."))
        return [Entry(1, self.line_id.reference, "returned", self.date, "", reason, None)]

    def _sentence(self, fault):
        """What to tell about a row that cannot be understood."""
        _ = self.env._
        sentences = {
            "no_reference_column": _("the titles name no column “Reference”: use the columns of the payment list."),
            "no_news_column": _("the titles name none of “Payment order”, “Paid on” and “Outcome”."),
            "no_reference": _("the row names no payment: fill in its reference."),
            "twice": _("payment %s is in the file twice; the first row is in brackets.", fault.value),
            "formula": _("a cell is computed by a formula: save the sheet with values."),
            "day": _("“%s” is not a day: write it as 31/05/2024.", fault.value),
            "no_day": _("the day is missing."),
            "outcome": _("“%s” is no outcome: write paid or returned.", fault.value),
            "no_reason": _("say why the payment came back."),
            "amount": _("“%s” is not a clear amount: write it as 1234,56.", fault.value),
        }
        return sentences[fault.code]

    def _say(self, matched, known):
        """What is entered, in numbers.

        :return: str
        """
        _ = self.env._
        counts = Counter(entry.outcome for entry, _line in matched)
        sums = {name: Decimal(0) for name in ("paid", "returned")}
        for entry, line in matched:
            if entry.outcome in sums:
                sums[entry.outcome] += cents(line.amount)
        currency = (self.list_id.company_id or self.company_id).currency_id
        sums = {name: format_amount(self.env, float(found), currency) for name, found in sums.items()}
        parts = []
        if counts["paid"]:
            parts.append(_("Paid: %(count)s, %(sum)s.", count=counts["paid"], sum=sums["paid"]))
        if counts["returned"]:
            parts.append(_("Come back: %(count)s, %(sum)s.", count=counts["returned"], sum=sums["returned"]))
        if counts["mandate"]:
            parts.append(_("Payment orders: %s.", counts["mandate"]))
        if known:
            parts.append(_("Known already: %s.", known))
        return "\n".join(parts)
