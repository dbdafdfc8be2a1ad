from odoo import fields, models


class FamilyCardProgram(models.Model):
    """What is printed: the nominative card and the letter that goes with it (R-004-14, R-004-105)."""

    _inherit = "family.card.program"

    card_lists_members = fields.Boolean(
        "Members on the card",
        default=True,
        help="Print the household on the back of the card: any of them may use it. Notice §2.2 (R-004-16).",
    )
    letter_text = fields.Html(
        translate=True,
        help="Text of the letter that goes with the card; empty: a short one. Notice §3 (R-004-105).",
    )
    signatory_name = fields.Char("Signed by", help="Name under the letter. Notice, closing (R-004-105).")
    signatory_role = fields.Char(
        "Role of the signatory", help="E.g. Responsabile dell'Area Amministrativa. Notice, closing (R-004-105)."
    )
    closing_formula = fields.Char(
        default="Firma autografa sostituita a mezzo stampa ex art. 3, c. 2, D.lgs. 39/93",
        help="Printed under the name in place of a signature; empty: a line to sign on. Notice, closing (R-004-105).",
    )
