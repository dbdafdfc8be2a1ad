from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL, format_date

from odoo.addons.family_card.rules.periods import local_day
from odoo.addons.merchant_settlement.rules import calendar
from odoo.addons.stored_value.tools import read_committed

# what a run's user chooses; all else its own actions write
CHOSEN = {"circuit_id", "month"}


class EcouponInvoiceRun(models.Model):
    """Invoices the coupons spent in a month to those who pay for them: values paid out to others and commission to the
    issuers, their share to sponsors. Run again it adds only what is missing (R-000-20, R-000-24, R-000-25)."""

    _name = "ecoupon.invoice.run"
    _description = "Issuers' invoices of a month"
    _inherit = ["own.fields", "family.job.mixin", "mail.thread"]
    _order = "month desc, id desc"
    _rec_name = "month"

    circuit_id = fields.Many2one(
        "circuit.circuit",
        required=True,
        index=True,
        ondelete="restrict",
        default=lambda self: self._default_circuit(),
    )
    company_id = fields.Many2one(related="circuit_id.company_id", store=True, index=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    month = fields.Date(
        required=True, default=lambda self: self._default_month(), help="Any day of the month. The month must be over."
    )
    state = fields.Selection(
        [
            ("draft", "To start"),
            ("running", "Running"),
            ("blocked", "Something is missing"),
            ("done", "Done"),
        ],
        default="draft",
        required=True,
        readonly=True,
        copy=False,
        tracking=True,
    )
    started_by_id = fields.Many2one("res.users", readonly=True, copy=False, ondelete="restrict")
    done_at = fields.Datetime("Finished", readonly=True, copy=False)
    debtor_total = fields.Integer("Issuers and sponsors", readonly=True, copy=False, help="With something to invoice.")
    debtor_done = fields.Integer("Issuers and sponsors done", readonly=True, copy=False)
    last_debtor = fields.Integer(
        "Last contact", readonly=True, copy=False, help="Up to which contact the run has come."
    )
    problems = fields.Text("Not invoiced", readonly=True, copy=False, help="Who could not be invoiced, and why.")
    move_ids = fields.One2many("account.move", "ecoupon_run_id", "Invoices", readonly=True)
    item_ids = fields.One2many("ecoupon.invoice.item", "run_id", "Coupons", readonly=True)
    month_name = fields.Char("Month in words", compute="_compute_month_name")
    progress = fields.Float("Done (%)", compute="_compute_progress")
    invoice_count = fields.Integer("Number of invoices", compute="_compute_figures")
    item_count = fields.Integer("Number of coupons", compute="_compute_figures")
    values_paid = fields.Monetary("Paid out for issuers", compute="_compute_figures", help="Sponsors' shares included.")
    commission = fields.Monetary(compute="_compute_figures", help="Before VAT.")
    to_send_count = fields.Integer("To send", compute="_compute_figures", help="Electronic invoices not sent yet.")

    _one_a_month = models.UniqueIndex("(circuit_id, month)", "There is a run of this month: open it and run it again.")

    @api.model
    def _default_circuit(self):
        circuits = self.env["circuit.circuit"].search([("clearing_funder_id", "!=", False)], limit=2)
        return circuits if len(circuits) == 1 else circuits.browse()

    @api.model
    def _default_month(self):
        return calendar.plus_months(fields.Date.context_today(self), -1)

    @api.depends("month")
    @api.depends_context("lang")
    def _compute_month_name(self):
        for run in self:
            run.month_name = run._month_label()

    @api.depends("month", "circuit_id")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for run in self:
            run.display_name = f"{run._month_label()} · {run.circuit_id.name or ''}"

    @api.depends("debtor_total", "debtor_done")
    def _compute_progress(self):
        for run in self:
            run.progress = 100.0 * run.debtor_done / run.debtor_total if run.debtor_total else 0.0

    @api.depends("item_ids", "move_ids")
    def _compute_figures(self):
        # sudo: sums only; clerks need no right on journal entries
        items = self.env["ecoupon.invoice.item"].sudo()
        parts = {}
        for run, part, amount in items._read_group([("run_id", "in", self.ids)], ["run_id", "part"], ["amount:sum"]):
            parts[run.id, part] = amount
        coupons = dict(
            items._read_group([("run_id", "in", self.ids)], ["run_id"], ["redemption_id:count_distinct"]),
        )
        for run in self:
            moves = run.sudo().move_ids  # sudo: as above
            run.invoice_count = len(moves)
            run.to_send_count = len(moves.filtered(lambda move: move._l10n_it_edi_ready_for_xml_export()))
            run.item_count = coupons.get(run, 0)
            run.values_paid = sum(parts.get((run.id, part), 0.0) for part in ("value", "own", "sponsor"))
            run.commission = parts.get((run.id, "commission"), 0.0)

    def _month_label(self, month=None):
        """The month in words.

        :param date month: first day; the run's own when empty
        :return: str
        """
        month = month or self.month
        return format_date(self.env, month, date_format="MMMM yyyy") if month else ""

    def _own_fields(self):
        chatter = {name for name in self._fields if name.startswith(("message_", "website_message_"))}
        return super()._own_fields() | (self._fields.keys() - CHOSEN - chatter)

    def _own_refusal(self):
        return self.env._("A run is filled in by its own actions.")

    @api.model_create_multi
    def create(self, vals_list):
        """A run is of a whole month, whichever day of it was typed."""
        return super().create([self._whole_month(vals) for vals in vals_list])

    def write(self, vals):
        """A run that has started keeps its circuit and month.

        :raise UserError: another one
        """
        if vals.keys() & CHOSEN and any(run.state != "draft" for run in self):
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
            raise UserError(self.env._("A run that has started stays: its invoices refer to it."))

    def _today(self):
        """Local day of the circuit, also the day of the invoices."""
        return local_day(fields.Datetime.now(), self.circuit_id.tz)

    def _lock(self):
        """Hold these runs and read them as they are now."""
        self.env.flush_all()
        self.env.execute_query(
            SQL("SELECT 1 FROM ecoupon_invoice_run WHERE id = ANY(%s) ORDER BY id FOR UPDATE", self.ids)
        )
        self.invalidate_recordset()

    def action_start(self):
        """Button: invoice the month, or go on, or add what is missing. After a while the rest is left to the queue, so
        that the screen answers.

        :raise UserError: the month is not over, an earlier one has no run, books or fiscal data of the operator are
            incomplete, accounting is closed, or nothing is left to invoice
        """
        self.check_access("write")
        for run in self:
            read_committed(self.env)
            run._lock()
            # sudo: a run is filled in by its own actions only, and makes its invoices itself
            own = run.sudo()
            if own.state != "running":
                own._check_over()
                own._check_books()
                own._check_earlier()
                own._check_something()
                own._begin()
            own._work()
        return True

    def _check_over(self):
        """The month is over.

        :raise UserError: it is not
        """
        first = calendar.plus_months(self.month, 1)
        if self._today() < first:
            raise UserError(
                self.env._(
                    "%(month)s is not over yet: its invoices can be made from %(day)s on.",
                    month=self._month_label(),
                    day=format_date(self.env, first),
                )
            )

    def _check_books(self):
        """Nothing that every invoice needs is missing.

        :raise UserError: naming it
        """
        funder, company = self.circuit_id._clearing_funder(), self.company_id
        obstacle = funder._missing_invoicing() or funder._invoice_closed(self._today())
        if not obstacle and company.account_fiscal_country_id.code == "IT":
            errors = company._l10n_it_edi_export_check()
            if errors:
                obstacle = f"{company.name}: {' '.join(error['message'] for error in errors.values())}"
        if obstacle:
            raise UserError(obstacle)

    def _check_earlier(self):
        """Months are invoiced one after the other, so that each invoice is of its month.

        :raise UserError: an earlier month with coupons spent has no run
        """
        rows = self.env.execute_query(
            SQL(
                "SELECT min(date_trunc('month', v.day))::date FROM (%s) AS v WHERE v.day < %s"
                " AND NOT EXISTS (SELECT 1 FROM ecoupon_invoice_run o WHERE o.circuit_id = %s AND o.state <> 'draft'"
                " AND o.month = date_trunc('month', v.day)::date)",
                self._pending(),
                self.month,
                self.circuit_id.id,
            )
        )
        if rows[0][0]:
            raise UserError(
                self.env._(
                    "Make the invoices of %(earlier)s first: months are invoiced one after the other.",
                    earlier=self._month_label(rows[0][0]),
                )
            )

    def _check_something(self):
        """There is something to invoice.

        :raise UserError: there is not
        """
        if not self._debtors(0, 1):
            raise UserError(
                self.env._(
                    "Nothing to invoice: no coupon was spent or reversed until the end of %(month)s that is not in an"
                    " invoice yet.",
                    month=self._month_label(),
                )
            )

    def action_view_moves(self):
        """Smart button: the invoices of the run."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("ecoupon_settlement.action_invoice")
        return action | {"domain": [("ecoupon_run_id", "=", self.id)], "context": {}}

    def action_view_items(self):
        """Smart button: the coupons of the run."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("ecoupon_settlement.action_invoice_item")
        return action | {"domain": [("run_id", "=", self.id)], "context": {}}
