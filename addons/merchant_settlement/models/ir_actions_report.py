from odoo import models


class IrActionsReport(models.Model):
    _inherit = "ir.actions.report"

    def retrieve_attachment(self, record):
        """A statement that was sent is printed from the file that was sent, never made again (R-004-97)."""
        if self.report_name != "merchant_settlement.report_statement":
            return super().retrieve_attachment(record)
        record.check_access("read")
        # sudo: the file of a field is read with the right to read its record
        return (
            self.env["ir.attachment"]
            .sudo()
            .search(
                [("res_model", "=", record._name), ("res_id", "=", record.id), ("res_field", "=", "pdf_file")], limit=1
            )
        )
