from datetime import timedelta
from decimal import Decimal

from odoo import api, fields, models
from odoo.tools import SQL, groupby

from odoo.addons.stored_value.tools import read_committed

from ..rules import periods, sms_text
from ..tools import local_time

CHUNK = 500


class FamilyCard(models.Model):
    """The SMS before credit expires: one a household, never twice for the same expiry (R-004-55, X4)."""

    _inherit = "family.card"

    @api.model
    def _cron_warn_expiry(self):
        """Scheduled: warn the households of every running programme.

        :return: number of messages
        """
        programs = self.env["family.card.program"].search([("state", "=", "open")])
        return sum(self._warn_expiry(program, fields.Datetime.now()) for program in programs)

    @api.model
    def _warn_expiry(self, program, at):
        """Warn the households of a programme whose credit expires within the days of its terms. Chunks are
        committed as they are done.

        :param program: family.card.program
        :param datetime at: naive UTC
        :return: number of messages
        """
        today = program._local_day(at)
        days = program._terms_at(today).expiry_warning_days
        if not days:
            return 0
        horizon = periods.midnight(today + timedelta(days=days), program.tz)
        sent = last = 0
        while True:
            read_committed(self.env)
            rows = self.env.execute_query_dict(self._expiring_query(program, at, horizon, last))
            if not rows:
                return sent
            last = rows[-1]["card"]
            sent += self._warn_of(program, rows)

    def _expiring_query(self, program, at, horizon, last):
        """What is about to expire on the next cards, one row a card, account and expiry; marks the lots."""
        return SQL(
            """
            WITH cards AS (
                SELECT DISTINCT c.id FROM family_card c
                  JOIN stored_value_account a ON a.card_id = c.id
                  JOIN stored_value_lot l ON l.account_id = a.id
                 WHERE c.program_id = %(program)s AND c.state = 'active' AND c.phone <> '' AND c.id > %(last)s
                   AND l.remaining > 0 AND l.expires_at > %(at)s AND l.expires_at <= %(horizon)s
                   AND l.warned_for IS DISTINCT FROM l.expires_at
                 ORDER BY c.id LIMIT %(chunk)s
            ), marked AS (
                UPDATE stored_value_lot l SET warned_for = l.expires_at
                  FROM stored_value_account a JOIN cards ON cards.id = a.card_id
                 WHERE l.account_id = a.id AND l.remaining > 0 AND l.expires_at > %(at)s
                   AND l.expires_at <= %(horizon)s AND l.warned_for IS DISTINCT FROM l.expires_at
                RETURNING a.card_id AS card, l.expires_at, a.scheme_line_id, l.remaining
            )
            SELECT m.card, m.expires_at, s.code, sum(m.remaining)::text AS amount
              FROM marked m JOIN family_card_scheme_line s ON s.id = m.scheme_line_id
             GROUP BY m.card, m.expires_at, s.sequence, s.code ORDER BY m.card, m.expires_at, s.sequence, s.code
            """,
            program=program.id,
            last=last,
            at=at,
            horizon=horizon,
            chunk=CHUNK,
        )

    @api.model
    def _warn_of(self, program, rows):
        """Queue one message a card.

        :param list rows: rows of :meth:`_expiring_query`
        :return: number of messages
        """
        env = self.with_context(lang=program._message_lang()).env
        point, date_format = self._locale(env)
        of_card = dict(groupby(rows, lambda row: row["card"]))
        messages = []
        for card in self.browse(of_card):
            dated = [
                (local_time(expires - timedelta(seconds=1), program.tz).strftime(date_format), group)
                for expires, group in groupby(of_card[card.id], lambda row: row["expires_at"])
            ]
            parts = [(day, [(row["code"], Decimal(row["amount"])) for row in group]) for day, group in dated]
            messages.append(card._message(self._warning_text(env, program, card, parts, point)))
        self.env["stored.value.lot"].invalidate_model(["warned_for"])
        self._queue_messages(messages)
        return len(messages)

    @api.model
    def _warning_text(self, env, program, card, parts, point):
        """Text S4: how much expires, on which account, and the last good day of each.

        :param env: environment in the language of the messages
        :param list parts: (last day, [(account code, Decimal), …]) by day
        :param str point: decimal separator
        :return: str in GSM-7, one segment: without the accounts when they do not fit
        """
        values = {
            "label": program.card_label,
            "number": card.number,
            "currency": card.currency_id.name,
            "total": sms_text.money(sum(amount for _day, group in parts for _code, amount in group), point),
        }
        template = env._("%(label)s %(number)s: %(currency)s %(total)s expire. Last day: %(details)s.")
        long = "; ".join(f"{day} {sms_text.listing(group, point)}" for day, group in parts)
        text = sms_text.fit(template, values | {"details": long})
        if sms_text.segments(text) == 1:
            return text
        short = "; ".join(
            f"{day} {sms_text.money(sum(amount for _code, amount in group), point)}" for day, group in parts
        )
        return sms_text.fit(template, values | {"details": short}, cut=("label",))
