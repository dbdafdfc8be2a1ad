from odoo.exceptions import UserError
from odoo.http import Controller, content_disposition, request, route


class BatchFiles(Controller):
    @route("/ecoupon/batch/<int:batch_id>.csv", type="http", auth="user", methods=["GET"])
    def batch_csv(self, batch_id):
        """Codes of a batch for the printer (R-000-05).

        :param int batch_id: ecoupon.batch
        :return: file; 404 when there is no such batch for this user
        """
        return self._file(batch_id, "csv", "text/csv; charset=utf-8", lambda batch: batch._csv())

    @route("/ecoupon/batch/<int:batch_id>.pdf", type="http", auth="user", methods=["GET"])
    def batch_pdf(self, batch_id, first="1"):
        """Coupons of a batch to cut out, 600 at most (R-000-05).

        :param int batch_id: ecoupon.batch
        :param str first: number of the first coupon
        :return: file; 404 when there is no such batch for this user, or no such coupon
        """
        number = int(first) if first.isdecimal() and len(first) < 7 else 0
        if not number:
            raise request.not_found()
        return self._file(batch_id, "pdf", "application/pdf", lambda batch: batch._sheet(number))

    def _file(self, batch_id, extension, mimetype, make):
        """An answer with a file of a batch.

        :raise NotFound: none for this user
        """
        batch = request.env["ecoupon.batch"].search([("id", "=", batch_id)])
        if not batch:
            raise request.not_found()
        try:
            content = make(batch)
        except UserError as error:
            raise request.not_found(str(error)) from error
        return request.make_response(
            content,
            [
                ("Content-Type", mimetype),
                ("Content-Disposition", content_disposition(f"{batch.name.replace('/', '-')}.{extension}")),
                ("X-Content-Type-Options", "nosniff"),
                ("Cache-Control", "private, no-store"),
            ],
        )
