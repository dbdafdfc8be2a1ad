from collections import Counter, defaultdict
from decimal import Decimal

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ..rules import funding
from ..tools import batched
from .family_card_crediting import PLANNED

WAITING = "waiting"


class FamilyCardCreditRun(models.Model):
    """Preview of a run: who, how much, why not, and which funds pay (R-001-24, R-004-49, V5)."""

    _inherit = "family.card.credit.run"

    planned_count = fields.Integer("Cards to credit", readonly=True, copy=False)
    planned_total = fields.Monetary("To credit", readonly=True, copy=False)
    waiting_count = fields.Integer("Cards on the waiting list", readonly=True, copy=False)
    waiting_total = fields.Monetary("On the waiting list", readonly=True, copy=False)
    fund_room = fields.Monetary(
        "Available funds",
        readonly=True,
        copy=False,
        help="What the available sources still cover, less what other runs in progress are going to credit (R-001-24).",
    )
    guarded = fields.Boolean(readonly=True, copy=False)
    fund_residue = fields.Monetary(
        "Funds left afterwards", compute="_compute_fund_residue", help="Example V5: the residue is shown."
    )
    blocked_reason = fields.Text("Why it cannot be confirmed", compute="_compute_blocked_reason")
    total_ids = fields.One2many("family.card.credit.run.total", "run_id", string="Totals", readonly=True)
    account_total_ids = fields.One2many(
        "family.card.credit.run.total", "run_id", "By account", domain=[("kind", "=", "account")], readonly=True
    )
    fund_total_ids = fields.One2many(
        "family.card.credit.run.total", "run_id", "By source", domain=[("kind", "=", "fund")], readonly=True
    )
    reason_total_ids = fields.One2many(
        "family.card.credit.run.total", "run_id", "Why not", domain=[("kind", "=", "reason")], readonly=True
    )

    @api.depends("fund_room", "planned_total")
    def _compute_fund_residue(self):
        for run in self:
            run.fund_residue = run.currency_id.round(run.fund_room - run.planned_total)

    @api.depends("state", "guarded", "fund_room", "planned_total", "planned_count", "waiting_count")
    def _compute_blocked_reason(self):
        for run in self:
            run.blocked_reason = run.state == "previewed" and run._blocked_text()

    def _blocked_text(self):
        """Why the funds do not allow this run, as a sentence (R-001-24).

        :return: str, or False when they do
        """
        self.ensure_one()
        if not self.guarded or (not self.planned_count and not self.waiting_count):
            return False
        funds = self.program_id.fund_ids
        if not funds:
            return self.env._("No source of funds is recorded for the programme: record it before crediting.")
        if not funds.filtered("available"):
            return self.env._(
                "The money is not available yet (%s): mark the source as available when the transfer has arrived"
                " and the budget holds it.",
                ", ".join(funds.mapped("name")),
            )
        lacking = self.currency_id.round(self.planned_total - self.fund_room)
        if lacking > 0:
            return self.env._(
                "The run needs %(needed)s and the available funds cover %(room)s: %(lacking)s are missing.",
                needed=self.currency_id.format(self.planned_total),
                room=self.currency_id.format(self.fund_room),
                lacking=self.currency_id.format(lacking),
            )
        return False

    def _write_plan(self, at):
        """Plan every card of the programme and write lines and totals; what was credited before stays.

        :param datetime at: instant of the credit, naive UTC
        """
        self.ensure_one()
        terms = self.program_id._current_terms(at)
        cards = self.env["family.card"].search([("program_id", "=", self.program_id.id)], order="id")
        plans = [plan for chunk in batched(cards, 5000) for plan in chunk._plan_period(self.period_id, at)]
        funds, rooms, room = self.program_id._fund_rooms(self)
        planned = [plan for plan in plans if plan.state == PLANNED]
        waiting = set()
        if terms.budget_guard and terms.on_exhaustion == "waiting_list":
            planned = self._in_order_of_arrival(planned)
            count = funding.served([plan.amount for plan in planned], room)
            waiting = {plan.card_id for plan in planned[count:]}
            planned = planned[:count]
        self.env.cr.execute(
            SQL("DELETE FROM family_card_credit_run_line WHERE run_id = %s AND state <> 'credited'", self.id)
        )
        outcomes = [plan.outcome() for plan in plans]
        self._record(
            [
                outcome._replace(state=WAITING, reason="no_funds") if outcome.card_id in waiting else outcome
                for outcome in outcomes
            ]
        )
        total = sum((plan.amount for plan in planned), Decimal(0))
        waits = sum((outcome.amount for outcome in outcomes if outcome.card_id in waiting), Decimal(0))
        self.write(
            {
                "planned_count": len(planned),
                "planned_total": float(total),
                "waiting_count": len(waiting),
                "waiting_total": float(waits),
                "fund_room": float(room),
                "guarded": terms.budget_guard,
                **self._figures(),
            }
        )
        self._write_totals(self._account_rows(planned) + self._fund_rows(funds, rooms, planned))

    @api.model
    def _in_order_of_arrival(self, plans):
        """The requests that came first, first (V5).

        :param plans: list of Plan
        """
        order = self._arrivals([plan.card_id for plan in plans])
        return sorted(plans, key=lambda plan: order[plan.card_id])

    @api.model
    def _arrivals(self, card_ids):
        """When the request behind each card came in: the filing of its application, else the card's own request.

        :return: dict of card id to something that sorts
        """
        rows = self.env.execute_query(
            SQL(
                """
                SELECT c.id, coalesce(min(f.filed_at), c.create_date)
                  FROM family_card c
                  LEFT JOIN family_card_application f ON f.card_id = c.id AND f.kind = 'first'
                 WHERE c.id = ANY(%s) GROUP BY c.id
                """,
                card_ids,
            )
        )
        return {card: (arrived, card) for card, arrived in rows}

    @api.model
    def _account_rows(self, plans):
        counts, amounts = Counter(), defaultdict(Decimal)
        for plan in plans:
            for line, part in plan.parts:
                counts[line.code] += 1
                amounts[line.code] += part
        return [
            {"kind": "account", "account_code": code, "card_count": counts[code], "amount": float(amount)}
            for code, amount in amounts.items()
        ]

    @api.model
    def _fund_rows(self, funds, rooms, plans):
        """Which fund is going to pay how much; what they do not cover has no fund."""
        left = sum((plan.amount for plan in plans), Decimal(0))
        rows = []
        for fund, room in zip(funds, rooms, strict=True):
            part = min(room, left)
            left -= part
            if part:
                rows.append({"kind": "fund", "fund_id": fund.id, "amount": float(part)})
        if left:
            rows.append({"kind": "fund", "amount": float(left)})
        return rows

    def _write_totals(self, rows):
        """Replace the totals of the run; those by reason are counted from its lines.

        :param list rows: values of family.card.credit.run.total by account and fund
        """
        self.total_ids.unlink()
        counted = self.env.execute_query(
            SQL(
                """
                SELECT reason, count(*), sum(amount)::text FROM family_card_credit_run_line
                 WHERE run_id = %s AND state IN ('skipped', 'waiting', 'already') GROUP BY reason ORDER BY 2 DESC, 1
                """,
                self.id,
            )
        )
        reasons = [
            {"kind": "reason", "reason": reason, "card_count": count, "amount": float(amount)}
            for reason, count, amount in counted
        ]
        self.env["family.card.credit.run.total"].create([{**row, "run_id": self.id} for row in rows + reasons])
        self.invalidate_recordset(["total_ids", "account_total_ids", "fund_total_ids", "reason_total_ids"])

    def _check_plan(self, at):
        """What is about to be credited is what was previewed, and the funds cover it. Holds the funds.

        :param datetime at: instant of the credit, naive UTC
        :raises UserError: otherwise
        """
        self.ensure_one()
        self.env["family.card"]._lock_period(self.period_id)
        seen = (self.planned_count, self.planned_total, self.waiting_count)
        self._write_plan(at)
        if seen != (self.planned_count, self.planned_total, self.waiting_count):
            raise UserError(
                self.env._("Something changed since the preview: prepare the run again and look at the new figures.")
            )
        if blocked := self._blocked_text():
            raise UserError(blocked)
