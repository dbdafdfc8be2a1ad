from odoo import api, fields, models
from odoo.exceptions import ValidationError

from odoo.addons.stored_value.tools import to_decimal


class SettlementTerms(models.Model):
    """How the shops of a funder are reimbursed, from a day on (R-001-18, R-004-96 … R-004-98, A24). The terms of a
    statement are those in force on the last day of its month."""

    _name = "settlement.terms"
    _description = "Settlement terms"
    _inherit = ["mail.thread"]
    _order = "funder_id, valid_from desc"
    _rec_name = "valid_from"

    funder_id = fields.Many2one("circuit.funder", required=True, index=True, ondelete="cascade", tracking=True)
    company_id = fields.Many2one(related="funder_id.company_id", store=True, index=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    valid_from = fields.Date(required=True, tracking=True, help="First day on which these terms apply.")
    act = fields.Char(tracking=True, help="Act that sets them.")
    department = fields.Char(
        "Paying department", tracking=True, help="Printed on statements and payment lists, e.g. Welfare (R-001-18)."
    )
    statement_due_day = fields.Integer(
        "Signed statement due on day",
        default=5,
        required=True,
        tracking=True,
        help="Day of the following month by which the merchant hands in the signed statement; later ones are marked"
        " late. Notice §6 “entro i primi giorni del mese successivo” (R-004-98, A24).",
    )
    reminder_days = fields.Integer(
        "Remind every (days)",
        default=5,
        required=True,
        help="From the due day on, the merchant is reminded so often until the statement is signed; 0: never.",
    )
    payment_days = fields.Integer(
        "Payment term (days)",
        default=30,
        required=True,
        tracking=True,
        help="Days from the signed statement to the due date of its bill (A24).",
    )
    hold_days = fields.Integer(
        "Wait before paying (days)",
        default=0,
        required=True,
        tracking=True,
        help="For so many days after the end of the month a transaction can still be reversed by the office before"
        " its statement may be paid.",
    )
    stamp_borne_by = fields.Selection(
        [("merchant", "Merchant"), ("body", "Public body")],
        "Stamp duty borne by",
        default="merchant",
        required=True,
        tracking=True,
        help="Who bears the stamp duty of a statement above the threshold. Where it is the public body, it is added"
        " to the payment (example N3).",
    )
    signature = fields.Selection(
        [
            ("any", "Signed file or code by SMS"),
            ("file", "Signed file"),
            ("code", "Code by SMS"),
            ("paper", "Any of them, or a scan of the paper"),
        ],
        default="any",
        required=True,
        tracking=True,
        help="How the merchant signs the statement. Reimbursement needs a signed statement (R-004-97).",
    )
    four_eyes_above = fields.Monetary(
        "Two people above",
        default=0,
        tracking=True,
        help="Above this amount who approves a statement must be somebody else than who checked it; 0: always.",
    )
    review_above = fields.Monetary(
        "Look at payments above",
        default=500,
        tracking=True,
        help="A single payment above this amount is listed among the exceptions of its statement.",
    )
    cup = fields.Char("CUP", help="Code of the public project, where there is one.")
    cig = fields.Char("CIG", help="Not needed for direct aid (ANAC resolution 313/2020); empty where there is none.")
    share_ids = fields.One2many(
        "settlement.terms.share",
        "terms_id",
        "Fixed shares of the sources",
        help="Empty: every amount is split by the sources of the very credit that was spent (R-001-05, example N7).",
    )

    _one_a_day = models.UniqueIndex("(funder_id, valid_from)", "There are other terms from this day on.")
    _due_day = models.Constraint("CHECK (statement_due_day BETWEEN 1 AND 28)", "The due day is between 1 and 28.")
    _days = models.Constraint(
        "CHECK (payment_days >= 0 AND hold_days >= 0 AND reminder_days >= 0)", "Days cannot be negative."
    )

    @api.constrains("share_ids")
    def _check_shares(self):
        """Fixed shares make up the whole (R-001-05).

        :raise ValidationError: they do not
        """
        for terms in self:
            total = sum(to_decimal(share.percent) for share in terms.share_ids)
            if terms.share_ids and total != 100:
                raise ValidationError(
                    self.env._("The fixed shares of the sources sum to %(total)s %%: make them 100 %%.", total=total)
                )
