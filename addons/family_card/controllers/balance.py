"""The citizen's balance page, "VISUALIZZA CREDITO" (R-004-85)."""

from datetime import date, timedelta
from decimal import Decimal

from babel.numbers import format_currency

from odoo import fields, http
from odoo.http import request
from odoo.tools import babel_locale_parse, format_date

from odoo.addons.stored_value.tools import read_committed

from ..rules import fiscal_code as fiscal_codes
from ..rules import pin as pins

#: A credit is called "about to expire" this many days before its end.
SOON_DAYS = 30


def offering_programs():
    """Open programmes that let their citizens look with fiscal code and PIN (A20).

    :return: family.card.program, with the rights of the system.
    """
    now = fields.Datetime.now()
    # sudo: names and contacts of an open programme are public.
    programs = request.env["family.card.program"].sudo().search([("state", "=", "open")])
    return programs.filtered(lambda program: program._terms_at(program._local_day(now)).balance_by_pin)


class FamilyCardBalance(http.Controller):
    @http.route(
        "/family-card/balance",
        type="http",
        auth="public",
        methods=["GET", "POST"],
        website=True,
        sitemap=False,
    )
    def balance(self, **post):
        """Show the form, or the balances for a fiscal code and its PIN.

        The answer is the same for an unknown code, a wrong PIN and a locked
        one. Nothing is read from the address, so no PIN ends up in a log.

        :return: the page; 404 when no programme offers it, 429 when a limit is passed.
        """
        if {"pin", "fiscal_code"} & request.httprequest.args.keys():
            # Whoever made such a link: the page does not carry it any further.
            return request.redirect("/family-card/balance")
        programs = offering_programs()
        if not programs:
            raise request.not_found()
        values = {"programs": programs, "errors": {}, "card": None, "fiscal_code": ""}
        status = 200
        if request.httprequest.method == "POST":
            code = fiscal_codes.normalise(str(post.get("fiscal_code", ""))[:40])
            status = self._answer(code, str(post.get("pin", ""))[:40].strip(), values)
        response = request.render("family_card.balance_page", values, status=status)
        response.headers.update(
            {
                "Cache-Control": "no-store",
                "Referrer-Policy": "no-referrer",
                "X-Robots-Tag": "noindex, nofollow",
            }
        )
        return response

    def _answer(self, code, pin, values):
        """Fill ``values`` for a posted form and return the HTTP status."""
        values["fiscal_code"] = code
        errors = values["errors"]
        # Shape only: it says nothing about whether a card exists.
        if not fiscal_codes.looks_like(code):
            errors["fiscal_code"] = request.env._("Type the 16 characters of the card holder's fiscal code.")
        if not pins.is_well_formed(pin):
            errors["pin"] = request.env._("Type the PIN: only digits, as in the SMS you received.")
        if errors:
            return 200
        if not self._allowed(code):
            errors["page"] = request.env._(
                "Too many attempts. Wait a quarter of an hour and try again; in the shops the card works as before."
            )
            return 429
        # sudo: the public user reads nothing; the PIN decides, and only balances come back.
        overview = request.env["family.card"].sudo()._balance_overview(code, pin)
        if not overview:
            errors["page"] = request.env._(
                "Fiscal code or PIN not recognised. Check both and try again; "
                "if you no longer have the PIN, ask the municipality for a new one."
            )
            return 200
        # sudo: the counter belongs to nobody.
        request.env["family.card.balance.throttle"].sudo()._forget(code)
        values["card"] = self._present(overview)
        return 200

    def _allowed(self, code):
        """Count this try so that it stays counted, whatever happens next."""
        env = request.env
        read_committed(env)
        # sudo: the counter belongs to nobody.
        allowed = env["family.card.balance.throttle"].sudo()._count(code, request.httprequest.remote_addr)
        # Commits at once: parallel tries wait for this row no longer than the statement takes.
        read_committed(env)
        return allowed

    def _present(self, overview):
        """Turn the overview of a card into the texts of the page."""
        today = overview["today"]
        return {
            **overview,
            "accounts": [
                {
                    "label": account["label"],
                    "available": self._money(account["balance"], overview["currency"]),
                    "lots": [self._present_lot(lot, overview["currency"], today) for lot in account["lots"]],
                }
                for account in overview["accounts"]
            ],
        }

    def _present_lot(self, lot, currency, today):
        last_day = lot["expires_on"] and date.fromisoformat(lot["expires_on"])
        return {
            "amount": self._money(lot["amount"], currency),
            "last_day": last_day and format_date(request.env, last_day),
            "soon": bool(last_day) and last_day - today <= timedelta(days=SOON_DAYS),
        }

    @staticmethod
    def _money(amount, currency):
        """Write an amount such as "41.25" the way the visitor's language does."""
        return format_currency(Decimal(amount), currency, locale=babel_locale_parse(request.env.lang))
