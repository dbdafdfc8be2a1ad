import time

from odoo import api, models
from odoo.tools import SQL

from odoo.addons.stored_value.tools import read_committed

CHUNK = 1000
REQUEST_SECONDS = 40
JOB_SECONDS = 3600


class FamilyCardCreditRun(models.Model):
    """The crediting itself, chunk by chunk; killed anywhere, it goes on with the cards still to credit (R-004-49)."""

    _inherit = "family.card.credit.run"

    def _start(self, at):
        """Begin a pass over the cards of the preview.

        :param datetime at: instant of the credit, naive UTC
        :raises UserError: the preview no longer holds, or the funds do not cover it
        """
        self.ensure_one()
        self._check_plan(at)
        self.write(
            {
                "state": "running",
                "confirmed_by_id": self.env.uid,
                "credited_at": at,
                "late": self.late or self.period_id._is_late(at),
                "done": 0,
                "total": self.planned_count,
            }
        )

    def _work(self, seconds=None):
        """Credit chunk after chunk, each committed, until done or out of time.

        :param seconds: how long to go on before leaving the rest to the queue
        """
        self.ensure_one()
        deadline = time.monotonic() + (REQUEST_SECONDS if seconds is None else seconds)
        while self.state == "running":
            read_committed(self.env)
            if self._circuit_stopped():
                # everything stops at once (R-004-60); started again, the run goes on where it was
                return
            self._credit_chunk()
            if self.state == "running" and time.monotonic() > deadline:
                self._continue_later()
                return

    def _circuit_stopped(self):
        """Whether somebody stopped the circuit meanwhile.

        :return: bool, as it is now
        """
        circuit = self.program_id.circuit_id
        circuit.invalidate_recordset(["state"])
        return circuit.state == "stopped"

    def _continue_later(self):
        """Leave the rest to the queue; asked twice, it is done once."""
        description = self.env._("Credit run %s", self.display_name)
        self.with_delay(description=description, identity_key=f"{self._name},{self.id}")._job_continue()

    def _job_continue(self):
        """Go on with a run; killed and begun again, it credits only what is still to credit."""
        self.ensure_one()
        self._work(JOB_SECONDS)

    def _credit_chunk(self):
        """Credit the next cards and keep where we are."""
        self.ensure_one()
        # Two workers on the same run queue here instead of doing the same cards.
        self._lock()
        if self.state != "running":
            return
        rows = self.env.execute_query(
            SQL(
                "SELECT card_id FROM family_card_credit_run_line WHERE run_id = %s AND state = 'planned'"
                " ORDER BY card_id LIMIT %s",
                self.id,
                CHUNK,
            )
        )
        cards = self.env["family.card"].browse(card for (card,) in rows)
        if cards:
            self._record(cards._credit_period(self.period_id, self.credited_at, self))
        finished = len(cards) < CHUNK
        self.write({"done": self.done + len(cards), "state": "done" if finished else "running", **self._figures()})
        if finished:
            self._write_totals(self._paid_rows())

    def _record(self, outcomes):
        """Write one line a card; a card credited in an earlier pass keeps that line."""
        if not outcomes:
            return
        columns = [list(column) for column in zip(*outcomes, strict=True)]
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO family_card_credit_run_line (run_id, card_id, state, reason, amount, detail)
                SELECT %s, v.* FROM unnest(%s::int[], %s::text[], %s::text[], %s::numeric[], %s::text[])
                       AS v(card_id, state, reason, amount, detail)
                    ON CONFLICT (run_id, card_id) DO UPDATE
                   SET state = excluded.state, reason = excluded.reason, amount = excluded.amount,
                       detail = excluded.detail
                 WHERE family_card_credit_run_line.state <> 'credited' OR excluded.state <> 'already'
                """,
                self.id,
                *columns,
            )
        )
        self.env["family.card.credit.run.line"].invalidate_model()
        self.invalidate_recordset(["line_ids"])

    def _figures(self):
        """Figures of the run, counted from its lines."""
        rows = self.env.execute_query(
            SQL(
                "SELECT state, count(*), sum(amount)::text FROM family_card_credit_run_line"
                " WHERE run_id = %s GROUP BY state",
                self.id,
            )
        )
        counts = {state: (count, amount) for state, count, amount in rows}
        return {
            "card_count": counts.get("credited", (0, 0))[0],
            "skipped_count": counts.get("skipped", (0, 0))[0],
            "credited_total": float(counts.get("credited", (0, "0"))[1]),
        }

    def _paid_rows(self):
        """Totals of what was credited, by account and by fund, counted from the ledger's lots."""
        rows = self.env.execute_query(
            SQL(
                """
                SELECT line.code, l.fund_id, count(DISTINCT a.card_id), sum(l.amount)::text,
                       grouping(line.code) AS by_fund
                  FROM stored_value_lot l
                  JOIN stored_value_account a ON a.id = l.account_id
                  JOIN family_card_scheme_line line ON line.id = a.scheme_line_id
                 WHERE l.run_id = %s AND l.revoked IS NOT TRUE
                 GROUP BY GROUPING SETS ((line.code), (l.fund_id)) ORDER BY 5, min(line.sequence)
                """,
                self.id,
            )
        )
        return [
            {
                "kind": "fund" if by_fund else "account",
                "account_code": code,
                "fund_id": fund,
                "card_count": count,
                "amount": float(amount),
            }
            for code, fund, count, amount, by_fund in rows
        ]

    @api.model
    def _cron_continue(self):
        """Scheduled: go on with runs that were left in the middle and that the queue has lost."""
        for run in self.search([("state", "=", "running")], order="id"):
            run._continue_later()
