"""A citizen's own data, as a file."""

from odoo import http
from odoo.http import content_disposition, request

from odoo.addons.merchant_circuit.controllers.presentation import secure


class HouseholdData(http.Controller):
    @http.route("/my/card/data.json", type="http", auth="user", methods=["GET"])
    def household_data(self):
        """Everything on file about the household whose head this login is (R-004-100)."""
        family = request.env.user._citizen_headed()[:1]
        if not family:
            raise request.not_found()
        company = family.company_id or request.env.company
        reason = request.env._("Asked for by the head of household in the citizen's area")
        # sudo: the log is written by the system
        request.env["family.access.log"].sudo()._note(family, "export", family, company, reason)
        headers = [
            ("Content-Type", "application/json; charset=utf-8"),
            ("Content-Disposition", content_disposition("family-card.json")),
            ("X-Content-Type-Options", "nosniff"),
        ]
        return secure(request.make_response(family._household_json(), headers))
