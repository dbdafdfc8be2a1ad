from odoo import api, fields, models, tools
from odoo.exceptions import ValidationError
from odoo.tools import SQL

from ..rules import directory, shop_page


class CircuitPlace(models.Model):
    """Where a member of a circuit sells: a shop in a street, or a web shop (R-000-04)."""

    _name = "circuit.place"
    _description = "Place of a merchant"
    _order = "merchant_id, sequence, id"

    name = fields.Char(required=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True, help="Tills that stand at a place nobody uses any more name no place.")
    merchant_id = fields.Many2one(
        "res.partner", required=True, index=True, ondelete="restrict", domain=[("is_merchant", "=", True)]
    )
    kind = fields.Selection([("physical", "Shop"), ("online", "Web shop")], required=True, default="physical")
    street = fields.Char()
    zip = fields.Char()
    city = fields.Char()
    state_id = fields.Many2one(
        "res.country.state", "Province", ondelete="restrict", domain="[('country_id', '=?', country_id)]"
    )
    country_id = fields.Many2one("res.country", ondelete="restrict", default=lambda self: self._default_country())
    latitude = fields.Float(digits=(10, 7))
    longitude = fields.Float(digits=(10, 7))
    url = fields.Char("Address of the web shop")

    @api.model
    def _default_country(self):
        return self.env.company.country_id

    @api.depends("name", "city", "kind")
    def _compute_display_name(self):
        """Name and town, for one shop has places of the same name in several towns."""
        for place in self:
            name, town = place.name or "", place.city if place.kind == "physical" else ""
            place.display_name = f"{name} – {town}" if town and town not in name else name

    @api.constrains("kind", "url")
    def _check_url(self):
        """A web shop is found by its address.

        :raise ValidationError: no address, or none that a browser may be sent to
        """
        for place in self:
            if place.kind == "online" and not place.url:
                raise ValidationError(
                    self.env._("%s: write the address of the web shop, beginning with https://.", place.name)
                )
            if place.url and not shop_page.is_safe_link(place.url):
                raise ValidationError(
                    self.env._("%s: write the address of the web shop, beginning with https://.", place.name)
                )

    @api.constrains("latitude", "longitude")
    def _check_coordinates(self):
        """:raise ValidationError: a point that is not on the map"""
        for place in self.filtered(lambda place: place.latitude or place.longitude):
            if not directory.coordinates(place.latitude, place.longitude):
                raise ValidationError(
                    self.env._(
                        "The place of %s is not on the map: latitude goes from -90 to 90, longitude from -180 to 180.",
                        place.name,
                    )
                )

    @api.constrains("state_id", "country_id")
    def _check_state(self):
        """:raise ValidationError: the province lies in another country"""
        for place in self.filtered(lambda place: place.state_id and place.country_id):
            if place.state_id.country_id != place.country_id:
                raise ValidationError(self.env._("%s: the province is not in this country.", place.name))

    @api.onchange("state_id")
    def _onchange_state(self):
        """A province has one country."""
        if self.state_id:
            self.country_id = self.state_id.country_id

    # ------------------------------------------------------------------ tills

    @api.model
    def _of_till(self, merchant_id, place_id=None):
        """Where a till stands: the place it was given, while it is in use; else the merchant's only one (R-000-04).

        :param int merchant_id: the till's shop
        :param int place_id: what the till itself says, or None
        :return: id of a place of this merchant, or None when nobody knows
        """
        places = self._ids_of(merchant_id)
        if place_id in places:
            return place_id
        if place_id and self.browse(place_id).exists().merchant_id.id == merchant_id:
            return None  # nobody uses its place any more
        return places[0] if len(places) == 1 else None

    @api.model
    @tools.ormcache("merchant_id")
    def _ids_of(self, merchant_id):
        """Places of a merchant that are in use; asked at every charge, so from memory.

        :param int merchant_id: a shop
        :return: tuple of ids
        """
        self.flush_model(["merchant_id", "active"])
        rows = self.env.execute_query(
            SQL("SELECT id FROM circuit_place WHERE merchant_id = %s AND active ORDER BY sequence, id", merchant_id)
        )
        return tuple(place_id for (place_id,) in rows)

    @api.model
    def _check_merchant_of(self, records):
        """What stands at a place belongs to the same merchant.

        :param records: records with ``merchant_id`` and ``place_id``
        :raise ValidationError: the place is somebody else's
        """
        for record in records.filtered("place_id"):
            if record.place_id.merchant_id != record.merchant_id:
                raise ValidationError(
                    self.env._(
                        "%(place)s is not a place of this merchant. Choose one of its own.", place=record.place_id.name
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        """A province says the country. Tills keep the places in memory: make them look again."""
        for vals in vals_list:
            if vals.get("state_id") and "country_id" not in vals:
                vals["country_id"] = self.env["res.country.state"].browse(vals["state_id"]).country_id.id
        places = super().create(vals_list)
        self.env.registry.clear_cache()
        return places

    def write(self, vals):
        """Tills keep the places in memory: make them look again."""
        result = super().write(vals)
        if vals.keys() & {"active", "merchant_id", "sequence"}:
            self.env.registry.clear_cache()
        return result

    def unlink(self):
        """Tills keep the places in memory: make them look again."""
        self.env.registry.clear_cache()
        return super().unlink()
