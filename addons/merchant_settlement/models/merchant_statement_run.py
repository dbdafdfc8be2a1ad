from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL, format_date

from odoo.addons.family_card.rules.periods import local_day
from odoo.addons.stored_value.tools import read_committed

from ..rules import calendar

LIVE = ("paying", "paid")
NAMED = 10


class MerchantStatementRun(models.Model):
    """Makes the statements of a month for all merchants of a funder. Run again it adds only what is missing
    (R-004-96)."""

    _name = "merchant.statement.run"
    _description = "Statements of a month"
    _inherit = ["own.fields", "family.job.mixin", "mail.thread"]
    _order = "month desc, id desc"
    _rec_name = "month"

    funder_id = fields.Many2one(
        "circuit.funder",
        required=True,
        index=True,
        ondelete="restrict",
        default=lambda self: self._default_funder(),
        help="Who pays for the statements in the end.",
    )
    company_id = fields.Many2one(related="funder_id.company_id", store=True, index=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    month = fields.Date(
        required=True, default=lambda self: self._default_month(), help="Any day of the month. The month must be over."
    )
    state = fields.Selection(
        [("draft", "To start"), ("running", "Running"), ("done", "Done")],
        default="draft",
        required=True,
        readonly=True,
        copy=False,
        tracking=True,
    )
    started_by_id = fields.Many2one("res.users", readonly=True, copy=False, ondelete="restrict")
    done_at = fields.Datetime("Finished", readonly=True, copy=False)
    statement_ids = fields.One2many("merchant.statement", "run_id", "Statements", readonly=True)
    merchant_total = fields.Integer("Merchants", readonly=True, copy=False, help="Paid in the month.")
    merchant_done = fields.Integer("Merchants done", readonly=True, copy=False)
    last_merchant = fields.Integer(readonly=True, copy=False, help="Up to which merchant the run has come.")
    month_name = fields.Char("Month in words", compute="_compute_month_name")
    progress = fields.Float("Merchants done (%)", compute="_compute_progress")
    statement_count = fields.Integer("Number of statements", compute="_compute_figures")
    payable = fields.Monetary("To pay", compute="_compute_figures", help="Sum over the statements of the run.")
    note = fields.Text(
        "Left as they are", readonly=True, copy=False, help="What the last pass found and did not touch, and why."
    )

    _one_a_month = models.UniqueIndex("(funder_id, month)", "There is a run of this month: open it and run it again.")

    @api.model
    def _default_funder(self):
        funders = self.env["circuit.funder"].search([("company_id", "in", self.env.companies.ids)], limit=2)
        return funders if len(funders) == 1 else funders.browse()

    @api.model
    def _default_month(self):
        return calendar.plus_months(fields.Date.context_today(self), -1)

    @api.depends("merchant_total", "merchant_done")
    def _compute_progress(self):
        for run in self:
            run.progress = 100.0 * run.merchant_done / run.merchant_total if run.merchant_total else 0.0

    @api.depends("statement_ids.payable")
    def _compute_figures(self):
        rows = self.env["merchant.statement"]._read_group(
            [("run_id", "in", self.ids)], ["run_id"], ["__count", "payable:sum"]
        )
        figures = {run.id: rest for run, *rest in rows}
        for run in self:
            run.statement_count, run.payable = figures.get(run.id, (0, 0.0))

    @api.depends("month")
    @api.depends_context("lang")
    def _compute_month_name(self):
        for run in self:
            run.month_name = run._month_label()

    @api.depends("month", "funder_id")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for run in self:
            run.display_name = f"{run._month_label()} · {run.funder_id.name or ''}"

    def _month_label(self, month=None):
        """The month in words.

        :param date month: first day; the run's own when empty
        :return: str
        """
        month = month or self.month
        return format_date(self.env, month, date_format="MMMM yyyy") if month else ""

    def _own_fields(self):
        return super()._own_fields() | (self._fields.keys() - {"funder_id", "month"} - self._chatter_fields())

    def _chatter_fields(self):
        return {name for name in self._fields if name.startswith(("message_", "website_message_"))}

    def _own_refusal(self):
        return self.env._("A run is filled in by its own actions.")

    @api.model_create_multi
    def create(self, vals_list):
        """A run is of a whole month, whichever day of it was typed."""
        return super().create([self._whole_month(vals) for vals in vals_list])

    def write(self, vals):
        """A run that has started keeps its funder and month.

        :raise UserError: another one
        """
        if vals.keys() & {"funder_id", "month"} and any(run.state != "draft" for run in self):
            raise UserError(self.env._("This run has started: make another one for another month."))
        return super().write(self._whole_month(vals))

    def _whole_month(self, vals):
        if month := vals.get("month"):
            return vals | {"month": calendar.month_of(fields.Date.to_date(month))}
        return vals

    @api.ondelete(at_uninstall=False)
    def _unlink_draft(self):
        """A run that has started stays.

        :raise UserError: it has
        """
        if any(run.state != "draft" for run in self):
            raise UserError(self.env._("A run that has started stays: its statements refer to it."))

    def _lock(self):
        """Hold these runs and read them as they are now."""
        self.env.flush_all()
        self.env.execute_query(
            SQL("SELECT 1 FROM merchant_statement_run WHERE id = ANY(%s) ORDER BY id FOR UPDATE", self.ids)
        )
        self.invalidate_recordset()

    def action_start(self):
        """Button: make the statements of the month, or go on, or add what is missing. After a while the rest is left to
        the queue, so that the screen answers.

        :raise UserError: the month is not over, an earlier one has no statements, there are no terms, or nothing is
            missing
        """
        self.check_access("write")
        for run in self:
            read_committed(self.env)
            run._lock()
            if run.state != "running":
                run._check_over()
                run._check_earlier()
                terms = run._terms()
                if run.state == "done":
                    run._check_missing()
                # sudo: a run is filled in by its own actions only
                run.sudo()._begin(terms)
            run.sudo()._work()  # sudo: statements are made by their run only
        return True

    def _terms(self):
        """Terms of the statements: those in force on the last day of the month."""
        terms = self.funder_id._settlement_terms(calendar.last_day(self.month))
        if terms.share_ids:
            terms._check_shares()
        return terms

    def _check_over(self):
        """The month is over.

        :raise UserError: it is not
        """
        today = local_day(fields.Datetime.now(), self.funder_id.circuit_id.tz)
        first = calendar.plus_months(self.month, 1)
        if today < first:
            raise UserError(
                self.env._(
                    "%(month)s is not over yet: its statements can be made from %(day)s on.",
                    month=self._month_label(),
                    day=format_date(self.env, first),
                )
            )

    def _check_earlier(self):
        """Months are settled one after the other: what one leaves below zero belongs into the next.

        :raise UserError: an earlier month with payments has no statements
        """
        funder = self.funder_id.sudo()  # sudo: whoever makes statements sees since when there are terms
        starts = funder.terms_ids.mapped("valid_from")
        month, tz = min(map(calendar.month_of, starts), default=self.month), funder.circuit_id.tz
        done = set(self.search([("funder_id", "=", funder.id), ("state", "=", "done")]).mapped("month"))
        while month < self.month:
            start, end = calendar.bounds(month, tz)
            if month not in done and self._merchants(0, 1, start, end):
                raise UserError(
                    self.env._(
                        "Make the statements of %(earlier)s first: months are settled one after the other.",
                        earlier=self._month_label(month),
                    )
                )
            month = calendar.plus_months(month, 1)

    def _check_missing(self):
        """A month that is done is run again only where something is missing.

        :raise UserError: nothing is missing, or only in statements that are on their way
        """
        found = self._missing(None)
        if any(row["how"] in ("new", "remake") for row in found):
            return
        month = self._month_label()
        if found:
            raise UserError(
                self.env._("%(month)s was left as it is.", month=month) + "\n" + "\n".join(self._sentences(found))
            )
        paid = self.statement_ids.filtered(lambda statement: statement.state in LIVE)
        text = self.env._("Nothing to add: every payment of %(month)s is in a statement.", month=month)
        if paid:
            names = ", ".join(paid[:NAMED].mapped("name")) + (" …" if len(paid) > NAMED else "")
            text += " " + self.env._("Paid or being paid already: %(names)s.", names=names)
        raise UserError(text)

    def action_view_statements(self):
        """Smart button: the statements of the run."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("merchant_settlement.action_statement")
        return action | {"domain": [("run_id", "=", self.id)], "context": {}}
