import json
from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL

from odoo.addons.merchant_circuit.rules.refusals import Refusal

from ..tools import local_time


class FamilyCard(models.Model):
    """The balance a citizen looks up with fiscal code and PIN (R-004-85)."""

    _inherit = "family.card"

    @api.model
    def _balance_overview(self, fiscal_code, pin):
        """Balances for the right fiscal code and PIN, and nothing else about the household.

        The work is the same for an unknown code and for a wrong PIN, and so is the answer. Wrong
        tries are counted apart from those at the till.

        :param str fiscal_code: as typed; the number of the card is accepted too
        :param str pin: as typed
        :return: dict program, card_label, number, suspended, currency (ISO code), today (local date),
            accounts [{label, balance "41.25", lots [{amount, expires_on}]}]; None for
            unknown, wrong, too soon after wrong ones, or when the programme does not offer the look-up
        """
        self.env.flush_all()
        at = fields.Datetime.now()
        handle = self._circuit_identify(fiscal_code or "", at)
        found = handle is not None and not isinstance(handle, Refusal)
        digest = self._pin_digest(handle.salt if found else "", pin or "")
        card_id = handle.id if found and digest and handle.rules else 0
        waits = json.dumps(handle.rules.page_waits if card_id else [])
        [(right,)] = self.env.execute_query(
            SQL("SELECT family_card_check_pin(%s, %s, %s::jsonb, %s)", card_id, digest, waits, at)
        )
        self.invalidate_model(["web_failures", "web_failed_at"])
        if not right:
            return None
        # sudo: the visitor is not logged in; the PIN was right and only balances leave here
        card = self.sudo().browse(card_id)
        program = card.program_id
        terms = program._terms_at(program._local_day(at))
        if not terms.balance_by_pin or card.state == "closed":
            return None
        return {
            "program": program.name,
            "card_label": program.card_label,
            "number": card.number,
            "suspended": card.state == "suspended",
            "currency": card.currency_id.name,
            "today": program._local_day(at),
            "accounts": card._account_overview(at),
        }

    def _account_overview(self, at):
        """Spendable credit of each account at an instant, lot by lot.

        :param datetime at: naive UTC
        :return: list of dict label, balance, lots
        """
        self.ensure_one()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT a.id, s.code, l.remaining::text, l.expires_at
                  FROM stored_value_account a
                  JOIN family_card_scheme_line s ON s.id = a.scheme_line_id
                  LEFT JOIN stored_value_lot l ON l.account_id = a.id AND l.remaining > 0
                        AND l.available_from <= %(at)s AND (l.expires_at IS NULL OR l.expires_at > %(at)s)
                 WHERE a.card_id = %(card)s
                 ORDER BY s.sequence, a.id, l.expires_at NULLS LAST, l.id
                """,
                at=at,
                card=self.id,
            )
        )
        available = self.account_ids._available(at)
        accounts = {}
        for account, label, remaining, expires_at in rows:
            entry = accounts.setdefault(account, {"label": label, "balance": f"{available[account]:.2f}", "lots": []})
            if remaining is not None:
                entry["lots"].append({"amount": remaining, "expires_on": self._last_day(expires_at)})
        return list(accounts.values())

    def _last_day(self, expires_at):
        """Last local day, ISO, on which a lot can be spent; None when it never expires."""
        if not expires_at:
            return None
        return local_time(expires_at - timedelta(seconds=1), self.program_id.tz).date().isoformat()
