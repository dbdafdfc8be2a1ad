from odoo import fields, models


class CircuitApiKeyShow(models.AbstractModel):
    """The only time a new key is seen: it travels in the action, no table keeps it."""

    _name = "circuit.api.key.show"
    _description = "Show an API key"

    # a form wants an id
    id = fields.Id()
    name = fields.Char(readonly=True)
    key = fields.Char(readonly=True)
