from odoo import fields, models


class SettlementTerms(models.Model):
    """What a signature must be worth (R-004-97)."""

    _inherit = "settlement.terms"

    expired_certificate = fields.Selection(
        [("refuse", "Refuse the file"), ("note", "Take it and tell the office")],
        "Expired certificate",
        default="refuse",
        required=True,
        tracking=True,
        help="What happens to a file signed with a certificate that was not valid at that time. In law such a signature"
        " counts as none (CAD art. 24 c. 4-bis). The time is that of a trusted time stamp, else the arrival of the file"
        " (R-004-97).",
    )
    untrusted_signer = fields.Selection(
        [("note", "Take the file and tell the office"), ("refuse", "Refuse the file")],
        "Issuer not on the list",
        default="note",
        required=True,
        tracking=True,
        help="What happens to an intact signature whose certificate was not issued by one of the certification"
        " authorities under Configuration. As long as that list is empty nobody's identity can be proved (R-004-97).",
    )
    code_minutes = fields.Integer(
        "Code by SMS ends after (min)",
        default=10,
        required=True,
        help="How long a code that signs a statement can be used (R-004-97).",
    )
    code_tries = fields.Integer(
        "Tries for a code", default=5, required=True, help="So many wrong codes and a new one is needed (R-004-97)."
    )

    _code_range = models.Constraint(
        "CHECK (code_minutes BETWEEN 1 AND 60 AND code_tries BETWEEN 1 AND 10)",
        "A code lasts 1 to 60 minutes and can be tried 1 to 10 times.",
    )
