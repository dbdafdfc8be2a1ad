from odoo import _, api, fields, models
from odoo.tools.misc import format_amount

KINDS = [
    ("merchants", "Many shops within minutes"),
    ("split", "Purchase in pieces"),
    ("maximum", "Always the maximum"),
    ("household", "One household's cards at one shop"),
    ("failures", "Codes tried at a till"),
    ("night", "Payments at night"),
    ("refunds", "Many refunds"),
]

#: what the run and the buttons write; people write the outcome
OWN = {
    "kind",
    "subject",
    "circuit_id",
    "merchant_id",
    "terminal",
    "instrument_model",
    "instrument_id",
    "transaction_ids",
    "refusal_ids",
    "first_at",
    "last_at",
    "figures",
    "score",
    "state",
    "user_id",
    "decided_by",
    "decided_at",
}


class CircuitReviewCase(models.Model):
    """A pattern that somebody should look at. It accuses nobody: an officer clears or confirms it."""

    _name = "circuit.review.case"
    _description = "Suspicious pattern"
    _inherit = ["own.fields", "mail.thread", "mail.activity.mixin"]
    _order = "score desc, last_at desc, id desc"

    kind = fields.Selection(KINDS, string="Pattern", required=True, readonly=True, index=True)
    subject = fields.Char(required=True, readonly=True, help="Who and where, as the rules name it.")
    circuit_id = fields.Many2one("circuit.circuit", required=True, readonly=True, index=True, ondelete="restrict")
    company_id = fields.Many2one(related="circuit_id.company_id", store=True, index=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    merchant_id = fields.Many2one("res.partner", readonly=True, index="btree_not_null", ondelete="restrict")
    agreement_id = fields.Many2one("circuit.agreement", compute="_compute_agreement_id")
    terminal = fields.Char("Till", readonly=True)
    instrument_model = fields.Char(readonly=True)
    instrument_id = fields.Many2oneReference(model_field="instrument_model", readonly=True)
    holder_mask = fields.Char(
        "Holder",
        compute="_compute_facts",
        store=True,
        help="Fiscal code with its middle hidden, where one card is meant.",
    )
    transaction_ids = fields.Many2many(
        "circuit.transaction",
        "circuit_review_case_transaction_rel",
        "case_id",
        "transaction_id",
        readonly=True,
        string="Payments",
    )
    refusal_ids = fields.Many2many(
        "circuit.refusal", "circuit_review_case_refusal_rel", "case_id", "refusal_id", readonly=True, string="Refusals"
    )
    fact_count = fields.Integer("Facts", compute="_compute_facts", store=True, help="Payments, refunds and refusals.")
    amount = fields.Monetary(compute="_compute_facts", store=True, help="What the cards paid in these payments.")
    first_at = fields.Datetime("From", required=True, readonly=True)
    last_at = fields.Datetime("Until", required=True, readonly=True)
    figures = fields.Json(readonly=True)
    reason = fields.Text(compute="_compute_reason")
    score = fields.Integer(readonly=True, aggregator="avg", help="50: just at the limit. 100: twice the limit or more.")
    state = fields.Selection(
        [("new", "New"), ("review", "Under review"), ("cleared", "Cleared"), ("confirmed", "Confirmed")],
        required=True,
        readonly=True,
        default="new",
        copy=False,
        index=True,
        tracking=True,
        group_expand=True,
    )
    user_id = fields.Many2one("res.users", string="Looked at by", readonly=True, copy=False, tracking=True)
    note = fields.Text("Outcome", copy=False, help="What was found out. Needed to clear or confirm.")
    decided_by = fields.Many2one("res.users", readonly=True, copy=False)
    decided_at = fields.Datetime(readonly=True, copy=False)
    can_block = fields.Boolean(compute="_compute_can_block")

    _one_open = models.UniqueIndex(
        "(circuit_id, subject) WHERE state IN ('new', 'review')", "There is an open case of this already."
    )

    def _own_fields(self):
        """What the run and the buttons write."""
        return OWN

    @api.depends("merchant_id", "circuit_id")
    def _compute_agreement_id(self):
        for case in self:
            case.agreement_id = self.env["circuit.agreement"].search(
                [
                    ("merchant_id", "=", case.merchant_id.id),
                    ("circuit_id", "=", case.circuit_id.id),
                    ("state", "=", "active"),
                ],
                limit=1,
            )

    @api.depends("transaction_ids", "refusal_ids")
    def _compute_facts(self):
        for case in self:
            masks = set(case.transaction_ids.mapped("holder_mask"))
            case.holder_mask = masks.pop() if case.instrument_id and len(masks) == 1 else False
            case.fact_count = len(case.transaction_ids) + len(case.refusal_ids)
            case.amount = sum(case.transaction_ids.filtered(lambda row: row.kind == "payment").mapped("amount"))

    @api.depends("kind", "merchant_id", "holder_mask", "terminal")
    @api.depends_context("lang")
    def _compute_display_name(self):
        names = dict(self._fields["kind"]._description_selection(self.env))
        for case in self:
            who = case.merchant_id.display_name or case.holder_mask or ""
            case.display_name = f"{names.get(case.kind, '')}: {who}" if who else names.get(case.kind, "")

    @api.depends("kind", "figures")
    @api.depends_context("lang")
    def _compute_reason(self):
        for case in self:
            case.reason = case._sentence()

    def _sentence(self):
        """Why this case is listed, with its figures.

        :return: str in the user's language
        """
        self.ensure_one()
        figures = dict(self.figures or {})
        for name in ("total", "minimum"):
            if name in figures:
                figures[name] = format_amount(self.env, float(figures[name]), self.currency_id)
        sentences = {
            "merchants": _(
                "One card paid at %(merchants)s different shops within %(minutes)s minutes (%(count)s payments)."
            ),
            "split": _(
                "One card made %(count)s purchases at this shop within %(minutes)s minutes, each barely above the minimum"
                " of %(minimum)s: %(total)s together."
            ),
            "maximum": _(
                "%(count)s payments at this shop within %(days)s days took all that was left on the account, with"
                " %(cards)s cards: %(share)s%% of its payments in that time."
            ),
            "household": _(
                "%(cards)s cards of one household were used together at this shop %(times)s times within %(days)s days:"
                " %(total)s."
            ),
            "failures": _(
                "%(count)s failed attempts at one till within %(minutes)s minutes, %(unknown)s of them with cards that do"
                " not exist; %(paid)s payments in the same time."
            ),
            "night": _("%(count)s payments at night within %(days)s days, with %(cards)s cards."),
            "refunds": _(
                "%(count)s refunds within %(days)s days, to %(cards)s cards: %(share)s%% of all payments and refunds of"
                " this shop in that time."
            ),
        }
        return sentences[self.kind] % figures if self.kind else ""

    def _compute_can_block(self):
        for case in self:
            case.can_block = any(self.env[name]._circuit_may_block() for name in case._instruments())

    def _instruments(self):
        """Cards a case is about: that card, or those of the household; not every card that was used at a shop.

        :return: dict of model name to ids
        """
        self.ensure_one()
        if self.kind == "household":
            rows = [(row.instrument_model, row.instrument_id) for row in self.transaction_ids]
        else:
            rows = [(self.instrument_model, self.instrument_id)]
        cards = {}
        for model, instrument in rows:
            if model and instrument and model in self.env:
                cards.setdefault(model, set()).add(instrument)
        return {model: sorted(ids) for model, ids in cards.items()}
