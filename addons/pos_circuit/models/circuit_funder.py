from odoo import models
from odoo.tools import SQL


class CircuitFunder(models.Model):
    _inherit = "circuit.funder"

    def _transactions_where(self, now):
        """Leave the payments of open sessions to their closing, but for those of a month that is over: statements
        need them in the books."""
        return SQL(
            """%s AND NOT (t.channel = 'pos'
                AND t.captured_at >= date_trunc('month', %s::timestamp AT TIME ZONE 'UTC' AT TIME ZONE %s)
                                     AT TIME ZONE %s AT TIME ZONE 'UTC'
                AND EXISTS (SELECT 1 FROM pos_session s
                             WHERE s.state <> 'closed' AND t.session_ref = 'pos.session,' || s.id))""",
            super()._transactions_where(now),
            now,
            self.circuit_id.tz,
            self.circuit_id.tz,
        )
