from odoo import fields, models

LINE_STATES = [
    ("planned", "To credit"),
    ("credited", "Credited"),
    ("already", "Credited before"),
    ("waiting", "Waiting list"),
    ("skipped", "Skipped"),
    ("revoked", "Taken back"),
]
LINE_REASONS = [
    ("draft", "Card not issued yet"),
    ("suspended", "Card suspended"),
    ("blocked", "No new credit: see the blocks of the card"),
    ("closed", "Card closed"),
    ("no_amount", "No yearly credit"),
    ("no_previous", "Nothing received in the earlier tranche"),
    ("no_scheme", "No account scheme for this kind of card"),
    ("before_first", "Before the card's first quarter"),
    ("expired", "The credit would already have expired"),
    ("check_failed", "A requirement is not met"),
    ("check_open", "A check is still open"),
    ("no_funds", "The funds do not suffice"),
]


class FamilyCardCreditRunLine(models.Model):
    """What a credit run is going to do, or did, for one card."""

    _name = "family.card.credit.run.line"
    _description = "Credit run line"
    _order = "state desc, card_id"
    _rec_name = "card_id"

    run_id = fields.Many2one("family.card.credit.run", required=True, readonly=True, index=True, ondelete="cascade")
    card_id = fields.Many2one("family.card", required=True, readonly=True, index=True, ondelete="cascade")
    holder_id = fields.Many2one(related="card_id.holder_id")
    currency_id = fields.Many2one(related="run_id.currency_id")
    state = fields.Selection(LINE_STATES, required=True, readonly=True)
    reason = fields.Selection(LINE_REASONS, readonly=True)
    detail = fields.Char("Why", readonly=True, help="The reason of the check that was not passed (R-004-24).")
    amount = fields.Monetary(readonly=True)

    _card_unique = models.UniqueIndex("(run_id, card_id)", "A card appears once in a run.")
    _planned_idx = models.Index("(run_id, card_id) WHERE state = 'planned'")
