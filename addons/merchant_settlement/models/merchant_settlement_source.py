from odoo import fields, models
from odoo.tools import SQL


class MerchantSettlementSource(models.Model):
    """Where the money of the statements comes from: what each source of funds pays, month by month (R-001-05). What is
    carried over counts in the statement it is taken from."""

    _name = "merchant.settlement.source"
    _description = "Settlement by source of funds"
    _auto = False
    _order = "month desc, id desc"
    _rec_name = "statement_id"

    statement_id = fields.Many2one("merchant.statement", readonly=True)
    month = fields.Date(readonly=True, help="First day of the month.")
    merchant_id = fields.Many2one("res.partner", readonly=True)
    funder_id = fields.Many2one("circuit.funder", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    currency_id = fields.Many2one("res.currency", readonly=True)
    fund_id = fields.Many2one("family.card.fund", "Source", readonly=True, help="Empty: the credit names no source.")
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
    state = fields.Selection(
        [
            ("draft", "To send"),
            ("sent", "To be signed"),
            ("signed", "To check"),
            ("checked", "To approve"),
            ("approved", "To pay"),
            ("paying", "In a payment list"),
            ("paid", "Paid"),
            ("carried", "Carried over"),
        ],
        readonly=True,
    )
    amount = fields.Monetary(readonly=True, help="Part of the statements that this source pays.")
    paid = fields.Monetary(readonly=True, help="Of the statements that were paid.")

    @property
    def _table_query(self):
        return SQL(
            """
            SELECT p.id, s.id AS statement_id, s.month, s.merchant_id, s.funder_id, s.company_id, c.currency_id,
                   p.fund_id, f.kind, s.state, p.amount,
                   CASE WHEN s.state = 'paid' THEN p.amount ELSE 0 END AS paid
              FROM merchant_statement_source p
              JOIN merchant_statement s ON s.id = p.statement_id
              JOIN res_company c ON c.id = s.company_id
              LEFT JOIN family_card_fund f ON f.id = p.fund_id
             WHERE s.state <> 'carried'
            """
        )

    def action_open(self):
        """Drill-down: the statement of this row.

        :return: action
        """
        self.ensure_one()
        return self.statement_id.get_formview_action()
