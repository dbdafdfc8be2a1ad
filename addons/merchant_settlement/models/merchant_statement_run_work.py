import time

from odoo import api, fields, models
from odoo.tools import SQL

from odoo.addons.stored_value.tools import install_functions, read_committed, to_decimal

from ..rules import calendar
from ..rules.statement import Law

CHUNK = 100
REQUEST_SECONDS = 20
JOB_SECONDS = 3600
# payments captured at the very end of a month may be written after its statements: looked for so many months back
LOOK_BACK = 2
# states in which nobody outside has seen a statement
OPEN = ("draft", "carried")


class MerchantStatementRun(models.Model):
    """The making itself, chunk by chunk of merchants, each committed; killed anywhere, it goes on with the merchants
    still to do (R-004-96)."""

    _inherit = "merchant.statement.run"

    def init(self):
        """Install the functions that write lines."""
        install_functions(self.env.cr, "merchant_settlement/sql/statement.sql")

    def _interval(self):
        """Instants within which payments are looked for and within which the month lies.

        :return: (from, month's begin, month's end), naive UTC
        """
        tz = self.funder_id.circuit_id.tz
        # sudo: the work sees since when there are terms
        first = min(map(calendar.month_of, self.funder_id.sudo().terms_ids.mapped("valid_from")), default=self.month)
        earliest = max(first, calendar.plus_months(self.month, -LOOK_BACK))
        start, end = calendar.bounds(self.month, tz)
        return min(calendar.bounds(earliest, tz)[0], start), start, end

    def _merchants(self, after, limit, start, end):
        """Merchants who were paid within an interval.

        :param int after: id to begin after
        :param limit: how many at most, None: all
        :return: list of ids, ascending
        """
        rows = self.env.execute_query(
            SQL("SELECT merchant_statement_merchants(%s, %s, %s, %s, %s)", self.funder_id.id, after, limit, start, end)
        )
        return [merchant for (merchant,) in rows]

    def _begin(self, terms):
        """Begin a pass over all merchants.

        :param terms: settlement.terms in force
        """
        start, _month, end = self._interval()
        self.write(
            {
                "state": "running",
                "started_by_id": self.env.uid,
                "done_at": False,
                "merchant_total": len(self._merchants(0, None, start, end)),
                "merchant_done": 0,
                "last_merchant": 0,
                "note": False,
            }
        )

    def _work(self, seconds=REQUEST_SECONDS):
        """Do chunk after chunk, each committed, until done or out of time.

        :param seconds: how long to go on before the rest is left to the queue
        """
        self.ensure_one()
        deadline = time.monotonic() + seconds
        while self.state == "running":
            read_committed(self.env)
            self._chunk()
            self._job_progress(self.merchant_done, self.merchant_total, self.env._("Making statements"))
            if self.state == "running" and time.monotonic() > deadline:
                self._job_enqueue("_job_make", self.env._("Statements of %s", self.display_name))
                return

    def _job_make(self):
        """Job: go on with a run; killed and begun again, it makes only what is still to make."""
        self.ensure_one()
        self._work(JOB_SECONDS)

    @api.model
    def _cron_continue(self):
        """Scheduled: go on with runs that were left in the middle and that the queue has lost."""
        for run in self.search([("state", "=", "running")], order="id"):
            if run.job_state not in ("waiting", "running"):
                run._job_enqueue("_job_make", self.env._("Statements of %s", run.display_name))

    def _chunk(self):
        """Make the statements of the next merchants and keep where we are."""
        # Two workers on the same run queue here instead of doing the same merchants.
        self._lock()
        if self.state != "running":
            return
        # Tables that were empty a moment ago have statistics that say so: read whole, each chunk would take longer
        # than the one before. The indexes serve, however few merchants there are.
        self.env.cr.execute(SQL("SET LOCAL enable_seqscan = off"))
        start, month_start, end = self._interval()
        merchants = self._merchants(self.last_merchant, CHUNK, start, end)
        found = self._missing(merchants)
        terms = self._terms()
        statements = self._open([row["merchant_id"] for row in found if row["how"] == "new"], terms)
        statements |= self._reopen([row["statement_id"] for row in found if row["how"] == "remake"])
        if statements:
            self.env.cr.execute(
                SQL(
                    "SELECT merchant_statement_fill(%s, %s, %s, %s, %s)",
                    statements.ids,
                    start,
                    month_start,
                    end,
                    self.funder_id.circuit_id.tz,
                )
            )
            statements._settle(terms, self._law(terms))
        left = self._sentences([row for row in found if row["how"] in ("next", "sent")])
        finished = len(merchants) < CHUNK
        self.write(
            {
                "merchant_done": self.merchant_done + len(merchants),
                "last_merchant": merchants[-1] if merchants else self.last_merchant,
                "note": "\n".join(filter(None, [self.note, *left])) or False,
                **({"state": "done", "done_at": fields.Datetime.now()} if finished else {}),
            }
        )
        self.env["merchant.statement"].invalidate_model()
        self.env["merchant.statement.line"].invalidate_model()
        self.env["merchant.statement.source"].invalidate_model()

    def _missing(self, merchants):
        """Which merchants have payments that are in no statement yet, and what to do about them.

        :param merchants: ids, None: all of the funder
        :return: list of dict merchant_id, statement_id, name, state, count, how: ``new`` a statement is to be made,
            ``remake`` it is there and nobody outside has seen it, ``sent`` it is on its way, ``next`` the month after
            has one already
        """
        start, _month, end = self._interval()
        return self.env.execute_query_dict(
            SQL(
                """
                SELECT t.merchant_id, s.id AS statement_id, s.name, s.state, t.count,
                       CASE WHEN EXISTS (SELECT 1 FROM merchant_statement later
                                          WHERE later.merchant_id = t.merchant_id AND later.funder_id = %(funder)s
                                            AND later.month > %(month)s) THEN 'next'
                            WHEN s.id IS NULL THEN 'new'
                            WHEN s.state = ANY(%(open)s) THEN 'remake' ELSE 'sent' END AS how
                  FROM (SELECT merchant_id, count(*) AS count FROM circuit_transaction t
                         WHERE funder_id = %(funder)s AND state = 'captured'
                           AND (%(merchants)s::int[] IS NULL OR merchant_id = ANY(%(merchants)s::int[]))
                           AND captured_at >= %(start)s AND captured_at < %(end)s
                           AND NOT EXISTS (SELECT 1 FROM merchant_statement_line l WHERE l.transaction_id = t.id)
                         GROUP BY merchant_id) AS t
                  LEFT JOIN merchant_statement s
                    ON s.merchant_id = t.merchant_id AND s.funder_id = %(funder)s AND s.month = %(month)s
                 ORDER BY t.merchant_id
                """,
                funder=self.funder_id.id,
                month=self.month,
                merchants=merchants,
                start=start,
                end=end,
                open=list(OPEN),
            )
        )

    def _sentences(self, rows):
        """What is said about merchants whose statements are left as they are.

        :param rows: as :meth:`_missing` gives them
        :return: list of str
        """
        states = dict(self.env["merchant.statement"]._fields["state"]._description_selection(self.env))
        names = {
            partner.id: partner.name for partner in self.env["res.partner"].browse([r["merchant_id"] for r in rows])
        }
        return [
            self.env._(
                "%(merchant)s: statement %(name)s is left as it is (%(state)s). Payments missing in it: %(count)s; they"
                " come with the next month's.",
                merchant=names[row["merchant_id"]],
                count=row["count"],
                name=row["name"] or "–",
                state=states.get(row["state"], "–"),
            )
            for row in rows
        ]

    def _law(self, terms):
        """Figures in force on the last day of the month.

        :param terms: settlement.terms
        :return: Law
        """
        legal, day = self.env["settlement.legal"], calendar.last_day(self.month)
        return Law(
            to_decimal(legal._at("stamp_threshold", day).amount),
            to_decimal(legal._at("stamp_amount", day).amount),
            terms.stamp_borne_by,
        )

    def _open(self, merchants, terms):
        """Begin the statements of merchants who have none.

        :param list merchants: ids
        :param terms: settlement.terms
        :return: merchant.statement, without lines
        """
        statements = self.env["merchant.statement"]
        if not merchants:
            return statements
        self.env.cr.execute(
            SQL(
                "SELECT merchant_statement_open(%s, %s, %s, %s, %s, %s, %s)",
                self.id,
                merchants,
                self.month,
                terms.id,
                calendar.due_on(self.month, terms.statement_due_day),
                calendar.pay_from(self.month, terms.hold_days),
                self.started_by_id.id or self.env.uid,
            )
        )
        return statements.search([("run_id", "=", self.id), ("merchant_id", "in", merchants)])

    def _reopen(self, ids):
        """Take up again statements that nobody outside has seen, to add what was missing. Their lines stay: among them
        may be what was taken off later.

        :param list ids: merchant.statement
        :return: merchant.statement
        """
        self.env.cr.execute(SQL("DELETE FROM merchant_statement_source WHERE statement_id = ANY(%s)", ids))
        return self.env["merchant.statement"].browse(ids)
