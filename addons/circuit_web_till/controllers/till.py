"""The web till: one page without data, and the questions it asks. The merchant is the user's, never the client's."""

import hashlib
import json
from zoneinfo import ZoneInfo

from werkzeug.exceptions import NotFound

from odoo import _, fields, http
from odoo.http import request
from odoo.tools import file_open

from odoo.addons.merchant_circuit.controllers.merchant import MerchantPages
from odoo.addons.merchant_circuit.rules.refusals import Code, Refusal
from odoo.addons.merchant_circuit.rules.till import Terminal, parse_key, parse_money

from .home import TILL_PAGE

BUNDLE = "circuit_web_till.assets"
ICONS = "/circuit_web_till/static/src/icons"
COLOR = "#0b4f6c"
#: Everything comes from this server and nothing is written into the page: a script smuggled in does not run.
POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "media-src 'self' blob:",
        "connect-src 'self'",
        "manifest-src 'self'",
        "worker-src 'self'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    )
)


class WebTill(MerchantPages):
    # ------------------------------------------------------------------ page

    @http.route(TILL_PAGE, type="http", auth="user", methods=["GET"], sitemap=False)
    def till(self, **_kwargs):
        """The till's page (R-004-70, R-004-95). It holds no data, so that the browser may keep it.

        :raise NotFound: the user works for no merchant
        """
        self._merchant()
        response = request.make_response(self._shell(request.env.lang, *self._assets()))
        response.headers["Content-Security-Policy"] = POLICY
        response.headers["Cache-Control"] = "private, no-cache"
        response.headers["Referrer-Policy"] = "same-origin"
        response.headers["X-Content-Type-Options"] = "nosniff"
        return response

    @http.route(f"{TILL_PAGE}/manifest.webmanifest", type="http", auth="public", methods=["GET"], sitemap=False)
    def manifest(self, **_kwargs):
        """What makes the page installable on a telephone (R-001-26)."""
        icons = [
            {"src": f"{ICONS}/till-{size}.png", "sizes": f"{size}x{size}", "type": "image/png", "purpose": purpose}
            for size, purpose in ((192, "any"), (512, "any"), (512, "maskable"))
        ]
        manifest = {
            "id": TILL_PAGE,
            "name": _("Card till"),
            "short_name": _("Card till"),
            "description": _("Charge the citizens' cards with a telephone."),
            "lang": request.env.lang.replace("_", "-"),
            "scope": TILL_PAGE,
            "start_url": TILL_PAGE,
            "display": "standalone",
            "orientation": "any",
            "background_color": "#ffffff",
            "theme_color": COLOR,
            "icons": icons,
        }
        return request.make_response(
            json.dumps(manifest),
            headers=[("Content-Type", "application/manifest+json"), ("Cache-Control", "public, max-age=3600")],
        )

    @http.route(f"{TILL_PAGE}/worker.js", type="http", auth="public", methods=["GET"], sitemap=False)
    def worker(self, **_kwargs):
        """The service worker: it keeps the page and its files, never an answer of the till."""
        scripts, styles = self._assets()
        shell = [*scripts, *styles, f"{ICONS}/till-192.png"]
        with file_open("circuit_web_till/static/src/worker/worker.js") as source:
            code = source.read()
        # the page changes with its text too, which no address tells
        text = self._shell("", scripts, styles)
        version = hashlib.sha256("".join((*shell, code, text)).encode()).hexdigest()[:16]
        head = f"self.TILL = {json.dumps({'page': TILL_PAGE, 'version': version, 'shell': shell})};\n"
        return request.make_response(
            head + code,
            headers=[
                ("Content-Type", "text/javascript; charset=utf-8"),
                ("Cache-Control", "no-cache"),
                ("Service-Worker-Allowed", TILL_PAGE),
            ],
        )

    # ------------------------------------------------------------- questions

    @http.route(f"{TILL_PAGE}/open", type="jsonrpc", auth="user")
    def open(self, **_unknown):
        """What the page has to know: shop, proofs to ask for, whether cards are accepted, operations of today.

        :return: dict
        """
        till, terminal, merchant = self._counter()
        return {
            "shop": merchant._shop_label(),
            "user": terminal.ref,
            "currency": self._currency(merchant).name,
            "checks": sorted(till._checks(merchant.id, fields.Datetime.now())),
            **till._web_standing(merchant.id),
            "day": till._web_day(terminal, ZoneInfo(self._tz(merchant))),
        }

    @http.route(f"{TILL_PAGE}/pay", type="jsonrpc", auth="user")
    def pay(
        self,
        key=None,
        identifier=None,
        secret=None,
        documents=None,
        amount=None,
        excluded=None,
        requested=None,
        order=None,
        **_unknown,
    ):
        """Charge a card or use a coupon: who, how much, PIN or documents (R-001-15, R-004-71, R-004-82).

        :param str key: UUID made and kept by the browser before it asks
        :param str identifier: fiscal code, number of the card or text of its QR code
        :param str secret: PIN, empty where documents are shown
        :param dict documents: health_card and identity, true when the shopkeeper has seen them
        :param str amount: the whole purchase, "30.00"
        :param str excluded: part of it that the card does not pay, or None
        :param str requested: what the card shall pay, None for as much as the rules allow
        :param str order: key of the first operation of this purchase, where a coupon came off it before (H16)
        :return: dict, captured with its receipt, or refused
        """
        till, terminal, merchant = self._counter()
        try:
            lines = self._lines(amount, excluded)
        except ValueError:
            return till._refused(Refusal(Code.BAD_AMOUNT))
        try:
            order_ref = parse_key(order) if order else key
        except ValueError:
            return till._refused(Refusal(Code.BAD_REQUEST))
        reply = till._pay(
            terminal,
            {
                "key": key,
                "identifier": identifier,
                "secret": secret,
                "documents": documents,
                "lines": lines,
                "requested": requested,
                "order_ref": order_ref,
            },
        )
        return self._answer(till, terminal, merchant, reply)

    @http.route(f"{TILL_PAGE}/status", type="jsonrpc", auth="user")
    def status(self, key=None, **_unknown):
        """What became of a key whose answer was lost (R-004-83).

        :return: dict; status unknown also for another merchant's key
        """
        till, terminal, merchant = self._counter()
        return self._answer(till, terminal, merchant, till._status(terminal, key))

    @http.route(f"{TILL_PAGE}/void", type="jsonrpc", auth="user")
    def void(self, key=None, **_unknown):
        """Give up a key nothing is known of: a request still on its way is refused when it comes; what was
        captured meanwhile stays and is told.

        :return: dict, as for ``status``
        """
        till, terminal, merchant = self._counter()
        try:
            key = parse_key(key)
        except ValueError:
            return till._refused(Refusal(Code.BAD_REQUEST))
        return self._answer(till, terminal, merchant, till._void(terminal, [key])[key])

    @http.route(f"{TILL_PAGE}/reverse", type="jsonrpc", auth="user")
    def reverse(self, key=None, origin_key=None, reason=None, **_unknown):
        """Take back this till's last operation (R-004-84).

        :param str key: UUID of the reversal, made and kept by the browser before it asks
        :param str origin_key: key of the operation
        :param str reason: why, at most 64 characters
        :return: dict, captured with its receipt, or refused
        """
        till, terminal, merchant = self._counter()
        reply = till._reverse_last(terminal, {"key": key, "origin_key": origin_key, "reason": reason})
        return self._answer(till, terminal, merchant, reply)

    # ----------------------------------------------------------------- parts

    def _till_url(self, merchant):
        """The merchant's Odoo POS where there is one, else the web till.

        :return: str
        """
        return super()._till_url(merchant) or TILL_PAGE

    def _tills(self, merchant):
        """The web till too, where the merchant has a point of sale.

        :return: list of (label, address)
        """
        tills = super()._tills(merchant)
        known = any(address == TILL_PAGE for _label, address in tills)
        return tills if known else [*tills, (_("Web till"), TILL_PAGE)]

    def _counter(self):
        """The till service, the user's terminal and merchant.

        :return: (circuit.till, Terminal, res.partner)
        :raise NotFound: the user works for no merchant
        """
        user = request.env.user
        if not user.merchant_id:
            raise NotFound()
        merchant = self._merchant()
        company = self._circuit(merchant).company_id or request.env.company
        day = self._today(self._tz(merchant)).isoformat()
        # sudo: an id, of the user's own merchant; a portal user reads no place
        place_id = request.env["circuit.place"].sudo()._of_till(merchant.id, user.sudo().place_id.id)
        terminal = Terminal(merchant.id, company.id, "web", f"res.users,{user.id}", f"web,{user.id},{day}", place_id)
        # sudo: merchants have no right on any model; the terminal says what they may do and see
        return request.env["circuit.till"].sudo(), terminal, merchant

    def _answer(self, till, terminal, merchant, reply):
        """An answer of the till contract as the page shows it: where money moved, with the receipt and the
        operations of today.

        :return: dict
        """
        if reply.get("status") != "captured":
            return reply
        return {
            **reply,
            "receipt": till._web_receipt(terminal, reply),
            "day": till._web_day(terminal, ZoneInfo(self._tz(merchant))),
        }

    @staticmethod
    def _lines(amount, excluded):
        """The purchase as the till contract wants it.

        :raise ValueError: not amounts, or more is excluded than was bought
        """
        total = parse_money(amount)
        out = parse_money(excluded) if excluded else 0
        if out < 0 or out > total:
            raise ValueError("excluded")
        rows = [{"amount": f"{total - out:.2f}"}]
        return [*rows, {"amount": f"{out:.2f}", "payable": False}] if out else rows

    @staticmethod
    def _shell(lang, scripts, styles):
        """The page without data.

        :param str lang: code of the language, empty for none
        :param list scripts: addresses
        :param list styles: addresses
        :return: str
        """
        values = {
            "language": lang.replace("_", "-"),
            "scripts": scripts,
            "styles": styles,
            "icons": ICONS,
            "color": COLOR,
        }
        # sudo: the page's own template, also for the worker's script, which needs no login
        return f"<!DOCTYPE html>{request.env['ir.qweb'].sudo()._render('circuit_web_till.till_page', values)}"

    @staticmethod
    def _assets():
        """Addresses of the scripts and style sheets of the page; they change with their contents.

        :return: (list of str, list of str)
        """
        links = request.env["ir.qweb"]._get_asset_links(BUNDLE, debug=request.session.debug)
        return [link for link in links if link.endswith(".js")], [link for link in links if link.endswith(".css")]
