from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools.misc import format_amount

KINDS = [
    ("suspicious", "Suspicious pattern"),
    ("reversed", "Reversal of an earlier month"),
    ("reversed_since", "Reversed since"),
    ("above", "High payment"),
    ("late", "Signed late"),
    ("no_iban", "No valid IBAN"),
    ("no_fiscal_code", "No fiscal code"),
    ("suspended", "Merchant suspended"),
    ("unbooked", "Not booked yet"),
]
#: these stand in the way of approval; the others ask for a look
STOPS = {"no_iban", "no_fiscal_code", "suspended", "unbooked"}


class SettlementException(models.Model):
    """Something about a statement that somebody should look at before it is paid (R-001-22, R-004-96). Found by the
    statement itself; who checks it says what came of it."""

    _name = "settlement.exception"
    _description = "Exception of a statement"
    _inherit = ["own.fields"]
    _order = "stops desc, statement_id desc, id"
    _rec_name = "reason"

    statement_id = fields.Many2one("merchant.statement", required=True, readonly=True, index=True, ondelete="cascade")
    merchant_id = fields.Many2one(related="statement_id.merchant_id", store=True, index=True)
    funder_id = fields.Many2one(related="statement_id.funder_id", store=True)
    month = fields.Date(related="statement_id.month", store=True)
    statement_state = fields.Selection(related="statement_id.state", string="State of the statement")
    company_id = fields.Many2one(related="statement_id.company_id", store=True, index=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    kind = fields.Selection(KINDS, required=True, readonly=True, index=True)
    stops = fields.Boolean(
        "Stands in the way", compute="_compute_stops", store=True, help="No approval until it is settled."
    )
    transaction_id = fields.Many2one("circuit.transaction", "Operation", readonly=True, ondelete="restrict")
    res_model = fields.Char(readonly=True)
    res_id = fields.Many2oneReference("Subject", model_field="res_model", readonly=True)
    amount = fields.Monetary(readonly=True)
    reason = fields.Char(compute="_compute_reason")
    note = fields.Char("Outcome", help="What was found out.")
    seen_by_id = fields.Many2one("res.users", "Seen by", readonly=True, ondelete="restrict")
    seen_at = fields.Datetime(readonly=True)
    settled_at = fields.Datetime(
        "Settled on", readonly=True, help="From then on there was nothing to look at any more."
    )

    _once = models.UniqueIndex(
        "(statement_id, kind, COALESCE(transaction_id, 0), COALESCE(res_id, 0))", "This exception is listed already."
    )

    def _own_fields(self):
        return super()._own_fields() | set(self._fields) - {"note"}

    def _own_refusal(self):
        return self.env._("Exceptions are found by the statement; write what came of them under Outcome.")

    @api.depends("kind")
    def _compute_stops(self):
        for row in self:
            row.stops = row.kind in STOPS

    @api.depends("kind", "amount", "transaction_id", "statement_id")
    @api.depends_context("lang")
    def _compute_reason(self):
        for row in self:
            row.reason = row._reason()

    def _reason(self):
        """What is the matter, in the reader's language.

        :return: str
        """
        self.ensure_one()
        words = {
            "amount": format_amount(self.env, self.amount, self.currency_id),
            "operation": self.transaction_id.reference or "",
            "merchant": self.merchant_id.name,
        }
        sentences = {
            "suspicious": lambda: self.env._("Payments of %(amount)s are part of a suspicious pattern.", **words),
            "reversed": lambda: self.env._("Operation %(operation)s takes back %(amount)s.", **words),
            "reversed_since": lambda: self.env._(
                "%(amount)s of operation %(operation)s went back after the month; a later statement takes it off.",
                **words,
            ),
            "above": lambda: self.env._("Operation %(operation)s paid %(amount)s.", **words),
            "late": lambda: self.env._("It was signed after the due day."),
            "no_iban": lambda: self.env._(
                "%(merchant)s has no bank account with a valid IBAN: enter it in its contact.", **words
            ),
            "no_fiscal_code": lambda: self.env._(
                "%(merchant)s has neither fiscal code nor VAT number: enter it in its contact.", **words
            ),
            "suspended": lambda: self.env._(
                "%(merchant)s is suspended: first look at its past charges and say that they may be paid.", **words
            ),
            "unbooked": lambda: self.env._("Operations of %(amount)s are not in the books yet.", **words),
        }
        return sentences[self.kind]()

    def _fact_key(self):
        """What makes it the same exception when the statement looks again.

        :return: tuple
        """
        self.ensure_one()
        return self.statement_id.id, self.kind, self.transaction_id.id or 0, self.res_id or 0

    def action_open(self):
        """Button: open what it is about.

        :return: dict, action
        """
        self.ensure_one()
        if self.kind == "unbooked":
            return self.statement_id.action_unbooked()
        model, record = self.res_model or "merchant.statement", self.res_id or self.statement_id.id
        if self.transaction_id:
            model, record = "circuit.transaction", self.transaction_id.id
        if model not in self.env:
            raise UserError(self.env._("What found this is not installed any more."))
        return {"type": "ir.actions.act_window", "res_model": model, "res_id": record, "view_mode": "form"}
