from odoo import fields, models


class FamilyCardTerms(models.Model):
    """How a credit run is guarded (R-001-24, V5)."""

    _inherit = "family.card.terms"

    budget_guard = fields.Boolean(
        "Credit only what the funds cover",
        default=True,
        help="Nothing is credited beyond the sources of funds that are available. Notice §7 (R-004-06, R-001-24).",
    )
    on_exhaustion = fields.Selection(
        [("block", "Block the run"), ("waiting_list", "Waiting list in order of arrival")],
        "When the funds do not suffice",
        default="block",
        required=True,
        help="Nobody is credited until the funds suffice, or requests are served in order of arrival and the rest "
        "waits. Notice §7 (R-004-06, R-001-24, example V5).",
    )
    four_eyes = fields.Boolean(
        "Two persons for a credit run",
        default=True,
        help="Whoever confirms a run is not the one who prepared it. Notice §4 (R-004-49).",
    )
    variation_credit_carry_over = fields.Boolean(
        "Credit of the quarter of a change carries over",
        default=True,
        help="Off: what was credited for the quarter in which the yearly credit changed is lost at its end. "
        "Notice §4 (R-004-53, A15).",
    )
