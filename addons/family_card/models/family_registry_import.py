import base64
import hashlib

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ..rules import registry_file, registry_plan
from ..tools import batched
from .family_registry_import_line import file_sentence

# Counters and the lines they count.
COUNTERS = {
    "error_count": "error",
    "warning_count": "warning",
    "new_person_count": "person",
    "new_household_count": "household",
    "arrival_count": "move_in",
    "birth_count": "birth",
    "change_count": "household_change",
    "departure_count": "move_out",
    "death_count": "death",
    "completed_count": "completed",
}


class FamilyRegistryImport(models.Model):
    """A file of the registry of residents: checked row by row, shown, and carried out as a whole or not at
    all (R-004-51, R-004-52)."""

    _name = "family.registry.import"
    _inherit = ["own.fields", "family.job.mixin"]
    _description = "Import of the registry of residents"
    _order = "id desc"
    _rec_name = "file_name"

    content = fields.Binary("File", attachment=True, copy=False, help="XLSX or CSV; removed once it is imported.")
    file_name = fields.Char(copy=False)
    digest = fields.Char("SHA-256 of the file", readonly=True, copy=False)
    as_of = fields.Date(
        "Situation on",
        required=True,
        default=fields.Date.context_today,
        help="The day the file tells about: it stands in for the first day of whoever has none in the file.",
    )
    complete = fields.Boolean(
        "All residents",
        help="The file holds everybody: who is on file but not in it left the day before. "
        "Leave it off for a file of changes.",
    )
    state = fields.Selection(
        [
            ("draft", "To check"),
            ("checking", "Being checked"),
            ("checked", "Checked"),
            ("queued", "Being imported"),
            ("done", "Imported"),
        ],
        default="draft",
        required=True,
        readonly=True,
        copy=False,
    )
    row_count = fields.Integer("Rows", readonly=True, copy=False)
    error_count = fields.Integer("Errors", readonly=True, copy=False)
    warning_count = fields.Integer("Warnings", readonly=True, copy=False)
    new_person_count = fields.Integer("New persons", readonly=True, copy=False)
    new_household_count = fields.Integer("New households", readonly=True, copy=False)
    arrival_count = fields.Integer("Arrivals", readonly=True, copy=False)
    birth_count = fields.Integer("Births", readonly=True, copy=False)
    change_count = fields.Integer("Changes of household or role", readonly=True, copy=False)
    departure_count = fields.Integer("Departures", readonly=True, copy=False)
    death_count = fields.Integer("Deaths", readonly=True, copy=False)
    completed_count = fields.Integer("Data completed", readonly=True, copy=False)
    unchanged_count = fields.Integer("Unchanged", readonly=True, copy=False)
    ignored_columns = fields.Char(readonly=True, copy=False)
    plan_digest = fields.Char(readonly=True, copy=False)
    failure = fields.Text("Why it stopped", readonly=True, copy=False)
    line_ids = fields.One2many("family.registry.import.line", "import_id", string="Lines", readonly=True)
    problem_ids = fields.One2many(
        "family.registry.import.line",
        "import_id",
        string="Errors and warnings",
        domain=[("kind", "in", ("error", "warning"))],
        readonly=True,
    )
    user_id = fields.Many2one("res.users", "Author", default=lambda self: self.env.user, required=True, readonly=True)
    done_at = fields.Datetime("Imported on", readonly=True, copy=False)
    company_id = fields.Many2one(
        "res.company", required=True, index=True, readonly=True, default=lambda self: self.env.company
    )

    _INPUT = frozenset({"content", "file_name", "as_of", "complete"})

    def _own_fields(self):
        return super()._own_fields() | (self._fields.keys() - self._INPUT)

    def _own_refusal(self):
        return self.env._("An import is filled in by its own actions.")

    def write(self, vals):
        """Another file or day starts over.

        :raises UserError: it was imported, or a field of the actions is among the values
        """
        if self._INPUT & vals.keys() and not self.env.su:
            self._check_idle()
            # sudo: lines and state are written by the actions only
            self.sudo()._start_over()
        return super().write(vals)

    def _check_idle(self):
        """The file was not imported, and nothing is being done with it.

        :raises UserError: otherwise
        """
        if any(record.state == "done" for record in self):
            raise UserError(self.env._("This file was imported: upload another one."))
        if any(record.state in ("checking", "queued") for record in self):
            raise UserError(self.env._("The file is being worked on: wait until that is done."))

    @api.ondelete(at_uninstall=False)
    def _unlink_unless_imported(self):
        if any(record.state in ("checking", "queued", "done") for record in self):
            raise UserError(self.env._("What was imported, or is being worked on, stays on record."))

    def _start_over(self):
        self.env.cr.execute(SQL("DELETE FROM family_registry_import_line WHERE import_id IN %s", tuple(self.ids)))
        self.env["family.registry.import.line"].invalidate_model()
        self.invalidate_recordset(["line_ids", "problem_ids"])
        self.write({"state": "draft", "plan_digest": False, "failure": False, **dict.fromkeys(COUNTERS, 0)})

    def _parameter(self, name, default):
        """A limit from the system parameters, as a whole number."""
        # sudo: the limits hold for everybody
        return int(self.env["ir.config_parameter"].sudo().get_param(f"family_card.registry_{name}", default))

    def action_check(self):
        """Button: read the file and show what it would change; nothing else is written. A large file is left to a job.

        :raises UserError: the file as a whole cannot be read
        """
        self.ensure_one()
        self.check_access("write")
        self._check_idle()
        self._check_file()
        if len(base64.b64decode(self.content)) > self._parameter("direct_kilobytes", 200) * 1024:
            # sudo: the state is written by the actions only
            self.sudo().write({"state": "checking", "failure": False})
            self._job_enqueue("_job_check", self.env._("Check %s", self.file_name or ""))
            return True
        parsed, plan = self._compare()
        # sudo: the preview is written by this action only
        self.sudo()._keep(parsed, plan)
        return True

    def _check_file(self):
        """There is a file, of a day that has come.

        :raises UserError: otherwise
        """
        if not self.content:
            raise UserError(self.env._("Choose a file first."))
        if self.as_of > fields.Date.context_today(self):
            raise UserError(self.env._("The day the file tells about has not come yet."))

    def _compare(self):
        """Read the file and compare it with what is on file.

        :return: (rules.registry_file.Parsed, rules.registry_plan.Plan)
        :raises UserError: the file as a whole cannot be read
        """
        self._check_file()
        self._job_progress(5, 100, self.env._("Reading the file"))
        limits = registry_file.Limits(
            self._parameter("max_megabytes", 20) * 1024 * 1024, self._parameter("max_rows", 200000)
        )
        try:
            parsed = registry_file.parse(base64.b64decode(self.content), limits, self.as_of)
        except registry_file.FileError as error:
            raise UserError(file_sentence(self.env, error)) from None
        self._job_progress(25, 100, self.env._("Comparing it with the registry on file"))
        partners = self.env["res.partner"]
        people, households = partners._registry_snapshot(self.company_id)
        aliases = partners._registry_aliases(self.company_id)
        return parsed, registry_plan.compare(parsed.rows, people, households, self.as_of, self.complete, aliases)

    def _keep(self, parsed, plan):
        """Write the preview."""
        self._start_over()
        lines = self._lines(parsed, plan)
        self._job_progress(40, 100, self.env._("Keeping what the file says"))
        for chunk in batched(lines):
            self._insert(chunk)
        counts = dict.fromkeys(COUNTERS.values(), 0)
        for line in lines:
            counts[line["kind"]] = counts.get(line["kind"], 0) + 1
        self.write(
            {
                "state": "checked",
                "digest": hashlib.sha256(base64.b64decode(self.content)).hexdigest(),
                "plan_digest": self._digest(plan),
                "row_count": parsed.count,
                "unchanged_count": plan.unchanged,
                "ignored_columns": ", ".join(parsed.ignored)[:500],
                **{name: counts[kind] for name, kind in COUNTERS.items()},
            }
        )

    @api.model
    def _digest(self, plan):
        return hashlib.sha256(repr(plan).encode()).hexdigest()

    def _lines(self, parsed, plan):
        """Lines of the preview as dictionaries."""
        by_row = {row.number: row.name for row in parsed.rows}
        lines = [
            {
                "kind": problem.level,
                "row": problem.row,
                "column_name": problem.column,
                "code": problem.code,
                "value": problem.value,
                "name": by_row.get(problem.row),
            }
            for problem in sorted(parsed.problems + plan.problems)
        ]
        lines += [{"kind": "household", "household": code} for code in plan.new_households]
        lines += [{"kind": "code", "household": code, "person_id": family} for family, code in plan.codes]
        lines += [
            {"kind": "completed", "row": row.number, "name": row.name, "person_id": person}
            for person, row in plan.completed
        ]
        for change in plan.changes:
            row = change.row
            common = {
                "row": row and row.number,
                "name": row and row.name,
                "household": row and row.household,
                "person_id": change.person,
                "day": change.day,
            }
            lines.append({"kind": change.kind, **common})
            if not change.person:
                lines.append({"kind": "person", **common})
        return lines

    def _insert(self, lines):
        names = ("kind", "row", "column_name", "code", "value", "name", "household", "person_id", "day")
        self.env.cr.execute(
            SQL(
                "INSERT INTO family_registry_import_line (import_id, %s) VALUES %s",
                SQL(", ").join(map(SQL.identifier, names)),
                SQL(", ").join(
                    SQL("(%s, %s)", self.id, SQL(", ").join(SQL("%s", line.get(name)) for name in names))
                    for line in lines
                ),
            )
        )
        self.env["family.registry.import.line"].invalidate_model()
        self.invalidate_recordset(["line_ids", "problem_ids"])

    def action_confirm(self):
        """Button: import what was shown; a large file is left to a job.

        :raises UserError: not checked, or with errors
        """
        self.ensure_one()
        self.check_access("write")
        if self.state != "checked":
            raise UserError(self.env._("Check the file first."))
        if self.error_count:
            raise UserError(self.env._("Correct the errors in the file and upload it again: nothing is imported."))
        if self.row_count > self._parameter("direct_rows", 2000):
            # sudo: the state is written by the actions only
            self.sudo().write({"state": "queued", "user_id": self.env.uid, "failure": False})
            self._job_enqueue("_job_import", self.env._("Import %s", self.file_name or ""))
            return True
        return self._import()

    def action_download_errors(self):
        """Button: errors and warnings as CSV."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_url",
            "url": f"/family-card/registry/{self.id}/errors.csv",
            "target": "download",
        }

    def _import(self):
        """Compare again and carry out, unless something has changed since it was shown."""
        parsed, plan = self._compare()
        # sudo: the preview and the state are written by the actions only
        record = self.sudo()
        if self._digest(plan) != self.plan_digest:
            record._keep(parsed, plan)
            record.failure = self.env._("The registry has changed since the file was checked: look at it again.")
            return True
        self._carry_out(plan)
        record.write({"state": "done", "done_at": fields.Datetime.now(), "content": False, "user_id": self.env.uid})
        return True
