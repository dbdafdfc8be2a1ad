from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from odoo.addons.stored_value.tools import read_committed


class FamilyCardCreditRun(models.Model):
    """Loads one period on all cards of a programme: previewed by one person, confirmed by another, then credited
    in chunks that are committed as they are done. It goes on where it stopped, and run again it adds only what is
    missing (R-004-49, R-001-24)."""

    _name = "family.card.credit.run"
    _description = "Credit run"
    _inherit = ["own.fields", "mail.thread"]
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
        [
            ("draft", "To prepare"),
            ("previewed", "To confirm"),
            ("running", "Running"),
            ("done", "Done"),
            ("cancelled", "Cancelled"),
        ],
        default="draft",
        required=True,
        readonly=True,
        copy=False,
        tracking=True,
    )
    prepared_by_id = fields.Many2one("res.users", "Prepared by", readonly=True, copy=False, ondelete="restrict")
    prepared_at = fields.Datetime("Prepared on", readonly=True, copy=False)
    confirmed_by_id = fields.Many2one("res.users", "Confirmed by", readonly=True, copy=False, ondelete="restrict")
    credited_at = fields.Datetime(
        "Credited on", readonly=True, copy=False, help="Instant of the credit: it decides terms, expiry and lateness."
    )
    late = fields.Boolean(readonly=True, copy=False, help="Loaded after the due day. Notice §4 (R-004-32).")
    load_by = fields.Date(related="period_id.load_by")
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

    def _own_fields(self):
        return super()._own_fields() | (self._fields.keys() - {"program_id", "period_id"})

    def _own_refusal(self):
        return self.env._("A run is filled in by its own actions.")

    def write(self, vals):
        """A run that has started is changed only by its own actions.

        :raises UserError: anything else
        """
        if not self.env.su and any(run.state != "draft" for run in self):
            raise UserError(self._own_refusal())
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

    def _lock(self):
        """Hold these runs and read them as they are now."""
        self.env.flush_all()
        self.env.execute_query(
            SQL("SELECT 1 FROM family_card_credit_run WHERE id = ANY(%s) ORDER BY id FOR UPDATE", self.ids)
        )
        self.invalidate_recordset()

    def action_preview(self):
        """Button: work out who gets how much and why not, without moving money (R-004-49).

        :raises UserError: the programme is not running, has no terms in force, or the run has started
        """
        self._preview(fields.Datetime.now())
        return True

    def _preview(self, at):
        """Plan the run as of an instant.

        :param datetime at: naive UTC
        :raises UserError: as :meth:`action_preview`
        """
        self.check_access("write")
        for run in self:
            run._lock()
            self.env["family.card"]._check_creditable(run.program_id)
            if run.state not in ("draft", "previewed", "done"):
                raise UserError(self.env._("A run that has started or was cancelled is not prepared again."))
            # sudo: a run is filled in by its own actions only, see write()
            run.sudo()._write_plan(at)
            run.sudo().write(
                {
                    "state": "previewed",
                    "prepared_by_id": self.env.uid,
                    "prepared_at": fields.Datetime.now(),
                    "confirmed_by_id": False,
                }
            )

    def action_confirm(self):
        """Button: a second person lets the credit begin. After a while the rest is left to the queue, so that the
        screen answers.

        :raises UserError: the same person, figures that changed since the preview, or funds that do not suffice
        """
        self._confirm(fields.Datetime.now())
        return True

    def _confirm(self, at):
        """Begin to credit as of an instant.

        :param datetime at: instant of the credit, naive UTC: it decides terms, expiry and lateness
        :raises UserError: as :meth:`action_confirm`
        """
        self.check_access("write")
        for run in self:
            read_committed(self.env)
            run._lock()
            if run.state != "previewed":
                raise UserError(self.env._("Prepare the run first: only a preview can be confirmed."))
            self.env["family.card"]._check_creditable(run.program_id)
            if run.program_id._current_terms(at).four_eyes and run.prepared_by_id.id == self.env.uid:
                raise UserError(self.env._("Another person than the one who prepared the run confirms it."))
            # sudo: a run is filled in by its own actions only, see write()
            run.sudo()._start(at)
            run.sudo()._work()

    def action_run(self):
        """Button: go on with a run that stopped; prepare and confirm at once where one person may.

        :raises UserError: the programme is not running, or two persons are needed
        """
        self._run(fields.Datetime.now())
        return True

    def _run(self, at):
        """Credit the period as of an instant.

        :param datetime at: naive UTC, for a run that has not started
        :raises UserError: as :meth:`action_run`
        """
        self.check_access("write")
        for run in self:
            read_committed(self.env)
            run._lock()
            self.env["family.card"]._check_creditable(run.program_id)
            if run.state == "running":
                run.sudo()._work()  # sudo: a run is filled in by its own actions only, see write()
                continue
            if run.program_id._current_terms(at).four_eyes:
                raise UserError(self.env._("Prepare the run; another person confirms it."))
            run._preview(at)
            run._confirm(at)

    def action_cancel(self):
        """Button: give up a run, or the last preview of one, that has not started."""
        self.check_access("write")
        for run in self:
            run._lock()
            if run.state not in ("draft", "previewed"):
                raise UserError(self.env._("Only a run that has not started can be cancelled."))
            # What an earlier pass credited stays.
            run.sudo().state = "done" if run.card_count else "cancelled"  # sudo: see write()
        # The unique index on the period must see it before the next run is made.
        self.flush_recordset(["state"])

    def action_view_lines(self):
        """Smart buttons: the cards of the run, those of one state when the context names it."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("family_card.action_credit_run_line")
        domain = [("run_id", "=", self.id)]
        if states := self.env.context.get("line_states"):
            domain.append(("state", "in", states))
        return action | {"domain": domain}
