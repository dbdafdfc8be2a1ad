from odoo import fields, models


class CircuitCircuit(models.Model):
    """What citizens agree to who want the circuit's newsletters."""

    _inherit = "circuit.circuit"

    newsletter_wording = fields.Text(
        "Consent to newsletters",
        translate=True,
        default=lambda self: self.env._(
            "I agree to receive by e-mail news about coupons and initiatives of this circuit. I can stop them whenever"
            " I want, with the link in every message or on this page."
        ),
        help="Citizens agree to these words; each consent keeps the words it was given to (R-000-34).",
    )
    newsletter_open = fields.Boolean(
        "Citizens can ask for newsletters", default=True, help="Shown in the citizen's area (R-000-34)."
    )
