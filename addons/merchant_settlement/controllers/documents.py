from odoo.http import Controller, content_disposition, request, route

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class StatementDocuments(Controller):
    @route("/merchant_settlement/statement/<int:statement_id>.xlsx", type="http", auth="user", readonly=True)
    def statement_xlsx(self, statement_id):
        """The rows of a statement as a workbook, for staff.

        :param int statement_id: merchant.statement
        :return: file; 404 when there is no such statement for this user
        """
        statement = request.env["merchant.statement"].search([("id", "=", statement_id)])
        if not statement:
            return request.not_found()
        return request.make_response(
            statement._xlsx(),
            [
                ("Content-Type", XLSX),
                ("Content-Disposition", content_disposition(f"{statement._file_stem()}.xlsx")),
            ],
        )
