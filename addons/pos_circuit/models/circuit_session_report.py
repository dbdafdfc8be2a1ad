from odoo import api, fields, models
from odoo.tools import SQL


class CircuitSessionReport(models.Model):
    _inherit = "circuit.session.report"

    pos_session_id = fields.Many2one("pos.session", string="POS session", readonly=True)
    pos_amount = fields.Monetary("Paid by card in POS", readonly=True, help="Card payments of the session's orders.")
    difference = fields.Monetary(
        readonly=True,
        help="Card payments of the session's orders less what was captured and not refunded. Anything but zero: call"
        " who looks after the system.",
    )

    @api.model
    def _report_select(self):
        """Add the session of Odoo POS and what its orders say was paid by card."""
        paid = SQL(
            """(SELECT coalesce(sum(p.amount), 0) FROM pos_payment p
                JOIN pos_payment_method m ON m.id = p.payment_method_id AND m.use_payment_terminal = 'circuit'
                LEFT JOIN circuit_transaction q ON q.id = p.circuit_transaction_id
                LEFT JOIN circuit_agreement qa ON qa.id = q.agreement_id
                WHERE p.session_id = ps.id AND (q.id IS NULL OR qa.circuit_id IS NOT DISTINCT FROM a.circuit_id))"""
        )
        captured = SQL(
            """coalesce(sum(CASE WHEN t.kind = 'refund' THEN -t.amount ELSE t.amount END)
                FILTER (WHERE t.state = 'captured'), 0)"""
        )
        return SQL(
            "%s, ps.id AS pos_session_id, CASE WHEN ps.id IS NOT NULL THEN %s END AS pos_amount,"
            " CASE WHEN ps.id IS NOT NULL THEN %s - %s END AS difference",
            super()._report_select(),
            paid,
            paid,
            captured,
        )

    @api.model
    def _report_closed(self):
        """A session of Odoo POS says itself whether it is closed."""
        return SQL("coalesce(ps.state = 'closed', %s)", super()._report_closed())

    @api.model
    def _report_from(self):
        """Join the session of Odoo POS."""
        return SQL(
            "%s LEFT JOIN pos_session ps ON t.channel = 'pos' AND t.session_ref = 'pos.session,' || ps.id",
            super()._report_from(),
        )

    @api.model
    def _report_group(self):
        """One row per session of Odoo POS."""
        return SQL("%s, ps.id", super()._report_group())
