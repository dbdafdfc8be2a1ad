"""The application on the portal, step by step (R-004-11); what it does is the application model's."""

import re

from odoo import http
from odoo.exceptions import UserError, ValidationError
from odoo.http import content_disposition, request
from odoo.tools import SQL

from odoo.addons.family_card.rules import uploads
from odoo.addons.merchant_circuit.controllers.presentation import day, moment, secure
from odoo.addons.stored_value.tools import read_committed

from ..models.family_card_application import FLAGS, MAX_MEMBERS, MEMBER, PERSON
from .program import published

STEPS = ("person", "members", "declarations", "documents", "summary")
MAX_TEXT = 4000


def my_application(application_id):
    """An application that this login has made.

    :param int application_id: from the address
    :return: family.card.application with the rights of the system
    :raises NotFound: somebody else's, or none at all: the answer is the same
    """
    # sudo: a citizen has no right on the model; the domain is the whole of what they may see
    application = (
        request.env["family.card.application"]
        .sudo()
        .search([("id", "=", application_id), ("applicant_user_id", "=", request.env.uid)])
    )
    if not application:
        raise request.not_found()
    return application


def typed_text(post, name, size):
    """What was typed into a field, at most so many characters; the database keeps no NUL.

    :param dict post: values of the form
    """
    return str(post.get(name, "")).replace("\x00", "")[:size]


def uploaded(post):
    """The uploaded document, or None; a text sent in its place is none."""
    upload = post.get("document")
    return upload if hasattr(upload, "filename") else None


def address(application, step=None):
    """Address of an application's page, or of one of its steps."""
    return f"/my/card/application/{application.id}" + (f"/{step}" if step else "")


class FamilyCardApplications(http.Controller):
    # ------------------------------------------------------------------- start

    @http.route("/my/card/apply/<int:program_id>", type="http", auth="user", methods=["GET", "POST"], website=True)
    def apply(self, program_id, **post):
        """What is needed to apply, and the button that begins; a draft that exists is continued."""
        program = published(program_id)
        if not program:
            raise request.not_found()
        # sudo: the own applications, by the login
        applications = request.env["family.card.application"].sudo()
        mine = applications._of_user(request.env.user).filtered(lambda own: own.program_id == program)
        draft = mine.filtered(lambda own: own.state == "draft")[:1]
        citizen_card = request.env.user._citizen_cards().filtered(
            lambda card: card.program_id == program and card.state != "closed"
        )
        problem = None if citizen_card else program._application_problem()
        if request.httprequest.method == "POST" and (draft or not problem):
            # Two tabs that begin together wait for each other here, and the second finds the first one's draft.
            read_committed(request.env)
            request.env.execute_query(SQL("SELECT pg_advisory_xact_lock(%s, %s)", program.id, request.env.uid))
            draft = applications._draft_for(request.env.user, program)
            return request.redirect(address(draft, STEPS[0]), code=303)
        values = {
            "program": program,
            "draft": draft,
            "open_ones": mine.filtered(lambda own: own.state in ("filed", "clarification")),
            "variation": bool(citizen_card),
            "problem": problem,
        }
        return secure(request.render("family_card_portal.apply_start", values))

    # ------------------------------------------------------------------- steps

    @http.route(
        "/my/card/application/<int:application_id>/<string:step>",
        type="http",
        auth="user",
        methods=["GET", "POST"],
        website=True,
    )
    def step(self, application_id, step, **post):
        """One step of the form. Every way out of it stores what was typed."""
        application = my_application(application_id)
        if step not in STEPS:
            raise request.not_found()
        if application.state != "draft":
            return request.redirect(address(application), code=303)
        if request.httprequest.method == "GET":
            return self._show(application, step)
        return getattr(self, f"_post_{step}")(application, post)

    def _show(self, application, step, errors=None, values=None, status=200):
        """Render a step."""
        if values is None and step in ("person", "members", "declarations"):
            values = application._form_values(step)
        return secure(
            request.render(
                f"family_card_portal.apply_{step}",
                {
                    "application": application,
                    "program": application.program_id,
                    "step": step,
                    "steps": self._step_labels(),
                    "errors": errors or {},
                    "error_links": self._error_links(errors or {}),
                    "values": values,
                    **getattr(self, f"_extra_{step}", lambda _application: {})(application),
                },
                status=status,
            )
        )

    def _step_labels(self):
        _ = request.env._
        labels = (_("You"), _("Your household"), _("Declarations"), _("Documents"), _("Check and send"))
        return list(zip(STEPS, labels, strict=True))

    def _error_links(self, errors):
        """(id of the field, sentence) of each error, for the list at the top."""
        return [(None if name == "page" else f"field_{name}", text) for name, text in errors.items()]

    def _leave(self, application, step, post, errors):
        """Where a posted step leads to."""
        wanted = post.get("do", "next")
        place = STEPS.index(step)
        if wanted == "back":
            return request.redirect(address(application, STEPS[place - 1]), code=303)
        if wanted == "later":
            return request.redirect("/my/card", code=303)
        if errors:
            return self._show(application, step, errors)
        return request.redirect(address(application, STEPS[place + 1]), code=303)

    def _post_person(self, application, post):
        typed = {name: bool(post.get(name)) if name in FLAGS else typed_text(post, name, 250) for name in PERSON}
        return self._leave(application, "person", post, application._form_save("person", typed))

    def _post_members(self, application, post):
        typed = self._typed_members(post)
        wanted = post.get("do", "next")
        if wanted.startswith("remove:") and wanted[7:].isdecimal() and int(wanted[7:]) < len(typed):
            typed.pop(int(wanted[7:]))
        errors = application._form_save("members", typed)
        if wanted == "add" or wanted.startswith("remove:"):
            rows = [*typed, dict.fromkeys(MEMBER, "")] if wanted == "add" and len(typed) < MAX_MEMBERS else typed
            return self._show(application, "members", values=rows)
        return self._leave(application, "members", post, errors)

    def _typed_members(self, post):
        """Rows of the form in their order; rows nobody wrote into are left out."""
        places = sorted({int(found[1]) for name in post if (found := re.fullmatch(r"member_(\d{1,2})_name", name))})
        rows = [
            {
                name: bool(post.get(f"member_{place}_{name}"))
                if name in FLAGS
                else typed_text(post, f"member_{place}_{name}", 250)
                for name in MEMBER
            }
            for place in places[: MAX_MEMBERS + 1]
        ]
        return [row for row in rows if any(row[name].strip() for name in ("name", "fiscal_code", "birth_date"))]

    def _extra_members(self, application):
        return {"relations": application._form_relations(), "max_members": MAX_MEMBERS}

    def _post_declarations(self, application, post):
        typed = {
            "special_requested": bool(post.get("special_requested")),
            "special_reason": typed_text(post, "special_reason", MAX_TEXT),
            "privacy_notice_id": typed_text(post, "privacy_notice_id", 20),
        }
        return self._leave(application, "declarations", post, application._form_save("declarations", typed))

    def _extra_declarations(self, application):
        # sudo: the text of the notice is public
        return {"notice": application.program_id._privacy_notice().sudo()}

    def _post_documents(self, application, post):
        wanted = post.get("do", "next")
        if wanted.startswith("delete:") and wanted[7:].isdecimal():
            application.attachment_ids.filtered(lambda file: file.id == int(wanted[7:])).unlink()
            return request.redirect(address(application, "documents"), code=303)
        problem = application._form_attach(uploaded(post))
        if not problem and wanted == "upload":
            return request.redirect(address(application, "documents"), code=303)
        return self._leave(application, "documents", post, {"document": problem} if problem else {})

    def _post_summary(self, application, post):
        if post.get("do") in ("back", "later"):
            return self._leave(application, "summary", post, {})
        if application._form_problems():
            text = request.env._("Something is missing or not valid: it is listed below.")
            return self._show(application, "summary", {"page": text})
        if not post.get("self_certified"):
            text = request.env._("Tick the box to sign the self-certification: without it nothing is sent.")
            return self._show(application, "summary", {"self_certified": text})
        try:
            with request.env.cr.savepoint():
                application._fill({"self_certified": True})
                application._file()
        except ValidationError as error:
            return self._show(application, "summary", {"page": str(error)})
        return request.redirect(address(application) + "?sent=1", code=303)

    def _extra_summary(self, application):
        labels = dict(self._step_labels())
        return {"problems": [(step, labels[step], text) for step, text in application._form_problems()]}

    # --------------------------------------------------------------- afterwards

    @http.route("/my/card/application/<int:application_id>", type="http", auth="user", methods=["GET"], website=True)
    def application(self, application_id, sent=None, answered=None):
        """State of an application: number, instant, checks in plain words, questions, decision (R-004-11)."""
        application = my_application(application_id)
        if application.state == "draft":
            return request.redirect(address(application, STEPS[0]), code=303)
        return self._show_state(application, sent=bool(sent), answered=bool(answered))

    def _show_state(self, application, errors=None, typed=None, **flags):
        tz = application.program_id.tz
        values = {
            "application": application,
            "program": application.program_id,
            "filed_at": moment(application.filed_at, tz),
            "decided_at": moment(application.decided_at, tz),
            "checks": self._checks(application),
            "due": {question.id: day(question.due_on) for question in application.clarification_ids},
            "errors": errors or {},
            "error_links": self._error_links(errors or {}),
            "typed": typed or {},
            "sent": False,
            "answered": False,
            **flags,
        }
        return secure(request.render("family_card_portal.application_state", values))

    def _checks(self, application):
        """Checks of the office in plain words: list of dict label, outcome, icon, reason."""
        _ = request.env._
        labels = {
            "residence": _("Residence in the municipality"),
            "taxes": _("Municipal taxes"),
            "abode": _("Habitual abode"),
            "duplicate": _("One application per household"),
            "identity": _("Your identity"),
        }
        outcomes = {"pending": _("being checked"), "passed": _("in order"), "failed": _("not in order")}
        icons = {"pending": "fa-clock-o", "passed": "fa-check text-success", "failed": "fa-times text-danger"}
        return [
            {
                "label": labels.get(check.kind, check.kind),
                "outcome": outcomes[check.outcome],
                "icon": icons[check.outcome],
                "reason": check.reason if check.outcome == "failed" else "",
            }
            for check in application.check_ids
        ]

    @http.route(
        "/my/card/application/<int:application_id>/answer/<int:clarification_id>",
        type="http",
        auth="user",
        methods=["POST"],
        website=True,
    )
    def answer(self, application_id, clarification_id, **post):
        """Answer a question of the office, with a document if one is needed."""
        application = my_application(application_id)
        question = application.clarification_ids.filtered(lambda own: own.id == clarification_id)
        if not question:
            raise request.not_found()
        if question.answered_at:
            return request.redirect(address(application) + "?answered=1", code=303)
        text, upload = typed_text(post, "answer", MAX_TEXT), uploaded(post)
        files = [(upload.filename, upload.read(uploads.MAX_BYTES + 1))] if upload and upload.filename else []
        try:
            with request.env.cr.savepoint():
                question._answer(text, files)
        except UserError as error:
            name = f"answer_{question.id}"
            return self._show_state(application, {name: str(error)}, {name: text})
        return request.redirect(address(application) + "?answered=1", code=303)

    @http.route(
        "/my/card/application/<int:application_id>/withdraw",
        type="http",
        auth="user",
        methods=["POST"],
        website=True,
    )
    def withdraw(self, application_id, **post):
        """Take an application back; a draft disappears."""
        application = my_application(application_id)
        draft = application.state == "draft"
        if not draft and not post.get("sure"):
            name = "sure"
            return self._show_state(application, {name: request.env._("Tick the box to withdraw the application.")})
        try:
            application._withdraw()
        except UserError as error:
            return self._show_state(application, {"page": str(error)})
        return request.redirect("/my/card" if draft else address(application), code=303)

    @http.route(
        "/my/card/application/<int:application_id>/file/<int:attachment_id>",
        type="http",
        auth="user",
        methods=["GET"],
        website=True,
    )
    def attachment(self, application_id, attachment_id):
        """Download a document of one's own application."""
        application = my_application(application_id)
        file = application.attachment_ids.filtered(lambda own: own.id == attachment_id)
        if not file:
            raise request.not_found()
        headers = [
            ("Content-Type", file.mimetype),
            ("Content-Disposition", content_disposition(file.name)),
            ("X-Content-Type-Options", "nosniff"),
        ]
        return secure(request.make_response(file.raw, headers))
