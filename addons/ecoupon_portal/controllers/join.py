"""Where a company reads the terms of a circuit and asks to join it (R-000-28, R-000-37)."""

from odoo import http
from odoo.exceptions import UserError, ValidationError
from odoo.http import request

TEXTS = ("name", "vat", "street", "zip", "city", "email", "phone", "contact", "url", "note")
ROLES = ("role_distribute", "role_accept", "role_issue")
CHOICES = ("country_id", "state_id", "activity_id")
#: A robot fills in what nobody sees.
TRAP = "fax"
#: Longest that a field of the form is looked at; the model says what is too long.
MAX = 4000


class CircuitJoin(http.Controller):
    @http.route(
        "/circuit/<string:reference>/join",
        type="http",
        auth="public",
        methods=["GET", "POST"],
        website=True,
        sitemap=False,
    )
    def join(self, reference, **post):
        """The published terms, the form, and the number of the request once it is sent.

        :return: the page; 404 for what is no circuit that one can join
        """
        circuit = self._circuit(reference)
        terms = circuit and circuit._join_terms()
        if not terms:
            raise request.not_found()
        values, error, filed = self._values(post), None, None
        if request.httprequest.method == "POST":
            try:
                with request.env.cr.savepoint():
                    filed = self._file(circuit, values, post)
            except (UserError, ValidationError) as problem:
                error = str(problem)
        # sudo: names of countries, provinces and activities, for the lists of the form
        env = request.env(su=True)
        italy = env.ref("base.it")
        return request.render(
            "ecoupon_portal.join_page",
            {
                "circuit": circuit,
                "terms": terms,
                "values": values,
                "error": error,
                "filed": filed,
                "countries": env["res.country"].search([], order="name"),
                "italy": italy,
                "provinces": env["res.country.state"].search([("country_id", "=", italy.id)], order="name"),
                "activities": env["circuit.activity"].search([]),
                "path": circuit._join_url(),
                "trap": TRAP,
                "crumbs": [(circuit.name, None), (request.env._("Join"), None)],
            },
        )

    @staticmethod
    def _circuit(reference):
        """The circuit behind an address such as ``lombardia-3``.

        :param str reference: last part of the address but one
        :return: circuit.circuit with the rights of the system, or None
        """
        _name, number = request.env["ir.http"]._unslug(reference)
        if not number or not 0 < number < 2**31:
            return None
        # sudo: the public user reads no model; the page shows the circuit's name, contacts and terms
        return request.env["circuit.circuit"].sudo().browse(number).exists() or None

    @staticmethod
    def _values(post):
        """The form as it was filled in, else as it begins.

        :return: dict of text, bool and int (0: not chosen)
        """
        begun = request.httprequest.method == "POST"
        values = {name: str(post.get(name, ""))[:MAX].replace("\x00", "").strip() for name in TEXTS}
        values |= {name: bool(post.get(name)) if begun else name == "role_accept" for name in ROLES}
        values["has_shop"] = bool(post.get("has_shop")) or not begun
        for name in CHOICES:
            text = str(post.get(name, ""))
            values[name] = int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0
        if not begun:
            values["country_id"] = request.env.ref("base.it").id
        return values

    @staticmethod
    def _file(circuit, values, post):
        """Send the request.

        :return: ecoupon.join.request
        :raise UserError, ValidationError: something is missing, wrong or too much
        """
        _ = request.env._
        if post.get(TRAP):
            raise UserError(_("The form was filled in by a program. Reload the page and try again."))
        # sudo: the public user writes no model; the fields are those of the form
        env = request.env(su=True)
        lists = {"country_id": "res.country", "state_id": "res.country.state", "activity_id": "circuit.activity"}
        for name, model in lists.items():
            if values[name] and not env[model].browse(values[name]).exists():
                raise UserError(_("Choose from the lists of the form."))
        if not values["country_id"]:
            raise UserError(_("Choose the country of the registered office."))
        accepted = str(post.get("terms", ""))
        terms = int(accepted) if accepted.isascii() and accepted.isdigit() and len(accepted) < 10 else 0
        vals = {name: value or False for name, value in values.items()}
        if (
            values["state_id"]
            and env["res.country.state"].browse(values["state_id"]).country_id.id != values["country_id"]
        ):
            vals["state_id"] = False  # the list shows Italian provinces to everybody
        return env["ecoupon.join.request"]._file(circuit, vals, terms, request.httprequest.remote_addr)
