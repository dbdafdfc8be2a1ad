from odoo import fields, models


class FamilyCardTerms(models.Model):
    """How fast a PIN may be tried, and what may take its place (R-004-71, R-004-74)."""

    _inherit = "family.card.terms"

    pin_delay_seconds = fields.Integer(
        "Wait after wrong PINs (s)",
        default=30,
        required=True,
        help="After the second wrong PIN in a row the card takes none for so many seconds; the first costs nothing."
        " 0: no wait at the tills; the balance page, which has no limit of tries, then waits 30 seconds."
        " Notice §2.2 (R-004-74).",
    )
    pin_delay_factor = fields.Integer(
        "Growth of the wait",
        default=4,
        required=True,
        help="Each further wrong PIN makes the wait so many times longer, up to a day: with 30 and 4 it is 30 seconds,"
        " 2 minutes, 8 minutes … Notice §2.2 (R-004-74).",
    )
    one_time_code = fields.Boolean(
        "One-time code",
        default=True,
        help="Citizens may show a QR code of the reserved area instead of typing the PIN at the counter; it pays once"
        " and soon ends. Notice §3 (R-004-71, R-004-74).",
    )
    one_time_seconds = fields.Integer(
        "One-time code ends after (s)",
        default=60,
        required=True,
        help="How long a one-time code can be used. Notice §3 (R-004-74).",
    )
    one_time_documents = fields.Boolean(
        "One-time code instead of the documents",
        help="Whether the one-time code also spares the health card and the identity document. Off: where the notice"
        " asks for the documents, they are looked at with the code as well. Notice §3 (R-004-71; R-001-12, B09).",
    )

    _pin_delay_range = models.Constraint(
        "CHECK (pin_delay_seconds BETWEEN 0 AND 3600)", "The wait after wrong PINs lies between 0 and 3600 seconds."
    )
    _pin_factor_range = models.Constraint("CHECK (pin_delay_factor BETWEEN 1 AND 10)", "The wait grows 1 to 10 times.")
    _one_time_range = models.Constraint(
        "CHECK (one_time_seconds BETWEEN 30 AND 600)", "A one-time code can be used for 30 to 600 seconds."
    )

    def _code_seconds(self):
        """How long a one-time code can be used, s; 0 where it is not offered or would spare the citizen nothing."""
        self.ensure_one()
        spares = self.check_pin or self.one_time_documents
        return self.one_time_seconds if self.one_time_code and spares else 0
