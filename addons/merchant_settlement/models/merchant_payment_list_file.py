import base64

from odoo import models
from odoo.exceptions import UserError

from odoo.addons.stored_value.tools import write_csv, write_xlsx

from ..rules.cents import cents


class MerchantPaymentList(models.Model):
    """The treasurer's file: municipalities pay by orders that their own program makes of it (domain: OPI, SIOPE+)."""

    _inherit = "merchant.payment.list"

    def action_export_xlsx(self):
        """Button: the list for the treasurer as a workbook; it is kept in the chatter.

        :return: dict, the download
        """
        return self._export("xlsx", write_xlsx)

    def action_export_csv(self):
        """Button: the list for the treasurer as CSV; it is kept in the chatter.

        :return: dict, the download
        """
        return self._export("csv", write_csv)

    def _export(self, extension, writer):
        self.ensure_one()
        self.check_access("write")
        if self.state == "draft":
            raise UserError(self.env._("Somebody must confirm the list before it leaves the office."))
        headers, rows, below = self._export_table()
        return self._keep_file(f"{self.name.replace('/', '-')}.{extension}", writer(headers, rows, below=below))

    def _keep_file(self, name, content):
        """Keep a file with the list and offer it.

        :param str name: file name
        :param bytes content: the file
        :return: dict, the download
        """
        domain = [("res_model", "=", self._name), ("res_id", "=", self.id), ("name", "=", name)]
        attachments = self.env["ir.attachment"]
        attachments.search(domain).unlink()
        found = attachments.create(
            {"name": name, "res_model": self._name, "res_id": self.id, "datas": base64.b64encode(content)}
        )
        self.message_post(body=self.env._("%s was downloaded.", name))
        return {
            "type": "ir.actions.act_url",
            "url": f"/web/content/{found.id}?download=true",
            "target": "download",
        }

    def _export_table(self):
        """Titles, rows and totals; the last columns are empty, for the treasurer to fill in and send back.

        :return: tuple of list, list of lists, list of lists
        """
        _ = self.env._
        headers = [
            _("Reference"),
            _("Merchant"),
            _("Fiscal code"),
            _("VAT number"),
            _("IBAN"),
            _("Amount"),
            _("Cause"),
            _("Statement"),
            _("Month"),
            _("Department"),
            _("CUP"),
            _("CIG"),
            _("Arrears check"),
            _("Payment order"),
            _("Paid on"),
            _("Outcome"),
            _("Return reason"),
        ]
        rows = []
        labels = dict(self.line_ids._fields["state"]._description_selection(self.env))
        for line in self.line_ids:
            statement = line.statement_id
            merchant = statement.merchant_id
            rows.append(
                [
                    line.reference,
                    merchant.name,
                    statement._payee_fiscal_code(),
                    merchant.vat or "",
                    line.iban,
                    cents(line.amount),
                    line.cause,
                    statement.name,
                    statement.month,
                    statement.terms_id.department or "",
                    statement.terms_id.cup or "",
                    statement.terms_id.cig or "",
                    statement.arrears_reference or "",
                    line.mandate_number or "",
                    line.returned_on or line.paid_on,
                    "" if line.state == "open" else labels[line.state],
                    line.return_reason or "",
                ]
            )
        total = sum((row[5] for row in rows), cents(0))
        return headers, rows, [["", _("Total"), len(rows), "", "", total]]
