import base64
from datetime import timedelta
from decimal import Decimal

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL

from odoo.addons.stored_value.tools import write_csv, write_xlsx

from ..rules import fiscal_code, periods
from ..tools import batched, local_time
from . import family_job_mixin  # noqa: F401  the mixin has to be known before the model that uses it

DIRECT_ROWS = 10_000
XLSX_ROWS = 200_000
KEEP_DAYS = 7


class FamilyCardExport(models.Model):
    """A file for the accountant: movements, cards or the lines of credit runs. Small ones at once, large ones in the
    background; the file is forgotten after some days, for it names people."""

    _name = "family.card.export"
    _description = "Export for the accountant"
    _inherit = ["own.fields", "family.job.mixin"]
    _order = "id desc"
    _rec_name = "file_name"

    content = fields.Selection(
        [("movement", "Movements"), ("card", "Cards"), ("line", "Lines of credit runs")],
        "What",
        required=True,
        default=lambda self: self._default_content(),
    )
    program_id = fields.Many2one(
        "family.card.program",
        "Programme",
        required=True,
        ondelete="cascade",
        default=lambda self: self._default_program(),
    )
    company_id = fields.Many2one(related="program_id.company_id", store=True, index=True)
    date_from = fields.Date("From", help="First day of the movements; empty: from the beginning.")
    date_to = fields.Date("To", help="Last day of the movements; empty: until now.")
    file_format = fields.Selection(
        [("xlsx", "XLSX"), ("csv", "CSV")],
        "Format",
        required=True,
        default="xlsx",
        help="CSV: semicolons, UTF-8, numbers with a point. Texts are never formulas.",
    )
    chosen = fields.Json(default=lambda self: self._default_chosen(), readonly=True)
    chosen_count = fields.Integer("Chosen rows", compute="_compute_chosen_count")
    state = fields.Selection(
        [("draft", "To prepare"), ("working", "Being prepared"), ("done", "Ready")],
        default="draft",
        required=True,
        readonly=True,
        copy=False,
    )
    row_count = fields.Integer("Rows", readonly=True, copy=False)
    failure = fields.Char("Why it was not prepared", readonly=True, copy=False)
    file = fields.Binary(attachment=True, readonly=True, copy=False)
    file_name = fields.Char(readonly=True, copy=False)
    user_id = fields.Many2one("res.users", default=lambda self: self.env.user, required=True, readonly=True)

    _dates = models.Constraint("CHECK (date_from <= date_to)", "The first day comes before the last.")

    _MODELS = {"movement": "family.card.movement", "card": "family.card", "line": "family.card.credit.run.line"}
    _OWN = frozenset({"state", "row_count", "failure", "file", "file_name", "user_id"})

    @api.model
    def _chosen_records(self):
        """Rows marked in the list from which the export was asked for, as (content, ids)."""
        model, ids = self.env.context.get("active_model"), self.env.context.get("active_ids") or []
        contents = {name: content for content, name in self._MODELS.items()}
        return (contents[model], ids) if model in contents and ids else (None, [])

    @api.model
    def _default_content(self):
        return self._chosen_records()[0] or "movement"

    @api.model
    def _default_chosen(self):
        return self._chosen_records()[1]

    @api.model
    def _default_program(self):
        content, ids = self._chosen_records()
        if content:
            record = self.env[self._MODELS[content]].browse(ids[0])
            return record.run_id.program_id if content == "line" else record.program_id
        return self.env["family.card.program"].search([("state", "=", "open")], order="year desc, id", limit=1)

    @api.depends("chosen")
    def _compute_chosen_count(self):
        for export in self:
            export.chosen_count = len(export.chosen or [])

    def _own_fields(self):
        return super()._own_fields() | self._OWN

    def _own_refusal(self):
        return self.env._("An export is filled in by its buttons.")

    def write(self, vals):
        """Change what is asked for, before it is prepared.

        :raises UserError: state and file are written by the buttons
        """
        if not self.env.su and any(export.state != "draft" for export in self):
            raise UserError(self.env._("Make a new export: this one was prepared already."))
        return super().write(vals)

    def _domain(self):
        """What is exported, with the rights of who asks."""
        self.ensure_one()
        program = "run_id.program_id" if self.content == "line" else "program_id"
        domain = Domain(program, "=", self.program_id.id)
        if self.chosen:
            domain &= Domain("id", "in", self.chosen)
        if self.content == "movement" and self.date_from:
            domain &= Domain("occurred_at", ">=", periods.midnight(self.date_from, self.program_id.tz))
        if self.content == "movement" and self.date_to:
            end = periods.midnight(self.date_to + timedelta(days=1), self.program_id.tz)
            domain &= Domain("occurred_at", "<", end)
        return domain

    def action_prepare(self):
        """Button: make the file; a large one is left to a job.

        :raises UserError: nothing to export, or too much for XLSX
        """
        self.ensure_one()
        self.check_access("write")
        if self.state != "draft":
            raise UserError(self.env._("Make a new export: this one was prepared already."))
        count = self.env[self._MODELS[self.content]].search_count(self._domain())
        if not count:
            raise UserError(self.env._("There is nothing to export: choose other days or another programme."))
        if self.file_format == "xlsx" and count > XLSX_ROWS:
            raise UserError(
                self.env._("%s rows are too many for XLSX: choose CSV or fewer days.", f"{count:,}".replace(",", " "))
            )
        if count > DIRECT_ROWS:
            # sudo: the state is written by the actions only
            self.sudo().write({"state": "working", "failure": False})
            self._job_enqueue("_job_prepare", self.env._("Export for the accountant"))
            return True
        self._prepare()
        return True

    def _job_prepare(self):
        """Job: make the file that was asked for."""
        self.ensure_one()
        if self.state == "working":
            self.with_company(self.company_id)._prepare()

    def _job_given_up(self):
        """The export can be asked for again."""
        # sudo: the state is written by the actions only
        self.filtered(lambda export: export.state == "working").sudo().write({"state": "draft"})
        return super()._job_given_up()

    def _prepare(self):
        """Read with the rights of who asks, write the file."""
        self.flush_recordset()
        model = self.env[self._MODELS[self.content]]
        ids = model.search(self._domain(), order="id").ids
        headers, rows = getattr(self, f"_{self.content}_rows")(ids)
        content = write_xlsx(headers, rows) if self.file_format == "xlsx" else write_csv(headers, rows)
        day = fields.Date.to_string(fields.Date.context_today(self))
        # sudo: the file is written by the actions only
        self.sudo().write(
            {
                "file": base64.b64encode(content),
                "file_name": f"{self.program_id.code}-{self.content}-{day}.{self.file_format}",
                "row_count": len(ids),
                "state": "done",
            }
        )

    def _told(self, ids, size=2000):
        """Slices of ids; the progress of the job is told after each."""
        done = 0
        for chunk in batched(ids, size):
            yield list(chunk)
            done += len(chunk)
            self._job_progress(done, len(ids), self.env._("Writing the file"))

    def _selection(self, model, name):
        """Translated labels of a selection field."""
        return dict(self.env[model]._fields[name]._description_selection(self.env))

    def _movement_rows(self, ids):
        """Titles and rows of movements: no name and no fiscal code, the number of the card is enough.

        :param list ids: what to export, allowed to the user
        :return: (titles, iterable of rows)
        """
        _ = self.env._
        headers = [
            _("Date"),
            _("Card"),
            _("Account"),
            _("Kind"),
            _("Amount"),
            _("Balance of the account"),
            _("Merchant"),
            _("Macro-category"),
            _("Operation"),
            _("Note"),
            _("Spendable until"),
            _("Period"),
            _("Source of funds"),
            _("Key of the operation"),
        ]
        return headers, self._movement_cells(ids)

    def _movement_cells(self, ids):
        kinds, tz = self._selection("family.card.movement", "kind"), self.program_id.tz
        for chunk in self._told(ids):
            rows = self.env.execute_query(
                SQL(
                    """
                    SELECT m.occurred_at, c.number, m.account_code, m.kind, m.amount::text, m.balance_after::text,
                           coalesce(nullif(s.shop_name, ''), s.name), g.code, m.reference, m.memo, m.last_day, q.name, f.name, m.operation
                      FROM (%s) m
                      JOIN family_card c ON c.id = m.card_id
                      LEFT JOIN res_partner s ON s.id = m.merchant_id
                      LEFT JOIN circuit_category g ON g.id = m.category_id
                      LEFT JOIN family_card_period q ON q.id = m.period_id
                      LEFT JOIN family_card_fund f ON f.id = m.fund_id
                     WHERE m.id = ANY(%s) ORDER BY m.id
                    """,
                    self.env["family.card.movement"]._table_query,
                    chunk,
                )
            )
            for at, number, account, kind, amount, balance, *rest in rows:
                local = local_time(at, tz).replace(tzinfo=None, microsecond=0)
                yield [local, number, account, kinds.get(kind), Decimal(amount), Decimal(balance), *rest]

    def _card_rows(self, ids):
        """Titles and rows of cards; fiscal codes masked.

        :param list ids: what to export, allowed to the user
        :return: (titles, iterable of rows)
        """
        _ = self.env._
        headers = [
            _("Card"),
            _("Holder"),
            _("Fiscal code"),
            _("Kind"),
            _("State"),
            _("Reason"),
            _("Issued on"),
            _("Yearly credit"),
            _("Balance"),
        ]
        return headers, self._card_cells(ids)

    def _card_cells(self, ids):
        kinds, states, reasons = (self._selection("family.card", name) for name in ("kind", "state", "state_reason"))
        for chunk in self._told(ids):
            rows = self.env.execute_query(
                SQL(
                    """
                    SELECT c.number, h.name, c.fiscal_code, c.kind, c.state, c.state_reason, c.activated_at,
                           c.annual_amount::text, (SELECT sum(balance)::text FROM stored_value_account WHERE card_id = c.id)
                      FROM family_card c JOIN res_partner h ON h.id = c.holder_id
                     WHERE c.id = ANY(%s) ORDER BY c.id
                    """,
                    chunk,
                )
            )
            for number, holder, code, kind, state, reason, issued, annual, balance in rows:
                yield [
                    number,
                    holder,
                    fiscal_code.mask(code or ""),
                    kinds.get(kind),
                    states.get(state),
                    reasons.get(reason),
                    local_time(issued, self.program_id.tz).date() if issued else None,
                    Decimal(annual or 0),
                    Decimal(balance or 0),
                ]

    def _line_rows(self, ids):
        """Titles and rows of the lines of credit runs.

        :param list ids: what to export, allowed to the user
        :return: (titles, iterable of rows)
        """
        _ = self.env._
        headers = [_("Period"), _("Card"), _("Holder"), _("Outcome"), _("Reason"), _("Amount")]
        return headers, self._line_cells(ids)

    def _line_cells(self, ids):
        states, reasons = (self._selection("family.card.credit.run.line", name) for name in ("state", "reason"))
        for chunk in self._told(ids):
            rows = self.env.execute_query(
                SQL(
                    """
                    SELECT p.name, c.number, h.name, l.state, l.reason, l.amount::text
                      FROM family_card_credit_run_line l
                      JOIN family_card_credit_run r ON r.id = l.run_id
                      JOIN family_card_period p ON p.id = r.period_id
                      JOIN family_card c ON c.id = l.card_id
                      JOIN res_partner h ON h.id = c.holder_id
                     WHERE l.id = ANY(%s) ORDER BY l.id
                    """,
                    chunk,
                )
            )
            for period, number, holder, state, reason, amount in rows:
                yield [period, number, holder, states.get(state), reasons.get(reason), Decimal(amount or 0)]

    @api.autovacuum
    def _gc_exports(self):
        """Forget old files: they name people."""
        limit = fields.Datetime.now() - timedelta(days=KEEP_DAYS)
        self.search([("create_date", "<", limit), ("state", "!=", "working")]).unlink()
