from odoo import fields, models
from odoo.tools import SQL


class MerchantSettlementFund(models.Model):
    """What became of each source of funds, to the euro that reached a shop's account, and what is left of it
    (R-001-05, R-001-24)."""

    _name = "merchant.settlement.fund"
    _description = "Residue of the sources of funds"
    _auto = False
    _order = "program_id, sequence, id"
    _rec_name = "fund_id"

    fund_id = fields.Many2one("family.card.fund", "Source", readonly=True)
    sequence = fields.Integer(readonly=True)
    program_id = fields.Many2one("family.card.program", "Programme", readonly=True)
    funder_id = fields.Many2one("circuit.funder", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    currency_id = fields.Many2one("res.currency", readonly=True)
    kind = fields.Selection(
        [
            ("state", "State"),
            ("region", "Region"),
            ("royalties", "Oil royalties"),
            ("donor", "Private donor"),
            ("own", "Own budget"),
        ],
        "Kind of source",
        readonly=True,
    )
    available = fields.Boolean(readonly=True)
    amount = fields.Monetary(readonly=True)
    credited = fields.Monetary(readonly=True, help="Credits given from this source.")
    residual = fields.Monetary("Still to credit", readonly=True, help="Amount less what was credited.")
    on_cards = fields.Monetary("Left on cards", readonly=True, help="Credited and not yet spent.")
    expired = fields.Monetary(readonly=True, help="Credited and not spent in time.")
    spent = fields.Monetary(readonly=True, help="Part of those credits spent in the shops (R-001-05).")
    settled = fields.Monetary("In statements", readonly=True, help="Of what was spent: in the shops' statements.")
    paid = fields.Monetary(readonly=True, help="Of what was spent: paid to the shops.")
    owed = fields.Monetary("Spent, not paid yet", readonly=True, help="What the shops are still owed from this source.")

    @property
    def _table_query(self):
        return SQL(
            """
            SELECT f.id, f.id AS fund_id, f.sequence, f.program_id, p.funder_id, f.company_id, c.currency_id, f.kind,
                   f.available, f.amount, lots.credited, f.amount - lots.credited AS residual, lots.on_cards,
                   lots.credited - moved.spent - lots.on_cards AS expired, moved.spent, shops.settled, shops.paid,
                   moved.spent - shops.paid AS owed
              FROM family_card_fund f
              JOIN family_card_program p ON p.id = f.program_id
              JOIN res_company c ON c.id = f.company_id
             CROSS JOIN LATERAL (
                    SELECT coalesce(sum(l.amount) FILTER (WHERE l.revoked IS NOT TRUE), 0) AS credited,
                           coalesce(sum(l.remaining), 0) AS on_cards
                      FROM stored_value_lot l WHERE l.fund_id = f.id) lots
             CROSS JOIN LATERAL (
                    SELECT coalesce(-sum(e.amount), 0) AS spent
                      FROM stored_value_lot l JOIN stored_value_entry e ON e.lot_id = l.id
                     WHERE l.fund_id = f.id AND e.kind IN ('debit', 'give_back')) moved
             CROSS JOIN LATERAL (
                    SELECT coalesce(sum(o.amount), 0) AS settled,
                           coalesce(sum(o.amount) FILTER (WHERE s.state = 'paid'), 0) AS paid
                      FROM merchant_statement_source o JOIN merchant_statement s ON s.id = o.statement_id
                     WHERE o.fund_id = f.id AND s.state <> 'carried') shops
            """
        )

    def action_statements(self):
        """Drill-down: the statements that this source pays for.

        :return: action
        """
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("merchant_settlement.action_settlement_source")
        return action | {"domain": [("fund_id", "=", self.fund_id.id)], "context": {}}
