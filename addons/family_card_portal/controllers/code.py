"""The one-time code on the citizen's telephone: shown, never kept."""

from odoo import http
from odoo.http import request

from odoo.addons.merchant_circuit.controllers.presentation import money, secure
from odoo.addons.merchant_circuit.rules import qr

from .area import my_card


class FamilyCardCode(http.Controller):
    @http.route("/my/card/<int:card_id>/code", type="http", auth="user", methods=["GET", "POST"], website=True)
    def card_code(self, card_id, **post):
        """Show how to pay with a code; a posted form makes one (R-004-71, R-004-74).

        A code is made by posting only: neither a link of another site nor the browser's history makes or shows one.

        :param int card_id: card of the user's own household
        :return: the page, or its panel alone where the page's script asks for it; 429 after too many codes
        """
        card = my_card(card_id)
        values = self._values(card)
        status = 200
        if request.httprequest.method == "POST" and not values["hindrance"]:
            # sudo: a citizen has no right on codes; the card is one of their own
            issued = request.env["family.card.code"].sudo()._issue(card, request.env.user)
            if issued:
                values["code"] = self._picture(*issued)
            else:
                values["hindrance"] = request.env._(
                    "You asked for many codes in a short time. Wait some minutes, or type the PIN at the till."
                )
                status = 429
        template = "code_panel" if post.get("part") == "panel" else "code_page"
        return secure(request.render(f"family_card_portal.{template}", values, status=status))

    @http.route("/my/card/<int:card_id>/code/paid", type="http", auth="user", methods=["GET"], website=True)
    def card_code_paid(self, card_id):
        """Whether the newest code was used, asked by the page while it shows one (R-004-71).

        :param int card_id: card of the user's own household
        :return: the panel that says where and how much; 204 while nobody used it
        """
        card = my_card(card_id)
        # sudo: a citizen has no right on codes and purchases; the card and the code are their own
        purchase = request.env["family.card.code"].sudo()._purchase(card, request.env.user)
        if not purchase:
            return secure(request.make_response("", status=204))
        paid = request.env._(
            "Paid at %(shop)s: %(amount)s",
            shop=purchase.merchant_id._shop_label(),
            amount=money(purchase.amount, card.currency_id),
        )
        return secure(request.render("family_card_portal.code_panel", {**self._values(card), "paid": paid}))

    def _values(self, card):
        """What page and panel show before there is a code."""
        return {
            "page_name": "family_card_code",
            "card": card,
            "hindrance": self._hindrance(card),
            "documents": card._code_needs_documents(),
            "code": None,
            "paid": "",
        }

    def _hindrance(self, card):
        """Why there is no code, in a sentence for the citizen; empty when there is one."""
        if card.state != "active":
            return request.env._("The card cannot be used now, so there is no code.")
        if card.pin_locked:
            return request.env._(
                "The card is locked after too many wrong PINs. Ask the office for a new PIN; it comes by SMS."
            )
        if not card._code_seconds():
            return request.env._("There are no one-time codes in this programme. Type the PIN at the till.")
        return ""

    def _picture(self, text, seconds):
        """The code as the page draws it.

        :param str text: of the QR code
        :param int seconds: how long it can be used
        """
        rows = qr.modules(text)
        return {"path": qr.svg_path(rows), "side": qr.side(rows), "seconds": seconds}
