from decimal import Decimal
from typing import NamedTuple

from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ..rules import funding

CREDITED = "credited"
ALREADY = "already"
SKIPPED = "skipped"
PLANNED = "planned"


class Outcome(NamedTuple):
    """What a credit did for one card: how much is credited for the period, or why nothing is."""

    card_id: int
    state: str
    reason: str | None
    amount: Decimal
    detail: str | None = None


class FamilyCard(models.Model):
    """The credit of a period: planned by the rules, paid by the funds, written by the ledger, once."""

    _inherit = "family.card"

    def _credit_period(self, period, at, run=None):
        """Credit one period on these cards (R-004-31, R-004-35, R-004-48, R-004-49). Calling it again adds
        nothing, for a card has the credit of a period once.

        :param period: family.card.period of the cards' programme
        :param datetime at: instant of the credit, naive UTC
        :param run: family.card.credit.run that pays, if any
        :return: list of Outcome, one a card
        :raises UserError: no terms are in force at that instant
        """
        program = period.program_id
        terms = program._current_terms(at)
        self._lock_period(period)
        plans = self._plan_period(period, at)
        outcomes = [plan.outcome() for plan in plans if plan.state != PLANNED]
        paid = self._draw_funds(program, terms, [plan for plan in plans if plan.state == PLANNED], run)
        outcomes += [Outcome(plan.card_id, SKIPPED, "no_funds", Decimal(0)) for plan, draws in paid if draws is None]
        paid = [(plan, draws) for plan, draws in paid if draws is not None]
        if not paid:
            return outcomes
        credits = self._credits(period, paid, at, run)
        new = self.env["stored.value.account"].sudo()._credit(credits, at)  # sudo: the ledger is nobody's to write
        fresh = {credit["card_id"] for credit in credits if credit["origin"] in new}
        outcomes += [
            Outcome(plan.card_id, CREDITED if plan.card_id in fresh else ALREADY, None, plan.amount)
            for plan, _draws in paid
        ]
        self._notify_credits(period, terms, [plan for plan, _draws in paid if plan.card_id in fresh])
        return outcomes

    @api.model
    def _lock_period(self, period):
        """Let one worker at a time credit a period, and hold the funds still meanwhile."""
        self.env.flush_all()
        self.env.execute_query(SQL("SELECT 1 FROM family_card_period WHERE id = %s FOR NO KEY UPDATE", period.id))
        period.program_id._lock_funds()

    @api.model
    def _draw_funds(self, program, terms, plans, run):
        """Which fund pays which account, in the order of the plans (R-001-05, R-001-24).

        :param terms: family.card.terms in force
        :param plans: list of Plan with something to credit
        :param run: family.card.credit.run that pays, if any
        :return: list of (Plan, draws): draws has a list of (fund id or None, Decimal) for each account, and is None
            for a plan that the funds do not cover
        """
        funds, rooms, room = program._fund_rooms(run)
        ids = funds.ids
        paid = []
        for plan in plans:
            if plan.amount <= room:
                room -= plan.amount
                draws = [
                    [(ids[draw.fund], draw.amount) for draw in funding.draw(rooms, part)] for _line, part in plan.parts
                ]
            else:
                draws = None if terms.budget_guard else [[(None, part)] for _line, part in plan.parts]
            paid.append((plan, draws))
        return paid

    @api.model
    def _credit_origin(self, period, card_id, line):
        """Where a credit comes from: one a period, card and account."""
        return f"period:{period.id}/card:{card_id}/{line.code}"

    @api.model
    def _credits(self, period, paid, at, run):
        """Credits for the ledger; accounts that are missing are opened. A credit that was taken back leaves its
        origin behind, so the next one has another.

        :param list paid: (Plan, what each fund pays for each account)
        :return: list of dict for ``stored.value.account._credit``, with the card's id
        """
        cards = [plan.card_id for plan, _draws in paid]
        accounts = self._accounts_by_line(cards)
        missing = {
            plan.card_id
            for plan, _draws in paid
            for line, _part in plan.parts
            if (plan.card_id, line.id) not in accounts
        }
        if missing:
            self.browse(missing)._open_accounts(period.program_id._local_day(at))
            accounts = self._accounts_by_line(cards)
        before = self._revoked_counts(period, cards)
        shared = {
            "available_from": max(at, period.spendable_from or at),
            "memo": period.name,
            "period_id": period.id,
            "run_id": run.id if run else None,
        }
        credits = []
        for plan, draws in paid:
            for (line, _part), pieces in zip(plan.parts, draws, strict=True):
                origin = self._credit_origin(period, plan.card_id, line)
                if plan.card_id in before:
                    origin += f"/again:{before[plan.card_id]}"
                for place, (fund_id, amount) in enumerate(pieces):
                    credits.append(
                        {
                            **shared,
                            "card_id": plan.card_id,
                            "account_id": accounts[plan.card_id, line.id],
                            "amount": amount,
                            "expires_at": plan.expires_at,
                            "origin": f"{origin}/part:{place}" if place else origin,
                            "fund_id": fund_id,
                        }
                    )
        return credits

    @api.model
    def _accounts_by_line(self, card_ids):
        """Account of each card and scheme line: {(card id, line id): account id}."""
        self.env.flush_all()
        rows = self.env.execute_query(
            SQL("SELECT card_id, scheme_line_id, id FROM stored_value_account WHERE card_id = ANY(%s)", card_ids)
        )
        return {(card, line): account for card, line, account in rows}

    @api.model
    def _revoked_counts(self, period, card_ids):
        """How many lots of a period were taken back from each card that had one taken back."""
        return dict(
            self.env.execute_query(
                SQL(
                    "SELECT a.card_id, count(*) FROM stored_value_lot l JOIN stored_value_account a ON a.id = l.account_id"
                    " WHERE l.period_id = %s AND l.revoked AND a.card_id = ANY(%s) GROUP BY a.card_id",
                    period.id,
                    card_ids,
                )
            )
        )

    @api.model
    def _check_creditable(self, program):
        """A programme is credited while it runs (R-004-60).

        :raises UserError: it does not
        """
        if program.state != "open":
            raise UserError(self.env._("Only a running programme can be credited."))
        if program.circuit_id.state == "stopped":
            raise UserError(self.env._("The circuit is stopped: start it again before crediting."))
