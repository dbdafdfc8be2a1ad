from odoo import fields, models


class ResPartner(models.Model):
    """Where a member of a circuit sells (R-000-04)."""

    _inherit = "res.partner"

    place_ids = fields.One2many("circuit.place", "merchant_id", string="Places")

    def _ensure_place(self):
        """Give merchants without any place the one at their address: what happens at their tills happens somewhere."""
        # sudo: the signature of the agreement makes it, whoever may write places
        places = self.env["circuit.place"].sudo()
        for merchant in self.sudo():
            if not places.with_context(active_test=False).search_count([("merchant_id", "=", merchant.id)], limit=1):
                places.create(
                    {
                        "name": merchant._shop_label(),
                        "merchant_id": merchant.id,
                        "street": merchant.street,
                        "zip": merchant.zip,
                        "city": merchant.city,
                        "state_id": merchant.state_id.id,
                        "country_id": merchant.country_id.id,
                        "latitude": merchant.partner_latitude,
                        "longitude": merchant.partner_longitude,
                    }
                )
