from odoo import api, fields, models
from odoo.tools import SQL


class CircuitSessionReport(models.Model):
    """What became of the authorisations of each session: a session of Odoo POS, or the day of a web till or key."""

    _name = "circuit.session.report"
    _description = "Card payments by session"
    _auto = False
    _order = "last_at desc"
    _rec_name = "session_ref"

    merchant_id = fields.Many2one("res.partner", readonly=True)
    circuit_id = fields.Many2one("circuit.circuit", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    channel = fields.Selection(
        [("pos", "Odoo POS"), ("web", "Web till"), ("api", "API"), ("staff", "Staff")], readonly=True
    )
    session_ref = fields.Char("Session", readonly=True)
    session_closed = fields.Boolean("Closed", readonly=True, help="The session was closed, or its day is over.")
    first_at = fields.Datetime("First payment", readonly=True)
    last_at = fields.Datetime("Last payment", readonly=True)
    open_count = fields.Integer("Open", readonly=True, help="Authorised, neither confirmed nor given back yet.")
    open_amount = fields.Monetary("Open amount", readonly=True)
    open_since = fields.Datetime("Oldest open", readonly=True, help="When the oldest open one was authorised.")
    captured_count = fields.Integer("Captured", readonly=True)
    captured_amount = fields.Monetary("Captured amount", readonly=True)
    expired_count = fields.Integer("Expired", readonly=True, help="Nobody confirmed them in time: given back.")
    expired_amount = fields.Monetary("Expired amount", readonly=True)
    voided_count = fields.Integer("Voided", readonly=True)
    voided_amount = fields.Monetary("Voided amount", readonly=True)
    refunded_count = fields.Integer("Refunded", readonly=True)
    refunded_amount = fields.Monetary("Refunded amount", readonly=True)
    net_amount = fields.Monetary("Net", readonly=True, help="Captured less refunded: what the shop is owed.")
    left_open = fields.Boolean(
        "Open after closing", readonly=True, help="The session is over and holds are still open."
    )

    @property
    def _table_query(self):
        return SQL(
            "SELECT *, s.session_closed AND s.open_count > 0 AS left_open FROM (SELECT %s FROM %s GROUP BY %s) s",
            self._report_select(),
            self._report_from(),
            self._report_group(),
        )

    @api.model
    def _report_select(self):
        """Columns of the report.

        :return: SQL
        """
        totals = [
            SQL("min(t.id) AS id, t.merchant_id, a.circuit_id, t.company_id, t.channel, t.session_ref"),
            SQL("min(t.authorized_at) AS first_at, max(t.authorized_at) AS last_at"),
            SQL("min(t.authorized_at) FILTER (WHERE t.state = 'authorized') AS open_since"),
            SQL(
                "coalesce(sum(CASE WHEN t.kind = 'refund' THEN -t.amount ELSE t.amount END)"
                " FILTER (WHERE t.state = 'captured'), 0) AS net_amount"
            ),
            SQL("%s AS session_closed", self._report_closed()),
        ]
        for name, condition in (
            ("open", SQL("t.state = 'authorized'")),
            ("captured", SQL("t.state = 'captured' AND t.kind = 'payment'")),
            ("expired", SQL("t.state = 'expired'")),
            ("voided", SQL("t.state = 'voided'")),
            ("refunded", SQL("t.state = 'captured' AND t.kind = 'refund'")),
        ):
            totals.append(
                SQL(
                    "count(*) FILTER (WHERE %(condition)s) AS %(count)s,"
                    " coalesce(sum(t.amount) FILTER (WHERE %(condition)s), 0) AS %(amount)s",
                    condition=condition,
                    count=SQL.identifier(f"{name}_count"),
                    amount=SQL.identifier(f"{name}_amount"),
                )
            )
        return SQL(", ").join(totals)

    @api.model
    def _report_closed(self):
        """Whether a session is over: the day at the end of its name is, in the circuit's zone.

        :return: SQL, an aggregate
        """
        return SQL(
            "coalesce(bool_and(substring(t.session_ref from ',(\\d{4}-\\d{2}-\\d{2})$')"
            " < to_char(now() AT TIME ZONE coalesce(c.tz, 'Europe/Rome'), 'YYYY-MM-DD')), false)"
        )

    @api.model
    def _report_from(self):
        """Tables of the report.

        :return: SQL
        """
        return SQL(
            "circuit_transaction t LEFT JOIN circuit_agreement a ON a.id = t.agreement_id"
            " LEFT JOIN circuit_circuit c ON c.id = a.circuit_id"
        )

    @api.model
    def _report_group(self):
        """What makes a row: a shop, a circuit and a session.

        :return: SQL
        """
        return SQL("t.merchant_id, a.circuit_id, t.company_id, t.channel, t.session_ref")

    def action_transactions(self):
        """Button: the transactions of this session."""
        self.ensure_one()
        return {
            **self.env["ir.actions.act_window"]._for_xml_id("merchant_circuit.action_transaction"),
            "domain": [
                ("merchant_id", "=", self.merchant_id.id),
                ("channel", "=", self.channel),
                ("session_ref", "=", self.session_ref),
                ("agreement_id.circuit_id", "=", self.circuit_id.id),
            ],
        }
