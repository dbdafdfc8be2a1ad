from odoo import api, fields, models
from odoo.tools import SQL

SOON = 30


class FamilyCardProgram(models.Model):
    """The key figures of a programme, in one query (R-001-05, R-001-10, R-004-47)."""

    _inherit = "family.card.program"

    figure_credited = fields.Monetary("Credited so far", compute="_compute_figures")
    figure_spent = fields.Monetary("Spent", compute="_compute_figures")
    figure_expired = fields.Monetary("Expired", compute="_compute_figures")
    figure_residual = fields.Monetary("Left on the cards", compute="_compute_figures")
    figure_soon = fields.Monetary(
        "Expires within 30 days", compute="_compute_figures", help="What households lose unless they spend it."
    )
    figure_requests = fields.Integer("Requested cards", compute="_compute_figures")
    figure_active = fields.Integer("Active cards", compute="_compute_figures")
    figure_suspended = fields.Integer("Suspended cards", compute="_compute_figures")
    figure_no_credit = fields.Integer("Cards without new credit", compute="_compute_figures")
    figure_spent_share = fields.Float("Spent of the credited (%)", compute="_compute_figures")

    @api.depends("card_ids.state")
    def _compute_figures(self):
        self.env.flush_all()
        rows = self.env.execute_query_dict(
            SQL(
                """
                WITH cards AS (
                    SELECT program_id,
                           count(*) FILTER (WHERE state = 'draft') AS requests,
                           count(*) FILTER (WHERE state = 'active') AS active,
                           count(*) FILTER (WHERE state = 'suspended') AS suspended,
                           count(*) FILTER (WHERE credit_stopped AND state = 'active') AS no_credit
                      FROM family_card WHERE program_id = ANY(%(ids)s) GROUP BY program_id
                ), lots AS (
                    SELECT c.program_id, sum(l.remaining) AS residual,
                           sum(l.remaining) FILTER (
                               WHERE l.expires_at BETWEEN %(now)s AND %(now)s + make_interval(days => %(soon)s)
                           ) AS soon
                      FROM stored_value_lot l
                      JOIN stored_value_account a ON a.id = l.account_id
                      JOIN family_card c ON c.id = a.card_id
                     WHERE c.program_id = ANY(%(ids)s) AND l.remaining > 0 GROUP BY c.program_id
                ), entries AS (
                    SELECT c.program_id,
                           sum(e.amount) FILTER (WHERE e.kind IN ('credit', 'adjustment')) AS credited,
                           -sum(e.amount) FILTER (WHERE e.kind IN ('debit', 'give_back')) AS spent,
                           -sum(e.amount) FILTER (WHERE e.kind = 'expiry') AS expired
                      FROM stored_value_entry e
                      JOIN stored_value_account a ON a.id = e.account_id
                      JOIN family_card c ON c.id = a.card_id
                     WHERE c.program_id = ANY(%(ids)s) GROUP BY c.program_id
                )
                SELECT cards.*, lots.residual, lots.soon, entries.credited, entries.spent, entries.expired
                  FROM cards LEFT JOIN lots USING (program_id) LEFT JOIN entries USING (program_id)
                """,
                ids=self.ids,
                now=fields.Datetime.now(),
                soon=SOON,
            )
        )
        figures = {row["program_id"]: row for row in rows}
        names = ("credited", "spent", "expired", "residual", "soon", "requests", "active", "suspended", "no_credit")
        for program in self:
            row = figures.get(program.id, {})
            program.update({f"figure_{name}": row.get(name) or 0 for name in names})
            program.figure_spent_share = (
                100.0 * program.figure_spent / program.figure_credited if program.figure_credited else 0.0
            )

    def _figures_action(self, xmlid, **context):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(xmlid)
        return action | {"domain": [("program_id", "=", self.id)], "context": {"create": False, **context}}

    def action_view_movements(self):
        """Smart link: the programme's movements."""
        return self._figures_action("family_card.action_movement")

    def action_view_report(self):
        """Smart link: credited, spent and residual as a table."""
        return self._figures_action("family_card.action_movement_report")

    def action_view_expiring(self):
        """Smart link: what is left, by the month in which it expires."""
        return self._figures_action("family_card.action_movement_expiring")

    def action_view_expired(self):
        """Smart link: what expired."""
        return self._figures_action("family_card.action_movement_expired")

    def action_view_blocks(self):
        """Smart link: cards that are blocked."""
        return self._figures_action("family_card.action_block", search_default_open=1)

    def action_view_suspended(self):
        """Smart link: suspended cards."""
        return self._figures_action("family_card.action_family_card", search_default_suspended=1)
