from odoo import api, fields, models
from odoo.exceptions import ValidationError


class CircuitPlace(models.Model):
    """Where a member of a circuit sells: a shop in a street, or a web shop (R-000-04)."""

    _name = "circuit.place"
    _description = "Place of a merchant"
    _order = "merchant_id, sequence, id"

    name = fields.Char(required=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    merchant_id = fields.Many2one(
        "res.partner", required=True, index=True, ondelete="restrict", domain=[("is_merchant", "=", True)]
    )
    kind = fields.Selection([("physical", "Shop"), ("online", "Web shop")], required=True, default="physical")
    street = fields.Char()
    zip = fields.Char()
    city = fields.Char()
    state_id = fields.Many2one("res.country.state", "Province", ondelete="restrict")
    country_id = fields.Many2one("res.country", ondelete="restrict", default=lambda self: self._default_country())
    latitude = fields.Float(digits=(10, 7))
    longitude = fields.Float(digits=(10, 7))
    url = fields.Char("Address of the web shop")

    @api.model
    def _default_country(self):
        return self.env.company.country_id

    @api.constrains("kind", "url")
    def _check_url(self):
        """A web shop is found by its address.

        :raise ValidationError: no address, or none that a browser may be sent to
        """
        for place in self.filtered(lambda place: place.kind == "online"):
            if not (place.url or "").startswith(("https://", "http://")):
                raise ValidationError(
                    self.env._("%s: write the address of the web shop, beginning with https://.", place.name)
                )
