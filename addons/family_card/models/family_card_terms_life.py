from odoo import fields, models


class FamilyCardTerms(models.Model):
    """Parameters of the life of a card: warnings before expiry, blocks."""

    _inherit = "family.card.terms"

    expiry_warning_days = fields.Integer(
        "Warning before expiry (days)",
        default=15,
        required=True,
        help="One SMS to the household so many days before credit expires; 0: none. Notice §4 (R-004-55).",
    )
    residual_after_loss = fields.Selection(
        [("usable", "Usable until it expires"), ("stopped", "No longer usable")],
        string="Credit left when the residence is lost",
        default="usable",
        required=True,
        help="Whether who no longer lives here may spend what is left. Notice §2.1 (R-004-13, A21).",
    )
    fraud_hold_hours = fields.Integer(
        "Hours of a block by the operator",
        default=72,
        required=True,
        help="A block for suspected abuse by the operator ends after so many hours, unless the municipality "
        "confirms it. Notice §1 (R-004-103, A21).",
    )

    _warning_range = models.Constraint(
        "CHECK (expiry_warning_days BETWEEN 0 AND 180)", "Households are warned 0 to 180 days before."
    )
    _hold_range = models.Constraint(
        "CHECK (fraud_hold_hours BETWEEN 1 AND 720)", "The operator's block lasts 1 to 720 hours."
    )
