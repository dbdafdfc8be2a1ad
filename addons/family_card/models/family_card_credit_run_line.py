from odoo import fields, models


class FamilyCardCreditRunLine(models.Model):
    """What a credit run did for one card."""

    _name = "family.card.credit.run.line"
    _description = "Credit run line"
    _order = "state desc, card_id"
    _rec_name = "card_id"

    run_id = fields.Many2one("family.card.credit.run", required=True, readonly=True, index=True, ondelete="cascade")
    card_id = fields.Many2one("family.card", required=True, readonly=True, index=True, ondelete="cascade")
    holder_id = fields.Many2one(related="card_id.holder_id")
    currency_id = fields.Many2one(related="run_id.currency_id")
    state = fields.Selection(
        [("credited", "Credited"), ("already", "Credited before"), ("skipped", "Skipped")], required=True, readonly=True
    )
    reason = fields.Selection(
        [
            ("draft", "Card not issued yet"),
            ("suspended", "Card suspended"),
            ("blocked", "No new credit: see the blocks of the card"),
            ("closed", "Card closed"),
            ("no_amount", "No yearly credit"),
            ("no_scheme", "No account scheme for this kind of card"),
            ("before_first", "Before the card's first quarter"),
            ("expired", "The credit would already have expired"),
        ],
        readonly=True,
    )
    amount = fields.Monetary(readonly=True)

    _card_unique = models.UniqueIndex("(run_id, card_id)", "A card appears once in a run.")
