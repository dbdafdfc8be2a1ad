from odoo.http import Controller, content_disposition, request, route


class BatchFiles(Controller):
    @route("/ecoupon/batch/<int:batch_id>.csv", type="http", auth="user", methods=["GET"])
    def batch_csv(self, batch_id):
        """Codes of a batch for the printer (R-000-05).

        :param int batch_id: ecoupon.batch
        :return: file; 404 when there is no such batch for this user
        """
        batch = request.env["ecoupon.batch"].search([("id", "=", batch_id)])
        if not batch:
            return request.not_found()
        return request.make_response(
            batch._csv(),
            [
                ("Content-Type", "text/csv; charset=utf-8"),
                ("Content-Disposition", content_disposition(f"{batch.name.replace('/', '-')}.csv")),
                ("X-Content-Type-Options", "nosniff"),
                ("Cache-Control", "private, no-store"),
            ],
        )
