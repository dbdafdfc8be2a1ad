import time

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from odoo.addons.stored_value.tools import read_committed

CHUNK = 500
REQUEST_SECONDS = 40


class FamilyCardCreditRun(models.Model):
    """Loads one period on all cards of a programme. It works in chunks that are committed as they are
    done, goes on where it stopped, and run again it adds only what is missing (R-004-49)."""

    _name = "family.card.credit.run"
    _description = "Credit run"
    _order = "id desc"
    _rec_name = "period_id"

    program_id = fields.Many2one(
        "family.card.program",
        required=True,
        index=True,
        ondelete="restrict",
        default=lambda self: self.env["family.card"]._default_program(),
    )
    period_id = fields.Many2one(
        "family.card.period", required=True, index=True, ondelete="restrict", domain="[('program_id', '=', program_id)]"
    )
    company_id = fields.Many2one(related="program_id.company_id", store=True, index=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    state = fields.Selection(
        [("draft", "To run"), ("running", "Running"), ("done", "Done"), ("cancelled", "Cancelled")],
        default="draft",
        required=True,
        readonly=True,
        copy=False,
    )
    credited_at = fields.Datetime(
        "Credited on", readonly=True, copy=False, help="Instant of the credit: it decides terms, expiry and lateness."
    )
    late = fields.Boolean(readonly=True, copy=False, help="Loaded after the due day. Notice §4 (R-004-32).")
    load_by = fields.Date(related="period_id.load_by")
    last_card_id = fields.Integer(readonly=True, copy=False, default=0)
    total = fields.Integer("Cards", readonly=True, copy=False)
    done = fields.Integer("Cards done", readonly=True, copy=False)
    progress = fields.Float(compute="_compute_progress")
    card_count = fields.Integer("Cards credited", readonly=True, copy=False)
    skipped_count = fields.Integer("Cards skipped", readonly=True, copy=False)
    credited_total = fields.Monetary("Credited", readonly=True, copy=False)
    line_ids = fields.One2many("family.card.credit.run.line", "run_id", string="Cards of the run", readonly=True)

    _period_unique = models.UniqueIndex(
        "(period_id) WHERE state <> 'cancelled'", "There is a run for this period: open it and run it again."
    )

    @api.depends("total", "done")
    def _compute_progress(self):
        for run in self:
            run.progress = 100.0 * run.done / run.total if run.total else 0.0

    @api.model_create_multi
    def create(self, vals_list):
        """Create runs; only their own actions fill them."""
        if not self.env.su:
            allowed = {"program_id", "period_id", "state"}
            if any(vals.keys() - allowed or vals.get("state", "draft") != "draft" for vals in vals_list):
                raise UserError(self.env._("A run is filled in by its own actions."))
        return super().create(vals_list)

    def write(self, vals):
        """A run that has started is changed only by its own actions.

        :raises UserError: anything else
        """
        if not self.env.su and (vals.keys() - {"program_id", "period_id"} or any(run.state != "draft" for run in self)):
            raise UserError(self.env._("A run is filled in by its own actions."))
        return super().write(vals)

    @api.constrains("program_id", "period_id")
    def _check_period(self):
        """The period is one of the programme.

        :raises UserError: it is not
        """
        for run in self:
            if run.period_id.program_id != run.program_id:
                raise UserError(self.env._("The period belongs to another programme."))

    @api.onchange("program_id")
    def _onchange_program_id(self):
        if self.period_id.program_id != self.program_id:
            self.period_id = False

    def action_run(self):
        """Button: credit the period, or what is still missing of it. After a while the rest is left to
        the scheduled job, so that the screen answers.

        :raises UserError: the programme is not running, or has no terms in force
        """
        self._run(fields.Datetime.now())
        return True

    def _run(self, at):
        """Credit the period as of an instant.

        :param datetime at: instant of the credit, naive UTC: it decides terms, expiry and lateness
        :raises UserError: as :meth:`action_run`
        """
        self.check_access("write")
        for run in self:
            if run.state == "cancelled" or run.program_id.state != "open":
                raise UserError(self.env._("Only a running programme can be credited."))
            # sudo: a run is filled in by its own actions only, see write()
            run.sudo()._start(at)
            run.sudo()._work(REQUEST_SECONDS)

    def action_cancel(self):
        """Button: give up a run that has not started."""
        self.check_access("write")
        if any(run.state != "draft" for run in self):
            raise UserError(self.env._("Only a run that has not started can be cancelled."))
        self.sudo().state = "cancelled"  # sudo: see write()
        # The unique index on the period must see it before the next run is made.
        self.flush_recordset(["state"])

    def _start(self, at):
        """Begin, or begin again from the first card when the run was done."""
        self.ensure_one()
        self.program_id._current_terms(at)
        if self.state == "running":
            return
        self.write(
            {
                "state": "running",
                "credited_at": at,
                "late": self.late or self.period_id._is_late(at),
                "last_card_id": 0,
                "done": 0,
                "total": self.env["family.card"].search_count([("program_id", "=", self.program_id.id)]),
            }
        )

    def _work(self, seconds):
        """Credit chunk after chunk, each committed, until done or out of time.

        :param seconds: how long to go on before leaving the rest to the scheduled job
        """
        self.ensure_one()
        deadline = time.monotonic() + seconds
        while self.state == "running":
            read_committed(self.env)
            self._credit_chunk()
            if self.state == "running" and time.monotonic() > deadline:
                self.env.ref("family_card.cron_credit_run")._trigger()
                return

    def _credit_chunk(self):
        """Credit the next cards and keep where we are."""
        self.ensure_one()
        self.env.flush_all()
        # Two workers on the same run would queue here instead of doing the same cards.
        self.env.execute_query(SQL("SELECT 1 FROM family_card_credit_run WHERE id = %s FOR UPDATE", self.id))
        self.invalidate_recordset()
        cards = self.env["family.card"].search(
            [("program_id", "=", self.program_id.id), ("id", ">", self.last_card_id)], order="id", limit=CHUNK
        )
        if cards:
            self._record(cards._credit_period(self.period_id, self.credited_at))
        finished = len(cards) < CHUNK
        self.write(
            {
                "last_card_id": cards[-1:].id or self.last_card_id,
                "done": self.done + len(cards),
                "state": "done" if finished else "running",
                **self._totals(),
            }
        )

    def _record(self, outcomes):
        """Write one line a card; a card credited in an earlier pass keeps that line."""
        rows = SQL(", ").join(
            SQL("(%s, %s, %s, %s, %s)", self.id, o.card_id, o.state, o.reason, o.amount) for o in outcomes
        )
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO family_card_credit_run_line (run_id, card_id, state, reason, amount)
                SELECT run_id, card_id, state, reason, amount
                  FROM (VALUES %s) AS v(run_id, card_id, state, reason, amount)
                    ON CONFLICT (run_id, card_id) DO UPDATE
                   SET state = excluded.state, reason = excluded.reason, amount = excluded.amount
                 WHERE family_card_credit_run_line.state <> 'credited' OR excluded.state <> 'already'
                """,
                rows,
            )
        )
        self.env["family.card.credit.run.line"].invalidate_model()

    def _totals(self):
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

    @api.model
    def _cron_continue(self):
        """Scheduled: go on with runs that were left in the middle."""
        for run in self.search([("state", "=", "running")], order="id"):
            run._work(REQUEST_SECONDS)
