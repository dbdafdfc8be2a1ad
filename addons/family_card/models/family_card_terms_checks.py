from datetime import date

from odoo import fields, models


class FamilyCardTerms(models.Model):
    """Which requirements are looked at, and how residence is measured (R-004-23 to R-004-27, A14)."""

    _inherit = "family.card.terms"

    check_residence = fields.Boolean(
        "Check the residence",
        default=True,
        help="Households must live in the municipality; the registry of residents tells. Notice §4 (R-004-10, R-004-23).",
    )
    check_taxes = fields.Boolean(
        "Check municipal taxes", default=True, help="Credit needs regular payment of taxes. Notice §4 (R-004-24)."
    )
    check_abode = fields.Boolean(
        "Check the habitual abode", default=True, help="Credit needs the habitual abode. Notice §4 (R-004-25)."
    )
    residence_rule = fields.Selection(
        [("cutoff", "Resident since the cut-off day"), ("quarter_end", "Resident at the end of the quarter before")],
        "Residence",
        default="cutoff",
        required=True,
        help="Who arrives after the cut-off day: never in this programme, or from the quarter after the arrival. "
        "Notice §4 (R-004-23, R-004-26, A14).",
    )
    residence_cutoff = fields.Date(
        "Residence cut-off day",
        help="Empty: the last day of the year before the programme's. Notice §4 (R-004-23).",
    )

    def _check_kinds(self):
        """Kinds of quarterly checks a credit needs.

        :return: list of kinds of family.card.check
        """
        self.ensure_one()
        return [kind for kind in ("residence", "taxes", "abode") if self[f"check_{kind}"]]

    def _residence_cutoff(self):
        """Day on which a household must have been resident (R-004-23).

        :return: date
        """
        self.ensure_one()
        return self.residence_cutoff or date(self.program_id.year - 1, 12, 31)
