from odoo import api, fields, models

from .family_card_credit_run_line import LINE_REASONS


class FamilyCardCreditRunTotal(models.Model):
    """A total of a credit run: by account, by source of funds, or by reason why nothing is credited."""

    _name = "family.card.credit.run.total"
    _description = "Total of a credit run"
    _order = "kind, id"
    _rec_name = "label"

    run_id = fields.Many2one("family.card.credit.run", required=True, readonly=True, index=True, ondelete="cascade")
    currency_id = fields.Many2one(related="run_id.currency_id")
    kind = fields.Selection(
        [("account", "Account"), ("fund", "Source of funds"), ("reason", "Reason")], required=True, readonly=True
    )
    account_code = fields.Char("Account", readonly=True)
    fund_id = fields.Many2one("family.card.fund", readonly=True, index="btree_not_null", ondelete="cascade")
    reason = fields.Selection(LINE_REASONS, readonly=True)
    label = fields.Char(compute="_compute_label")
    card_count = fields.Integer("Cards", readonly=True)
    amount = fields.Monetary(readonly=True)

    @api.depends("kind", "account_code", "fund_id.name", "reason")
    def _compute_label(self):
        reasons = dict(self._fields["reason"]._description_selection(self.env))
        for total in self:
            if total.kind == "reason":
                total.label = reasons.get(total.reason) or self.env._("Credited before")
            elif total.kind == "fund":
                total.label = total.fund_id.name or self.env._("No source recorded")
            else:
                total.label = total.account_code
