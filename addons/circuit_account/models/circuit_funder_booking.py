from datetime import UTC, datetime, time, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL, format_date

from odoo.addons.stored_value.tools import read_committed

from .stored_value_entry import BOOKED


class CircuitFunder(models.Model):
    """Posting what the tills' sessions do not: credits, expiries, take-backs, and payments of the other channels
    (design 4.3, R-004-92)."""

    _inherit = "circuit.funder"

    books_problem = fields.Text("Not booked", readonly=True, help="Why the daily job could not book, by day.")
    unbooked_count = fields.Integer("Waiting to be booked", compute="_compute_unbooked_count")

    def _compute_unbooked_count(self):
        """Transactions and ledger entries without a journal entry; no stored field changes with them."""
        # sudo: numbers only
        transactions = dict(
            self.env["circuit.transaction"]
            .sudo()
            ._read_group(self._unbooked_transactions(), ["funder_id"], ["__count"])
        )
        entries = dict(
            self.env.execute_query(
                SQL(
                    "SELECT a.funder_id, count(*) FROM %s WHERE a.funder_id = ANY(%s) AND %s GROUP BY 1",
                    self._entries_from(),
                    self.ids,
                    self._entries_where(),
                )
            )
            if self.ids
            else ()
        )
        for funder in self:
            funder.unbooked_count = transactions.get(funder, 0) + entries.get(funder.id, 0)

    def _own_fields(self):
        return super()._own_fields() | {"books_problem"}

    def _unbooked_transactions(self):
        """Domain of the captured transactions of these funders that no entry holds."""
        return [("funder_id", "in", self.ids), ("state", "=", "captured"), ("move_id", "=", False)]

    def _entries_from(self):
        """Tables of the ledger entries, as `e`, and their accounts, as `a`."""
        return SQL("stored_value_entry e JOIN stored_value_account a ON a.id = e.account_id")

    def _entries_where(self):
        """Condition of the entries that are booked and were not yet."""
        return SQL(
            "e.kind IN %s AND e.amount <> 0 AND NOT EXISTS (SELECT 1 FROM circuit_booking b WHERE b.entry_id = e.id)",
            BOOKED,
        )

    def _transactions_where(self, now):
        """Condition, on `t`, of the transactions the daily job may book. Tills that close their own sessions add
        theirs.

        :param datetime now: UTC
        :return: SQL
        """
        self.ensure_one()
        return SQL("t.state = 'captured' AND t.move_id IS NULL")

    def _local(self, column):
        """The local day of an instant.

        :param SQL column: UTC instant
        :return: SQL of a date
        """
        return SQL("(%s AT TIME ZONE 'UTC' AT TIME ZONE %s)::date", column, self.circuit_id.tz)

    def _midnight(self, day):
        """The instant a local day begins.

        :param date day: local day
        :return: datetime, naive UTC
        """
        start = datetime.combine(day, time.min, ZoneInfo(self.circuit_id.tz))
        return start.astimezone(UTC).replace(tzinfo=None)

    # ------------------------------------------------------------------ the job

    @api.model
    def _cron_book(self):
        """Scheduled, after midnight: book the days that are over.

        :return: number of journal entries
        """
        moves = 0
        # sudo: the books are the system's; one row a programme: few
        for funder in self.sudo().with_context(active_test=False).search([]):  # pylint: disable=no-search-all
            moves += len(funder._book_due(funder.circuit_id._local_today() - timedelta(days=1)))
        return moves

    def _book_due(self, until):
        """Book everything of one funder up to a local day, each day in a database transaction of its own; what cannot
        be booked is told in `books_problem` and does not hold up the other days. Doing it again books nothing twice.

        :param date until: last local day
        :return: account.move recordset (sudo)
        """
        self.ensure_one()
        funder = self.sudo()  # sudo: the books of the circuit are written by the system alone
        moves = self.env["account.move"].sudo()
        problems = []
        for day in funder._unbooked_days(until):
            read_committed(self.env)
            try:
                with self.env.cr.savepoint():
                    moves |= funder._book_day(day)
            except UserError as error:
                problems.append(str(error))
        self.invalidate_recordset(["unbooked_count"])
        problem = "\n".join(dict.fromkeys(problems))
        if (funder.books_problem or "") != problem:
            funder.books_problem = problem
        return moves

    def _unbooked_days(self, until):
        """Local days on which something waits to be booked.

        :param date until: last day
        :return: sorted list of dates
        """
        self.env.flush_all()
        rows = self.env.execute_query(
            SQL(
                "SELECT DISTINCT %s FROM %s WHERE a.funder_id = %s AND %s"
                " UNION SELECT DISTINCT %s FROM circuit_transaction t WHERE t.funder_id = %s AND %s ORDER BY 1",
                self._local(SQL("e.occurred_at")),
                self._entries_from(),
                self.id,
                self._entries_where(),
                self._local(SQL("t.captured_at")),
                self.id,
                self._transactions_where(fields.Datetime.now()),
            )
        )
        return [day for (day,) in rows if day <= until]

    def _book_day(self, day):
        """Book one local day: one entry for credits, expiries and take-backs, one for payments at shops.

        :param date day: local day, also the day of the entries
        :return: account.move recordset
        :raise UserError: accounts are missing or the period is closed
        """
        self._lock_books()
        obstacle = self._missing_books() or self._closed_period(day)
        if obstacle:
            raise UserError(obstacle)
        rows = self.env.execute_query(
            SQL(
                "SELECT t.id FROM circuit_transaction t WHERE t.funder_id = %s AND %s"
                " AND t.captured_at >= %s AND t.captured_at < %s",
                self.id,
                self._transactions_where(fields.Datetime.now()),
                self._midnight(day),
                self._midnight(day + timedelta(days=1)),
            )
        )
        payments = self.env["circuit.transaction"].browse([row[0] for row in rows])
        shown = format_date(self.env, day, lang_code=self._books_lang().env.lang)
        moves = payments._book(day, self._books_lang().env._("Payments at shops, %s", shown))
        return moves | self._book_entries(day, shown)

    def _books_lang(self):
        """This funder in the language of its public body: the books speak one language."""
        return self.with_context(lang=self.company_id.partner_id.lang or self.env.lang)

    def _book_entries(self, day, shown):
        """Book the credits, expiries and take-backs of a local day, however many, in a few statements.

        :param date day: local day
        :param str shown: the day as people read it
        :return: account.move recordset, empty when there is nothing to book
        """
        env = self._books_lang().env
        period = SQL(
            "a.funder_id = %s AND e.occurred_at >= %s AND e.occurred_at < %s",
            self.id,
            self._midnight(day),
            self._midnight(day + timedelta(days=1)),
        )
        waiting = SQL("SELECT 1 FROM %s WHERE %s AND %s LIMIT 1", self._entries_from(), period, self._entries_where())
        if not self.env.execute_query(waiting):
            return self.env["account.move"]
        move = (
            self.env["account.move"]
            .with_company(self.company_id)
            .create(
                {
                    "move_type": "entry",
                    "journal_id": self.journal_id.id,
                    "date": day,
                    "ref": env._("Credits and expiries, %s", shown),
                }
            )
        )
        rows = self.env.execute_query(
            SQL(
                """WITH fresh AS (
                       INSERT INTO circuit_booking (entry_id, funder_id, move_id, company_id)
                       SELECT e.id, a.funder_id, %(move)s, %(company)s
                         FROM %(tables)s
                        WHERE %(period)s AND e.kind IN %(kinds)s AND e.amount <> 0
                       ON CONFLICT (entry_id) DO NOTHING
                       RETURNING entry_id
                   )
                   SELECT e.kind, sum(e.amount)::text FROM fresh JOIN stored_value_entry e ON e.id = fresh.entry_id
                    GROUP BY e.kind ORDER BY min(array_position(%(order)s::varchar[], e.kind))""",
                move=move.id,
                company=self.company_id.id,
                kinds=BOOKED,
                order=list(BOOKED),
                tables=self._entries_from(),
                period=period,
            )
        )
        self.env["circuit.booking"].invalidate_model()
        labels = {"credit": env._("Credits"), "expiry": env._("Expiries"), "adjustment": env._("Credits taken back")}
        lines = []
        for kind, total in rows:
            amount = Decimal(total)
            label = f"{labels[kind]}, {self.name}"
            lines += [
                {"account_id": self.contribution_account_id.id, "name": label, "balance": float(amount)},
                {"account_id": self.liability_account_id.id, "name": label, "balance": float(-amount)},
            ]
        move.write({"line_ids": [(0, 0, line) for line in lines]})
        move._post(soft=False)
        return move

    # ------------------------------------------------------------------ buttons

    def action_book(self):
        """Button: book everything up to now, today included.

        :return: what was done, or why not, as a notification
        """
        self.check_access("write")
        moves = sum((len(funder._book_due(funder.circuit_id._local_today())) for funder in self), 0)
        problems = [funder.books_problem for funder in self.sudo() if funder.books_problem]  # sudo: as in _book_due
        message = self.env._("%s journal entries posted.", moves) if moves else self.env._("Nothing to book.")
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "danger" if problems else "success",
                "sticky": bool(problems),
                "message": "\n".join(problems) or message,
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    def action_unbooked_transactions(self):
        """Button: the payments of this funder that no entry holds."""
        action = self.env["ir.actions.act_window"]._for_xml_id("circuit_account.action_unbooked_transaction")
        return {**action, "domain": self._unbooked_transactions()}

    def action_unbooked_entries(self):
        """Button: the credits and expiries of this funder that no entry holds."""
        action = self.env["ir.actions.act_window"]._for_xml_id("circuit_account.action_unbooked_entry")
        return {**action, "domain": [*self._unbooked_entries_domain(), ("account_id.funder_id", "in", self.ids)]}

    @api.model
    def _unbooked_entries_domain(self):
        """Domain of the ledger entries that wait to be booked."""
        return [("kind", "in", BOOKED), ("amount", "!=", 0), ("booking_ids", "=", False)]

    def action_moves(self):
        """Button: the journal entries of this funder's journal."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("account.action_move_journal_line")
        return {**action, "domain": [("journal_id", "=", self.journal_id.id)], "context": {}}
