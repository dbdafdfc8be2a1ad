from odoo import fields, models
from odoo.tools import SQL


class MerchantSettlementReport(models.Model):
    """Statements by macro-category: what shops were paid with, what was paid to them, and how long it took. One row per
    statement and macro-category; what a statement has once (its count, days, stamp duty) stands in the row of its first
    line, so that every measure adds up in every grouping (R-004-96 … R-004-98)."""

    _name = "merchant.settlement.report"
    _description = "Settlement by month and macro-category"
    _auto = False
    _order = "month desc, id desc"
    _rec_name = "statement_id"

    statement_id = fields.Many2one("merchant.statement", readonly=True)
    month = fields.Date(readonly=True, help="First day of the month.")
    merchant_id = fields.Many2one("res.partner", readonly=True)
    funder_id = fields.Many2one("circuit.funder", readonly=True)
    circuit_id = fields.Many2one("circuit.circuit", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    currency_id = fields.Many2one("res.currency", readonly=True)
    category_id = fields.Many2one("circuit.category", "Macro-category", readonly=True)
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
    late = fields.Boolean(readonly=True, help="Signed after the due day (R-004-98).")
    blocked = fields.Boolean(readonly=True)
    paid_on = fields.Date(readonly=True)
    statement_count = fields.Integer("Statements", readonly=True)
    late_count = fields.Integer("Late statements", readonly=True)
    transaction_count = fields.Integer("Number of transactions", readonly=True)
    charged = fields.Monetary(readonly=True, help="Payments of the month.")
    corrected = fields.Monetary(readonly=True, help="What went back in the month; negative.")
    carried = fields.Monetary("Carried in", readonly=True, help="What the month before left below zero; negative.")
    stamp = fields.Monetary("Stamp duty added", readonly=True, help="Stamp duty that the public body bears.")
    payable = fields.Monetary(
        "To pay", readonly=True, help="Charged, corrected, carried in and stamp duty; zero where it is carried over."
    )
    paid = fields.Monetary(readonly=True, help="To pay, of the statements that were paid.")
    unpaid = fields.Monetary("Not yet paid", readonly=True, help="To pay, of the statements that were not paid yet.")
    days_to_sign = fields.Integer(
        "Days to signature", readonly=True, aggregator="avg", help="From the end of the month to the signature."
    )
    days_to_pay = fields.Integer(
        "Days to payment", readonly=True, aggregator="avg", help="From the end of the month to the payment."
    )

    @property
    def _table_query(self):
        return SQL(
            """
            SELECT l.id, s.id AS statement_id, s.month, s.merchant_id, s.funder_id, s.circuit_id, s.company_id,
                   c.currency_id, l.category_id, s.state, s.late, s.paid_on, s.block_reason IS NOT NULL AS blocked,
                   own.first::int AS statement_count, (own.first AND s.late IS TRUE)::int AS late_count,
                   l.transaction_count, l.charged, l.corrected, l.carried, own.stamp, own.payable,
                   CASE WHEN s.state = 'paid' THEN own.payable ELSE 0 END AS paid,
                   CASE WHEN s.state = 'paid' THEN 0 ELSE own.payable END AS unpaid,
                   CASE WHEN own.first THEN (s.signed_at AT TIME ZONE 'UTC' AT TIME ZONE i.tz)::date - own.last_day END
                       AS days_to_sign,
                   CASE WHEN own.first AND s.state = 'paid' THEN s.paid_on - own.last_day END AS days_to_pay
              FROM merchant_statement s
              JOIN res_company c ON c.id = s.company_id
              JOIN circuit_circuit i ON i.id = s.circuit_id
              JOIN (SELECT statement_id, category_id, min(id) AS id, count(transaction_id) AS transaction_count,
                           coalesce(sum(amount) FILTER (WHERE kind = 'payment'), 0) AS charged,
                           coalesce(sum(amount) FILTER (WHERE kind = 'correction'), 0) AS corrected,
                           coalesce(sum(amount) FILTER (WHERE kind = 'carried'), 0) AS carried
                      FROM merchant_statement_line
                     GROUP BY statement_id, category_id) l ON l.statement_id = s.id
              LEFT JOIN LATERAL (SELECT f.category_id FROM merchant_statement_line f
                                  WHERE f.statement_id = s.id ORDER BY f.sequence LIMIT 1) main ON true
             CROSS JOIN LATERAL (
                    SELECT here.first, stamp.due AS stamp, (s.month + interval '1 month')::date - 1 AS last_day,
                           CASE WHEN s.state = 'carried' THEN 0
                                ELSE l.charged + l.corrected + l.carried + stamp.due END AS payable
                      FROM (SELECT l.category_id IS NOT DISTINCT FROM main.category_id AS first) here,
                   LATERAL (SELECT CASE WHEN here.first AND s.stamp_borne_by = 'body' AND s.state <> 'carried'
                                        THEN coalesce(s.stamp, 0) ELSE 0 END AS due) stamp) own
            """
        )

    def action_open(self):
        """Drill-down: the statement of this row.

        :return: action
        """
        self.ensure_one()
        return self.statement_id.get_formview_action()
