from collections import OrderedDict

from odoo import models
from odoo.exceptions import UserError

STATEMENT = "merchant_settlement.report_statement"
# a print of one takes seconds, and a worker has two minutes
DRAFTS_AT_ONCE = 20


class IrActionsReport(models.Model):
    """Statements are printed from what was sent."""

    _inherit = "ir.actions.report"

    def retrieve_attachment(self, record):
        """A statement that was sent is printed from the file that was sent, never made again (R-004-97)."""
        if self.report_name != STATEMENT:
            return super().retrieve_attachment(record)
        record.check_access("read")
        domain = [("res_model", "=", record._name), ("res_id", "=", record.id), ("res_field", "=", "pdf_file")]
        # sudo: the file of a field is read with the right to read its record
        return self.env["ir.attachment"].sudo().search(domain, limit=1)

    def _render_qweb_pdf_prepare_streams(self, report_ref, data, res_ids=None):
        """Statements one by one, in the order of the list: printed together, those that were sent before would be
        left out where the program that prints writes no outline.

        :raise UserError: too many of them were not sent yet
        """
        prepare = super()._render_qweb_pdf_prepare_streams
        report = self._get_report(report_ref)
        if report.report_name != STATEMENT or len(res_ids or []) < 2:
            return prepare(report_ref, data, res_ids=res_ids)
        statements = self.env["merchant.statement"].browse(dict.fromkeys(res_ids))
        unsent = statements.filtered(lambda statement: not statement.pdf_digest)
        if len(unsent) > DRAFTS_AT_ONCE:
            raise UserError(
                self.env._(
                    "%(count)s of these statements were not sent yet, and at most %(most)s of those can be printed at"
                    " once. Send them first: what was sent is kept and is printed at once.",
                    count=len(unsent),
                    most=DRAFTS_AT_ONCE,
                )
            )
        streams = OrderedDict()
        for statement in statements:
            streams.update(prepare(report_ref, dict(data or {}), res_ids=statement.ids))
        return streams
