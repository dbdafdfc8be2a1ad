"""Where a merchant makes and revokes the keys of its own web shop or till."""

from odoo import http
from odoo.exceptions import AccessDenied, UserError
from odoo.http import request

from odoo.addons.merchant_circuit.controllers.merchant import MerchantPages
from odoo.addons.merchant_circuit.rules.merchant_filter import as_day

from ..models.circuit_api_key import SCOPES


class MerchantApi(MerchantPages):
    @http.route("/merchant/api", type="http", auth="user", methods=["GET"], website=True, sitemap=False)
    def api_keys(self, **_kwargs):
        """The merchant's API keys and the form for a new one."""
        return self._api_page()

    @http.route("/merchant/api/new", type="http", auth="user", methods=["POST"], website=True, sitemap=False)
    def api_key_new(self, **post):
        """Make a key after the user's own password, and show it this once.

        :param post: name, place, last_day, password, and a field for each scope
        :return: the page with the key, or with what is wrong
        """
        merchant = self._merchant()
        if not self._api_circuit(merchant).api_self_service:
            raise request.not_found()
        values = {name: str(post.get(name, "")).replace("\x00", "").strip() for name in ("name", "last_day", "place")}
        scopes = [scope for scope in SCOPES if post.get(scope)]
        try:
            self._check_password(str(post.get("password", "")))
            with request.env.cr.savepoint():
                _key, text = request.env["circuit.api.key"]._issue(
                    merchant,
                    values["name"],
                    scopes,
                    self._api_last_day(values["last_day"]),
                    self._api_place(merchant, values["place"]),
                )
        except UserError as problem:
            return self._api_page(error=str(problem), values=values, chosen=scopes)
        response = self._api_page(made=text)
        response.headers["Cache-Control"] = "no-store"
        return response

    @http.route("/merchant/api/<string:prefix>/revoke", type="http", auth="user", methods=["POST"], website=True)
    def api_key_revoke(self, prefix, **_post):
        """End one of the merchant's keys.

        :param str prefix: beginning of the key
        """
        keys = self._api_keys(self._merchant()).filtered(lambda key: key.prefix == prefix)
        if not keys:
            raise request.not_found()
        keys._revoke()
        return request.redirect("/merchant/api")

    def _api_page(self, **values):
        merchant = self._merchant()
        circuit = self._api_circuit(merchant)
        scopes = request.env["circuit.api.key"].fields_get([f"may_{scope}" for scope in SCOPES], ["string", "help"])
        return self._render(
            "circuit_api.merchant_api",
            {
                "keys": self._api_keys(merchant),
                "scopes": [(scope, scopes[f"may_{scope}"]) for scope in SCOPES],
                "tz": circuit.tz or "Europe/Rome",
                "self_service": circuit.api_self_service,
                "days": circuit.api_key_days,
                "error": None,
                "made": None,
                "places": merchant.place_ids,
                "values": {"name": "", "last_day": "", "place": ""},
                "chosen": [scope for scope in SCOPES if scope != "refund"],
                **values,
            },
        )

    @staticmethod
    def _api_keys(merchant):
        # sudo: merchants have no right on the model; the domain is the whole of what they may see
        keys = request.env["circuit.api.key"].sudo().search([("merchant_id", "=", merchant.id)])
        return keys.sorted(lambda key: (key.state != "valid", -key.id))

    @staticmethod
    def _api_circuit(merchant):
        return request.env["circuit.api.key"]._circuit_of(merchant)

    @staticmethod
    def _api_last_day(day):
        """The day typed, or None.

        :raise UserError: no day
        """
        if not day:
            return None
        last = as_day(day)
        if not last:
            raise UserError(request.env._("Write the day as day, month and year."))
        return last

    @staticmethod
    def _api_place(merchant, place):
        """Where the program sells: one place of the merchant, which is asked for where there are several (R-000-04).

        :param merchant: res.partner
        :param str place: id of a place, as the form sends it
        :return: circuit.place, empty where there is nothing to choose
        :raise UserError: none of them was chosen
        """
        places = merchant.place_ids
        chosen = places.filtered(lambda one: str(one.id) == place)
        if len(places) > 1 and not chosen:
            raise UserError(request.env._("Choose where the program sells: at one of your places."))
        return chosen

    @staticmethod
    def _check_password(password):
        """A key spends citizens' money: an unattended browser does not make one.

        :raise UserError: not the user's password
        """
        user = request.env.user
        try:
            with user._assert_can_auth(user=user.login):  # whoever guesses is made to wait, as at the login
                user._check_credentials(
                    {"type": "password", "login": user.login, "password": password}, {"interactive": True}
                )
        except AccessDenied:
            raise UserError(request.env._("This is not your password. Try again.")) from None
