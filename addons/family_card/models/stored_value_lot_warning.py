from odoo import fields, models


class StoredValueLot(models.Model):
    """What the household was told of a lot."""

    _inherit = "stored.value.lot"

    warned_for = fields.Datetime(
        "Warned of the expiry of", readonly=True, help="The household got an SMS about this expiry (R-004-55, X4)."
    )
