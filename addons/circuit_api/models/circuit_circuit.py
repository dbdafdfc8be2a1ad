from odoo import fields, models


class CircuitCircuit(models.Model):
    _inherit = "circuit.circuit"

    api_self_service = fields.Boolean(
        "Merchants make API keys",
        default=True,
        tracking=True,
        help="In its reserved area a merchant makes and revokes the keys of its own web shop or till. Off: the staff do.",
    )
    api_per_minute = fields.Integer(
        "API requests per minute",
        default=120,
        required=True,
        help="Of each API key; what is above is answered with 429 and when to try again.",
    )
    api_key_days = fields.Integer(
        "Days of an API key",
        default=365,
        required=True,
        help="The longest time a new API key lasts; 0: without end.",
    )

    _api_per_minute = models.Constraint(
        "CHECK (api_per_minute BETWEEN 1 AND 100000)", "An API key makes between 1 and 100,000 requests per minute."
    )
    _api_key_days = models.Constraint(
        "CHECK (api_key_days BETWEEN 0 AND 3650)", "An API key lasts at most ten years; 0 is without end."
    )

    def write(self, vals):
        """The servers keep each key's limits in memory: make them look again."""
        result = super().write(vals)
        if vals.keys() & {"api_per_minute", "tz"}:
            self.env.registry.clear_cache()
        return result
