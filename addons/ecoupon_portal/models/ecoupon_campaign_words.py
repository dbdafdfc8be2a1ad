from decimal import Decimal

from babel.numbers import format_currency, format_decimal

from odoo import models
from odoo.tools import babel_locale_parse

from odoo.addons.merchant_circuit.rules import directory
from odoo.addons.stored_value.tools import to_decimal


class EcouponCampaign(models.Model):
    """A campaign in the citizen's words: what, where, until when, and who pays (R-000-11, R-000-20)."""

    _inherit = "ecoupon.campaign"

    def _money(self, amount):
        """An amount as the visitor writes it.

        :param amount: value of a monetary field, or Decimal
        :return: str
        """
        self.ensure_one()
        locale = babel_locale_parse(self.env.lang)
        return format_currency(Decimal(to_decimal(amount)), self.currency_id.name, locale=locale)

    def _worth(self):
        """What the coupon takes off, in a few characters.

        :return: str such as "€5.00" or "15%"
        """
        self.ensure_one()
        return self._money(self.amount) if self.kind == "fixed" else f"{self._percent_text()}%"

    def _card(self):
        """What a list shows of the campaign.

        :return: dict of texts and plain values
        """
        self.ensure_one()
        places = self._points()
        return {
            "id": self.id,
            "name": self.name,
            "worth": self._worth(),
            "issuer": self.issuer_id._shop_label(),
            "goods": self.goods_ids.mapped("name"),
            "where": self._where_short(places),
            "until": self._until(self.valid_to),
            "featured": self.featured,
            "picture": bool(self.with_context(bin_size=True).image),
            "path": self._public_path(),
            "points": " ".join(f"{point[1]},{point[0]}" for point in map(self._point, places) if point),
            "price": self._price(),
            "obtain": self.obtain,
        }

    def _where_short(self, places):
        towns = list(dict.fromkeys(place.city for place in places if place.kind == "physical" and place.city))
        if any(place.kind == "online" for place in places):
            towns.append(self.env._("Web shop"))
        if len(towns) > 3:
            return self.env._("%(towns)s and other places", towns=", ".join(towns[:3]))
        return ", ".join(towns)

    def _price(self):
        return self.circuit_id._wallet_text(to_decimal(self.wallet_price)) if self.obtain == "exchanged" else ""

    @staticmethod
    def _point(place):
        """(longitude, latitude) of a place on the map, or None."""
        return directory.coordinates(place.latitude, place.longitude) if place.kind == "physical" else None

    def _details(self):
        """What the campaign's own page says besides.

        :return: dict of texts and plain values
        """
        self.ensure_one()
        return {
            **self._card(),
            "description": self.description or "",
            "conditions": self._conditions(),
            "payers": self._payers(),
            "places": [self._place(place) for place in self._points()],
            "shops": self._shops(),
            "distributors": [line.merchant_id._shop_label() for line in self.distributor_ids],
            "left": self._left(),
            "circuit": self.circuit_id.name,
            "operator": self.circuit_id.operator_id.name or self.company_id.name,
        }

    def _conditions(self):
        """The conditions, one sentence each.

        :return: list of (question, list of sentences)
        """
        _ = self.env._
        return [
            (_("What you get"), self._words_what()),
            (_("Where"), self._words_where()),
            (_("Until when"), self._words_when()),
            (_("How many"), self._words_how_many()),
        ]

    def _words_what(self):
        _ = self.env._
        if self.kind == "fixed":
            lines = [
                _("%s off your purchase. If the goods cost less, the rest of the coupon is lost.", self._worth()),
            ]
        else:
            lines = [_("%s off the price, VAT included.", self._worth())]
        if self.kind == "percent" and self.max_discount:
            lines.append(_("At most %s off.", self._money(self.max_discount)))
        if self.goods_ids:
            lines.append(_("Only on: %s.", ", ".join(self.goods_ids.mapped("name"))))
        else:
            lines.append(_("On all goods of the shop."))
        if self.min_purchase:
            lines.append(_("Those goods have to cost %s at least.", self._money(self.min_purchase)))
        if self.alone:
            lines.append(_("Not together with another coupon."))
        return lines

    def _words_where(self):
        _ = self.env._
        if self.accept == "all":
            return [_("At every shop of the circuit that accepts coupons.")]
        if self.accept == "issuer":
            return [_("At %s.", self.issuer_id._shop_label())]
        lines = []
        if self.accept_merchant_ids:
            lines.append(_("At: %s.", ", ".join(shop._shop_label() for shop in self.accept_merchant_ids)))
        if self.accept_category_ids:
            names = ", ".join(self.accept_category_ids.mapped("name"))
            lines.append(_("At the shops of the circuit of these kinds: %s.", names))
        return lines

    def _words_when(self):
        _ = self.env._
        lines = []
        if self.valid_from > self._now():
            lines.append(_("It can be spent from %s.", self._since(self.valid_from)))
        if self.valid_days:
            lines.append(_("It can be spent for %s days after you get it.", self.valid_days))
        lines.append(_("It can be spent until %s.", self._until(self.valid_to)))
        if self.publish_to:
            lines.append(_("You can get it until %s.", self._until(self.publish_to)))
        return lines

    def _words_how_many(self):
        _ = self.env._
        lines = []
        if self.per_person == 1:
            lines.append(_("One for each person."))
        elif self.per_person:
            lines.append(_("%s for each person at most.", self.per_person))
        lines.append(_("Each is used once.") if self.uses == 1 else _("Each can be used %s times.", self.uses))
        if self.quantity:
            lines.append(_("%s in all.", self.quantity))
        return lines

    def _payers(self):
        """Who pays the discount, and who does not (R-000-20)."""
        _ = self.env._
        issuer = self.issuer_id._shop_label()
        lines = [_("The discount is paid by %s, who issues the coupon.", issuer)]
        if self.sponsor_id and self.sponsor_share:
            share = format_decimal(to_decimal(self.sponsor_share), locale=babel_locale_parse(self.env.lang))
            lines.append(_("%(sponsor)s pays %(share)s%% of it.", sponsor=self.sponsor_id._shop_label(), share=share))
        lines.append(_("You pay nothing for the coupon, and the shop where you spend it loses nothing."))
        if self.obtain == "exchanged":
            lines[-1] = _("You pay the coupon from your wallet, and the shop where you spend it loses nothing.")
        return lines

    def _shops(self):
        """Names of the shops that accept it by name."""
        shops = {"issuer": self.issuer_id, "listed": self.accept_merchant_ids}.get(self.accept, self.issuer_id[:0])
        return [shop._shop_label() for shop in shops]

    def _place(self, place):
        """A place as a page shows it."""
        point = self._point(place)
        town = f"{place.city} ({place.state_id.code})" if place.city and place.state_id else place.city
        return {
            "name": place.name,
            "shop": place.merchant_id._shop_label(),
            "online": place.kind == "online",
            "url": place.url if place.kind == "online" else "",
            "address": ", ".join(part for part in (place.street, town) if part),
            "longitude": point[0] if point else None,
            "latitude": point[1] if point else None,
        }
