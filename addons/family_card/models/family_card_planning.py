from datetime import datetime
from decimal import Decimal
from typing import NamedTuple

from odoo import api, models
from odoo.tools import SQL

from ..rules import split
from .family_card_crediting import ALREADY, PLANNED, SKIPPED, Outcome


class Plan(NamedTuple):
    """What a period would credit to one card: its parts by account, or why nothing."""

    card_id: int
    state: str
    reason: str | None = None
    amount: Decimal = Decimal(0)
    parts: tuple = ()
    detail: str | None = None
    expires_at: datetime | None = None

    def outcome(self):
        """This plan as an Outcome that moved nothing."""
        return Outcome(self.card_id, self.state, self.reason, self.amount, self.detail)


class FamilyCard(models.Model):
    """Who gets how much of a period, and why not (R-004-24 to R-004-27, R-004-49)."""

    _inherit = "family.card"

    def _plan_period(self, period, at):
        """What a period credits to these cards at an instant, without moving anything.

        :param period: family.card.period of the cards' programme
        :param datetime at: instant of the credit, naive UTC
        :return: list of Plan, by card id
        :raises UserError: no terms are in force at that instant
        """
        program = period.program_id
        terms = program._current_terms(at)
        day = program._local_day(at)
        expires_at = period._expires_at(terms, day)
        lines = {kind: program._scheme_for(kind, day).line_ids for kind in ("standard", "senior", "special")}
        kinds = terms._check_kinds()
        available_from = max(at, period.spendable_from or at)
        self.env.flush_all()
        plans, shares = [], {}
        for row in self.env.execute_query_dict(self._planning_query(period, kinds)):
            if row["had"]:
                plans.append(Plan(row["id"], ALREADY, amount=Decimal(row["had"])))
                continue
            until = expires_at
            if row["varied"] and period.kind == "quarter" and not terms.variation_credit_carry_over:
                until = min(expires_at, period._ends_at())
            reason = self._skip_reason(row, period, lines, until, available_from)
            if reason:
                plans.append(Plan(row["id"], SKIPPED, reason, detail=row["failed"] if "check" in reason else None))
                continue
            amount = self._period_amount(row, period)
            # Households with the same amount and scheme share one computation.
            key = (amount, row["kind"])
            if key not in shares:
                shares[key] = self._period_shares(amount, lines[row["kind"]], terms)
            total = sum((part for _line, part in shares[key]), Decimal(0))
            plans.append(
                Plan(row["id"], PLANNED, amount=total, parts=shares[key], expires_at=until)
                if total
                else Plan(row["id"], SKIPPED, "no_amount")
            )
        return plans

    def _planning_query(self, period, kinds):
        """SQL of all that decides a credit, one row a card.

        :param list kinds: kinds of checks that must be passed
        """
        return SQL(
            """
            WITH lots AS (
                -- OFFSET: from the cards to their lots, for those of the whole period grow with each chunk
                SELECT a.card_id, l.period_id, sum(l.amount) AS amount
                  FROM stored_value_account a
                 CROSS JOIN LATERAL (
                       SELECT period_id, amount, revoked FROM stored_value_lot WHERE account_id = a.id OFFSET 0) l
                 WHERE a.card_id = ANY(%(cards)s) AND l.period_id = ANY(%(periods)s) AND l.revoked IS NOT TRUE
                 GROUP BY a.card_id, l.period_id
            ), checks AS (
                SELECT household_id, count(*) FILTER (WHERE outcome = 'passed' OR required IS NOT TRUE) AS passed,
                       bool_or(outcome = 'failed' AND required) AS has_failed,
                       string_agg(reason, '; ' ORDER BY kind) FILTER (WHERE outcome = 'failed' AND required) AS failed
                  FROM (%(checks)s) looked_at
                 WHERE kind = ANY(%(kinds)s) GROUP BY household_id
            )
            SELECT c.id, c.state, c.credit_stopped, c.kind, coalesce(yearly.amount, c.annual_amount)::text AS annual,
                   first.date_start AS first, lots.amount::text AS had, earlier.amount::text AS earlier,
                   EXISTS (SELECT 1 FROM family_card_yearly y
                            WHERE y.card_id = c.id AND NOT y.initial AND y.day BETWEEN %(start)s AND %(end)s) AS varied,
                   coalesce(checks.passed, 0) AS passed, checks.has_failed, checks.failed, %(needed)s AS needed
              FROM family_card c %(yearly)s
              LEFT JOIN family_card_period first ON first.id = c.first_period_id
              LEFT JOIN lots ON lots.card_id = c.id AND lots.period_id = %(period)s
              LEFT JOIN lots earlier ON earlier.card_id = c.id AND earlier.period_id = %(previous)s
              LEFT JOIN checks ON checks.household_id = c.household_id
             WHERE c.id = ANY(%(cards)s) AND c.program_id = %(program)s ORDER BY c.id
            """,
            start=period.date_start,
            end=period.date_end,
            periods=(period + period.previous_id).ids,
            period=period.id,
            previous=period.previous_id.id or 0,
            cards=self.ids,
            kinds=kinds,
            checks=period._checks_query(),
            needed=len(kinds),
            yearly=self._annual_query(period.date_start),
            program=period.program_id.id,
        )

    @api.model
    def _skip_reason(self, row, period, lines, expires_at, available_from):
        """Why a card gets nothing.

        :param dict row: row of :meth:`_planning_query`
        :param dict lines: family.card.scheme.line by kind of card
        :param datetime expires_at: end of the credit, None when it has none
        :param datetime available_from: first instant at which it could be spent
        :return: a reason of family.card.credit.run.line, or None
        """
        if row["state"] not in ("active", "suspended"):
            return row["state"]
        if row["credit_stopped"]:
            return "suspended" if row["state"] == "suspended" else "blocked"
        if not lines[row["kind"]]:
            return "no_scheme"
        if row["first"] and period.date_start < row["first"]:
            return "before_first"
        if period.amount_rule == "previous" and not row["earlier"]:
            return "no_previous"
        if period.amount_rule in ("quarter", "whole") and not Decimal(row["annual"] or 0):
            return "no_amount"
        if expires_at and expires_at <= available_from:
            return "expired"
        if row["has_failed"]:
            return "check_failed"
        if row["passed"] < row["needed"]:
            return "check_open"
        return None

    @api.model
    def _period_amount(self, row, period):
        """What a period gives to one household (R-004-31, R-001-08, R-001-09).

        :param dict row: row of :meth:`_planning_query`
        :return: Decimal, EUR
        """
        if period.amount_rule == "previous":
            return Decimal(row["earlier"])
        if period.amount_rule == "fixed":
            return Decimal(str(period.fixed_amount)).quantize(Decimal("0.01"))
        if period.amount_rule == "whole":
            return Decimal(row["annual"])
        return split.quarters(Decimal(row["annual"]))[period.number - 1]

    @api.model
    def _period_shares(self, amount, lines, terms):
        """Part of each account in one credit; accounts that would get nothing are left out (R-004-35).

        :param Decimal amount: EUR of the period
        :return: tuple of (family.card.scheme.line, Decimal)
        """
        weights = [Decimal(str(line.weight)) for line in lines]
        parts = split.shares(amount, weights, terms.split_rounding).parts
        return tuple((line, part) for line, part in zip(lines, parts, strict=True) if part)
