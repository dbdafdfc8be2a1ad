import base64
import hashlib

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL, email_normalize

from .merchant_statement_document import PAPER_ROWS

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class MerchantStatement(models.Model):
    """From the draft to the merchant: the PDF is made once, kept, and written about (R-004-97)."""

    _inherit = "merchant.statement"

    sent_at = fields.Datetime("Sent", readonly=True, copy=False)
    sent_to = fields.Char(
        "Sent to", readonly=True, copy=False, help="Mail address it went to; empty: only in the portal."
    )

    def action_send(self):
        """Button: send the drafts among these statements.

        :raise UserError: none of them waits to be sent
        """
        self.check_access("write")
        drafts = self.filtered(lambda statement: statement.state == "draft")
        if not drafts:
            raise UserError(self.env._("Only statements in state “To send” can be sent; these were sent already."))
        drafts._send()
        return True

    def _send(self):
        """Make the PDF of the drafts among these statements, keep it, write to their merchants. Done twice, or by two
        at once, each is sent once.

        :return: merchant.statement, those sent now
        :raise UserError: a PDF cannot be made; nothing of that statement is changed
        """
        sent = self.browse()
        for statement in self:
            statement._lock_draft()
            if statement.state != "draft":
                continue
            content = statement.with_context(statement_to_send=True)._pdf()
            # sudo: a statement is filled in by its own actions only
            statement.sudo().write(
                {
                    "pdf_file": base64.b64encode(content),
                    "pdf_name": f"{statement._file_stem()}.pdf",
                    "pdf_digest": hashlib.sha256(content).hexdigest(),
                    "sent_at": fields.Datetime.now(),
                    "sent_to": statement._mail_address(),
                    "state": "sent",
                }
            )
            statement._write_to_merchant(content)
            sent |= statement
        return sent

    def _lock_draft(self):
        """Wait for whoever sends the same statement, and see what was done."""
        self.ensure_one()
        self.flush_recordset()
        self.env.cr.execute(SQL("SELECT id FROM merchant_statement WHERE id = %s FOR UPDATE", self.id))
        self.invalidate_recordset(["state"])

    def _mail_address(self):
        """Where the merchant reads its mail.

        :return: str, or False
        """
        # sudo: the clerk's rights do not always reach the merchant's company
        merchant = self.sudo().merchant_id
        return email_normalize(merchant.email or merchant.commercial_partner_id.email or "") or False

    def _write_to_merchant(self, content):
        """Queue the mail with the PDF and the way to the portal; without an address say so in the chatter.

        :param bytes content: PDF
        """
        self.ensure_one()
        address = self._mail_address()
        if not address:
            self.message_post(
                body=self.env._("The merchant has no mail address: the statement waits for it in the portal only.")
            )
            return
        # sudo: the clerk need not read the merchant's contacts nor write mails
        statement = self.sudo().with_context(lang=self._document_lang())
        files = [(statement.pdf_name, content, "application/pdf")]
        if statement.transaction_count > PAPER_ROWS:
            files.append((f"{statement._file_stem()}.xlsx", statement._xlsx(), XLSX))
        attachments = statement.env["ir.attachment"].create(
            [
                {"name": name, "raw": raw, "mimetype": mimetype, "res_model": self._name, "res_id": self.id}
                for name, raw, mimetype in files
            ]
        )
        statement.env.ref("merchant_settlement.mail_template_statement").send_mail(
            statement.id,
            email_values={"email_to": address, "attachment_ids": [(4, attachment.id) for attachment in attachments]},
        )

    def action_print_pdf(self):
        """Button: the PDF as it was sent; before, as it would be.

        :return: action
        """
        self.check_access("read")
        return self.env.ref("merchant_settlement.action_report_statement").report_action(self, config=False)

    def action_print_xlsx(self):
        """Button: the same rows as a workbook.

        :return: action
        """
        self.ensure_one()
        self.check_access("read")
        return {
            "type": "ir.actions.act_url",
            "url": f"/merchant_settlement/statement/{self.id}.xlsx",
            "target": "download",
        }
