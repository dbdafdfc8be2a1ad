from odoo import fields, models

#: Kinds that concern the public body alone; charges are booked as transactions, extensions move nothing.
BOOKED = ("credit", "expiry", "adjustment")


class StoredValueEntry(models.Model):
    _inherit = "stored.value.entry"

    booking_ids = fields.One2many("circuit.booking", "entry_id", readonly=True)
    funder_id = fields.Many2one(related="account_id.funder_id")

    _booked_idx = models.Index("(occurred_at) WHERE kind IN ('credit', 'expiry', 'adjustment')")
