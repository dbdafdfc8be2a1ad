import base64
from decimal import Decimal

from lxml import etree

from odoo import fields, models
from odoo.exceptions import UserError

from odoo.addons.merchant_settlement.rules.cents import cents

METHOD = "account_payment_sepa_credit_transfer.sepa_credit_transfer"


class MerchantPaymentList(models.Model):
    """The list as a file for the bank: an order of the association's payment addons, made and filed in one step."""

    _inherit = "merchant.payment.list"

    sepa_order_id = fields.Many2one(
        "account.payment.order", "Payment order (SEPA)", readonly=True, copy=False, ondelete="restrict"
    )

    def _own_fields(self):
        return super()._own_fields() | {"sepa_order_id"}

    def action_sepa(self):
        """Button: the SEPA file of a confirmed list; asked for again, the same file.

        :return: dict, the download
        :raise UserError: the list is not confirmed, or something of the accounts is missing; each payment is named
        """
        self.ensure_one()
        self.check_access("write")
        self._lock()
        if self.state == "draft":
            raise UserError(self.env._("Somebody must confirm the list before it leaves the office."))
        # sudo: orders and bills are the accountants'; clerk and approver may pay this list
        found = self.sudo()
        if not found.sepa_order_id:
            if found.state != "confirmed":
                raise UserError(self.env._("The list was handed over without a SEPA file: make no second payment."))
            found._sepa_check()
            found.sepa_order_id = found._sepa_order()
        order = found.sepa_order_id
        return self._keep_file(f"{self.name.replace('/', '-')}.xml", base64.b64decode(order.payment_file_datas))

    def action_sepa_order(self):
        """Button: the payment order behind the file.

        :return: dict
        """
        self.ensure_one()
        return self.sepa_order_id._get_records_action()

    def action_back(self):
        """Button: take the list back; the order behind its file is cancelled."""
        result = super().action_back()
        # sudo: orders are the accountants'
        found = self.sudo()
        if found.sepa_order_id:
            found.sepa_order_id.action_cancel()
            found.sepa_order_id = False
            files = [("res_model", "=", self._name), ("res_id", "=", self.id), ("name", "=like", "%.xml")]
            self.env["ir.attachment"].search(files).unlink()
        return result

    def action_hand_over(self):
        """Button: the bank has the file. The transfers are booked when the bank says that they were made."""
        result = super().action_hand_over()
        # sudo: orders are the accountants'
        self.sudo().sepa_order_id.write({"state": "uploaded", "date_uploaded": fields.Date.context_today(self)})
        return result

    def _sepa_check(self):
        """Refuse what a bank would refuse.

        :raise UserError: naming the journal, or every payment
        """
        _ = self.env._
        if self.currency_id.name != "EUR":
            raise UserError(_("SEPA credit transfers are made in euro; this list is in %s.", self.currency_id.name))
        account = self.journal_id.bank_account_id
        if account.acc_type != "iban":
            raise UserError(
                _("Enter the IBAN of the account the money comes from, on the journal %s.", self.journal_id.name)
            )
        area = self.env["account.payment.order"]._sepa_iban_prefix_list()
        faults = []
        for line in self.line_ids:
            if line.iban[:2] not in area:
                faults.append(_("%s: its IBAN is of a country outside the SEPA area.", line.reference))
            elif not line.bank_id.allow_out_payment:
                faults.append(
                    _(
                        "%(reference)s: nobody has validated the account %(iban)s of %(merchant)s. An accountant opens"
                        " it and switches “Send Money” on.",
                        reference=line.reference,
                        iban=line.bank_id.acc_number,
                        merchant=line.merchant_id.display_name,
                    )
                )
        faults.extend(self.line_ids._faults())
        if faults:
            raise UserError(_("The file cannot be made:\n%s", "\n".join(faults)))

    def _sepa_order(self):
        """A payment order with the payments of the list, and its file.

        :return: account.payment.order
        :raise UserError: the file is not what the list says
        """
        method = self._sepa_method()
        order = self.env["account.payment.order"].with_company(self.company_id)
        order = order.create(
            {
                "payment_type": "outbound",
                "payment_method_line_id": method.id,
                "company_id": self.company_id.id,
                "description": self.name,
            }
        )
        # computed on creation, whatever is given there
        order.write({"date_prefered": "fixed", "date_scheduled": max(self.date, fields.Date.context_today(self))})
        self.env["account.payment.line"].create(
            [
                {
                    "order_id": order.id,
                    "merchant_payment_id": line.id,
                    "move_line_id": line._payable_lines()[:1].id,
                    "partner_id": line.bank_id.partner_id.id,
                    "partner_bank_id": line.bank_id.id,
                    "currency_id": line.currency_id.id,
                    "amount_currency": line.amount,
                    "communication": line.cause,
                    "communication_type": "free",
                }
                for line in self.line_ids
            ]
        )
        order.draft2open()
        order.open2generated()
        self._sepa_compare(base64.b64decode(order.payment_file_datas))
        return order

    def _sepa_method(self):
        """The journal's way of paying by SEPA, made where it has none.

        :return: account.payment.method.line
        """
        method = self.env.ref(METHOD)
        found = self.journal_id.outbound_payment_method_line_ids.filtered(
            lambda line: line.payment_method_id == method and line.bank_account_link == "fixed"
        )[:1]
        return found or self.env["account.payment.method.line"].create(
            {
                "name": method.name,
                "payment_method_id": method.id,
                "journal_id": self.journal_id.id,
                "payment_account_id": self.line_ids[:1]._outstanding_account().id,
            }
        )

    def _sepa_compare(self, content):
        """Let no file out whose sums are not those of the list.

        :param bytes content: pain.001
        :raise UserError: they differ
        """
        document = etree.fromstring(content)
        head = document.find("{*}CstmrCdtTrfInitn/{*}GrpHdr")
        said = (int(head.findtext("{*}NbOfTxs")), Decimal(head.findtext("{*}CtrlSum")))
        transfers = document.findall(".//{*}CdtTrfTxInf")
        held = (len(transfers), sum((Decimal(item.findtext("{*}Amt/{*}InstdAmt")) for item in transfers), Decimal(0)))
        if not said == held == (len(self.line_ids), cents(self.total)):
            raise UserError(
                self.env._(
                    "The file has %(count)s transfers of %(sum)s together, the list has %(lines)s payments of"
                    " %(total)s: do not send it.",
                    count=held[0],
                    sum=held[1],
                    lines=len(self.line_ids),
                    total=cents(self.total),
                )
            )
