from datetime import timedelta
from decimal import Decimal
from typing import NamedTuple

from odoo import api, models
from odoo.tools import SQL

from ..rules import split
from ..tools import local_time

CREDITED = "credited"
ALREADY = "already"
SKIPPED = "skipped"


class Outcome(NamedTuple):
    """What a credit did for one card: how much is credited for the period, or why nothing is."""

    card_id: int
    state: str
    reason: str | None
    amount: Decimal


class FamilyCard(models.Model):
    """The credit of a period: computed by the rules, written by the ledger, once."""

    _inherit = "family.card"

    def _credit_period(self, period, at):
        """Credit one period on these cards (R-004-31, R-004-35, R-004-48, R-004-49). Calling it again adds
        nothing, for every credit has its origin.

        :param period: family.card.period of the cards' programme
        :param datetime at: instant of the credit, naive UTC
        :return: list of Outcome, one a card
        :raises UserError: no terms are in force at that instant
        """
        program = period.program_id
        terms = program._current_terms(at)
        day = program._local_day(at)
        expires_at = period._expires_at(terms, day)
        schemes = {kind: program._scheme_for(kind).line_ids for kind in ("standard", "senior", "special")}
        self.env.flush_all()
        plans, outcomes, shares = {}, [], {}
        for card in self.env.execute_query_dict(self._crediting_query(period)):
            reason = self._skip_reason(card, period, schemes, expires_at, at)
            if reason:
                outcomes.append(Outcome(card["id"], SKIPPED, reason, Decimal(0)))
                continue
            # Households with the same yearly amount and scheme share one computation.
            key = (card["annual"], card["kind"])
            if key not in shares:
                shares[key] = self._period_shares(Decimal(card["annual"]), period, schemes[card["kind"]], terms)
            plans[card["id"]] = shares[key]
        credits = self._credits(period, plans, at, expires_at)
        new = self.env["stored.value.account"].sudo()._credit(credits, at)  # sudo: the ledger is nobody's to write
        credited = []
        for card in self.browse(plans):
            fresh = [
                (line.code, part) for line, part in plans[card.id] if self._credit_origin(period, card.id, line) in new
            ]
            total = sum((part for _line, part in plans[card.id]), Decimal(0))
            outcomes.append(Outcome(card.id, CREDITED if fresh else ALREADY, None, total))
            if fresh:
                credited.append((card, local_time(expires_at - timedelta(seconds=1), program.tz), fresh))
        self._notify_credits(period, terms, credited)
        return outcomes

    def _crediting_query(self, period):
        return SQL(
            """
            SELECT c.id, c.state, c.credit_stopped, c.kind, c.annual_amount::text AS annual, first.date_start AS first
              FROM family_card c LEFT JOIN family_card_period first ON first.id = c.first_period_id
             WHERE c.id = ANY(%s) AND c.program_id = %s ORDER BY c.id
            """,
            self.ids,
            period.program_id.id,
        )

    @api.model
    def _skip_reason(self, card, period, schemes, expires_at, at):
        """Why a card gets nothing.

        :param dict card: row of :meth:`_crediting_query`
        :return: a reason of family.card.credit.run.line, or None
        """
        if card["state"] not in ("active", "suspended"):
            return card["state"]
        if card["credit_stopped"]:
            return "suspended" if card["state"] == "suspended" else "blocked"
        if not schemes[card["kind"]]:
            return "no_scheme"
        if not card["annual"] or not Decimal(card["annual"]):
            return "no_amount"
        if card["first"] and period.date_start < card["first"]:
            return "before_first"
        if expires_at <= at:
            return "expired"
        return None

    @api.model
    def _period_shares(self, annual, period, lines, terms):
        """Part of each account in one period; accounts that would get nothing are left out.

        :param Decimal annual: EUR a year
        :return: list of (family.card.scheme.line, Decimal)
        """
        quarter = split.quarters(annual)[period.number - 1]
        weights = [Decimal(str(line.weight)) for line in lines]
        parts = split.shares(quarter, weights, terms.split_rounding).parts
        return [(line, part) for line, part in zip(lines, parts, strict=True) if part]

    @api.model
    def _credit_origin(self, period, card_id, line):
        """Where a credit comes from: one a period, card and account."""
        return f"period:{period.id}/card:{card_id}/{line.code}"

    @api.model
    def _credits(self, period, plans, at, expires_at):
        """Credits for the ledger; accounts that are missing are opened.

        :param dict plans: card id to list of (scheme line, Decimal)
        :return: list of dict for ``stored.value.account._credit``
        """
        accounts = self._accounts_by_line(list(plans))
        missing = {
            card_id for card_id, parts in plans.items() for line, _part in parts if (card_id, line.id) not in accounts
        }
        if missing:
            self.browse(missing)._open_accounts()
            accounts = self._accounts_by_line(list(plans))
        return [
            {
                "account_id": accounts[card_id, line.id],
                "amount": part,
                "available_from": at,
                "expires_at": expires_at,
                "origin": self._credit_origin(period, card_id, line),
                "memo": period.name,
            }
            for card_id, parts in plans.items()
            for line, part in parts
        ]

    @api.model
    def _accounts_by_line(self, card_ids):
        """Account of each card and scheme line: {(card id, line id): account id}."""
        self.env.flush_all()
        rows = self.env.execute_query(
            SQL("SELECT card_id, scheme_line_id, id FROM stored_value_account WHERE card_id = ANY(%s)", card_ids)
        )
        return {(card, line): account for card, line, account in rows}
