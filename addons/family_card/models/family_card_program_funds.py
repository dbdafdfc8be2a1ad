from decimal import Decimal

from odoo import api, fields, models
from odoo.tools import SQL


class FamilyCardProgram(models.Model):
    """The funds of a programme and what they still cover (R-001-05, R-001-10, R-001-24)."""

    _inherit = "family.card.program"

    fund_ids = fields.One2many("family.card.fund", "program_id", string="Sources of funds")
    fund_total = fields.Monetary("Funds", compute="_compute_fund_figures", help="All sources together.")
    credited_total = fields.Monetary(
        "Credited", compute="_compute_fund_figures", help="All periods and tranches together (R-001-10)."
    )

    @api.depends("fund_ids.amount")
    def _compute_fund_figures(self):
        self.env.flush_all()
        rows = dict(
            self.env.execute_query(
                SQL(
                    """
                    SELECT p.program_id, sum(l.amount)::text
                      FROM stored_value_lot l JOIN family_card_period p ON p.id = l.period_id
                     WHERE p.program_id = ANY(%s) AND l.revoked IS NOT TRUE GROUP BY p.program_id
                    """,
                    self.ids,
                )
            )
        )
        for program in self:
            program.fund_total = sum(program.fund_ids.mapped("amount"))
            program.credited_total = float(rows.get(program.id, 0))

    def _lock_funds(self):
        """Hold the programme's funds still until the end of the transaction."""
        self.env.flush_all()
        for program in self.sorted("id"):
            self.env.execute_query(
                SQL("SELECT 1 FROM family_card_fund WHERE program_id = %s ORDER BY id FOR NO KEY UPDATE", program.id)
            )

    def _fund_rooms(self, run=None):
        """What the available funds still cover, less what other runs in progress are going to credit (R-001-24).
        Whoever relies on it holds :meth:`_lock_funds`.

        :param run: family.card.credit.run that asks; its own cards are not counted
        :return: (family.card.fund in the order of use, list of Decimal left in each, Decimal left in all)
        """
        self.ensure_one()
        # sudo: whoever credits is checked by the caller; the figures of the funds decide, not the reader's rights
        funds = self.sudo().fund_ids.filtered("available").sorted(lambda fund: (fund.sequence, fund.id))
        residuals = funds._residuals()
        rooms = [max(residuals[fund.id], Decimal(0)) for fund in funds]
        [(promised,)] = self.env.execute_query(
            SQL(
                """
                SELECT coalesce(sum(l.amount), 0)::text
                  FROM family_card_credit_run_line l JOIN family_card_credit_run r ON r.id = l.run_id
                 WHERE r.program_id = %s AND r.state = 'running' AND l.state = 'planned' AND r.id <> %s
                """,
                self.id,
                run.id if run else 0,
            )
        )
        return funds, rooms, max(sum(rooms, Decimal(0)) - Decimal(promised), Decimal(0))

    def action_view_funds(self):
        """Smart button: the sources of funds."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("family_card.action_family_card_fund")
        return action | {"domain": [("program_id", "=", self.id)], "context": {"default_program_id": self.id}}
