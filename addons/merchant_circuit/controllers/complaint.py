"""Where anybody reports that a shop does not apply the benefits (R-004-93)."""

from odoo import http
from odoo.exceptions import UserError, ValidationError
from odoo.http import request

from .directory import public_circuit

TEXTS = ("reporter_name", "reporter_email", "reporter_phone", "subject", "body", "addressed_to", "merchant_id")


class CircuitComplaints(http.Controller):
    @http.route(
        "/circuit/<string:reference>/report",
        type="http",
        auth="public",
        methods=["GET", "POST"],
        website=True,
        sitemap=False,
    )
    def report(self, reference, **post):
        """The form, and the number of the report once it is filed.

        :param str merchant: public code of the shop to begin with
        :return: the page; 404 for a circuit that does not publish its list
        """
        circuit = public_circuit(reference)
        if not circuit:
            raise request.not_found()
        user = None if request.env.user._is_public() else request.env.user
        listed = circuit._directory(circuit._local_today())
        shops = {str(shop["id"]): shop["name"] for shop in listed}
        begun = next((str(shop["id"]) for shop in listed if shop["code"] == post.get("merchant")), "")
        values = dict.fromkeys(TEXTS, "")
        values.update({"addressed_to": "both", "merchant_id": begun})
        if user:
            values.update({"reporter_name": user.name, "reporter_email": user.email or ""})
        error, complaint = None, None
        if request.httprequest.method == "POST":
            values.update({key: str(post.get(key, "")).replace("\x00", "").strip() for key in TEXTS})
            try:
                with request.env.cr.savepoint():
                    complaint = self._file(circuit, values, shops, user)
            except (UserError, ValidationError) as problem:
                error = str(problem)
        return request.render(
            "merchant_circuit.complaint_page",
            {
                "circuit": circuit,
                "shops": sorted(shops.items(), key=lambda shop: shop[1].casefold()),
                "values": values,
                "error": error,
                "complaint": complaint,
                "path": circuit._report_url(),
            },
        )

    @staticmethod
    def _file(circuit, values, shops, user):
        if values["merchant_id"] not in shops:
            raise ValidationError(request.env._("Choose the shop you want to tell about."))
        if values["addressed_to"] not in ("information_point", "operator", "both"):
            raise ValidationError(request.env._("Choose who should read your report."))
        vals = {**values, "merchant_id": int(values["merchant_id"])}
        # sudo: the public user writes no model; the fields are those of the form
        return request.env["circuit.complaint"].sudo()._file(circuit, vals, user, request.httprequest.remote_addr)
