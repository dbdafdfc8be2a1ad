"""The public pages of the programmes: no login, nothing personal."""

import base64

from odoo import fields, http
from odoo.http import content_disposition, request

from odoo.addons.merchant_circuit.controllers import presentation


def published(program_id=None):
    """Programmes with a public page: those that were started (R-004-03).

    :param int program_id: only this one
    :return: family.card.program with the rights of the system
    """
    domain = [("state", "!=", "draft")] + ([("id", "=", program_id)] if program_id is not None else [])
    # sudo: the texts, contacts and dates of a started programme are public
    return request.env["family.card.program"].sudo().search(domain)


class FamilyCardPrograms(http.Controller):
    @http.route("/family-card", type="http", auth="public", methods=["GET"], website=True)
    def programs(self):
        """List of the running programmes."""
        programs = published().filtered(lambda program: program.state == "open")
        return request.render(
            "family_card_portal.program_list",
            {"programs": programs, "windows": {program.id: self._window(program) for program in programs}},
        )

    @http.route("/family-card/<int:program_id>", type="http", auth="public", methods=["GET"], website=True)
    def program(self, program_id):
        """Notice, documents, contacts of one programme, and whether applications are open (R-004-03, R-004-04)."""
        program = published(program_id)
        if not program:
            raise request.not_found()
        return request.render(
            "family_card_portal.program_page",
            {
                "program": program,
                "window": self._window(program),
                "videos": program._help_for("citizen"),
                "validity": request.env._(
                    "The card is valid at all affiliated shops for the whole year %s.", program.year
                ),
            },
        )

    @http.route("/family-card/document/<int:document_id>", type="http", auth="public", methods=["GET"], website=True)
    def document(self, document_id):
        """Download a published document (R-004-03); anything else does not exist for the visitor."""
        # sudo: the flag "Published" is the permission
        document = request.env["family.card.document"].sudo().browse(document_id).exists()
        if not document.public or document.program_id.state == "draft":
            raise request.not_found()
        content = base64.b64decode(document.with_context(bin_size=False).file)
        return request.make_response(
            content,
            [
                ("Content-Type", document.mimetype),
                ("Content-Length", len(content)),
                ("Content-Disposition", content_disposition(document.file_name)),
                ("X-Content-Type-Options", "nosniff"),
            ],
        )

    @http.route(
        ["/family-card/help", "/family-card/help/<string:audience>"],
        type="http",
        auth="public",
        methods=["GET"],
        website=True,
    )
    def help_videos(self, audience="citizen"):
        """Video tutorials of the running programmes for one audience (R-001-23)."""
        if audience not in ("citizen", "merchant"):
            raise request.not_found()
        programs = published().filtered(lambda program: program.state == "open" and program._help_for(audience))
        return request.render("family_card_portal.help_page", {"programs": programs, "audience": audience})

    def _window(self, program):
        """Whether applications can be filed now, in words.

        :return: dict open (bool), text
        """
        _ = request.env._
        if program.state != "open":
            return {"open": False, "text": _("The programme is closed: applications are no longer accepted.")}
        window = program._application_window(fields.Datetime.now())
        closes, opens = presentation.day(window.closes_on), presentation.day(window.opens_on)
        if window.open and closes:
            text = _("Applications are open until %s.", closes)
        elif window.open:
            text = _("Applications are open.")
        elif opens and window.opens_on > program._local_day(fields.Datetime.now()):
            text = _("Applications open on %s.", opens)
        else:
            text = _("Applications are closed.")
        return {"open": window.open, "text": text}
