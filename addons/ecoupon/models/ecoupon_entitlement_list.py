import base64
import hashlib

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import SQL

from ..rules import entitlement_rows, table
from .ecoupon_entitlement_words import file_sentence, row_sentence

LIMITS = table.Limits(20 * 1024 * 1024, 200_000)
#: Lists with more rows are applied in the background.
DIRECT_ROWS = 2000
SHOWN_PROBLEMS = 200
INPUT = frozenset({"circuit_id", "policy_id", "mode", "file", "file_name"})
NO_EFFECT = dict.fromkeys(("added_count", "changed_count", "removed_count"), 0)


class EcouponEntitlementList(models.Model):
    """A list of entitled people the Region delivered, by file or by API: what was in it and what it changed. The file
    is read on arrival: fiscal codes become keyed hashes at once, and nothing keeps the file (R-000-31, R-000-32)."""

    _name = "ecoupon.entitlement.list"
    _description = "List of entitled people"
    _inherit = ["own.fields", "mail.thread"]
    _order = "id desc"

    name = fields.Char(required=True, readonly=True, default="/", copy=False)
    circuit_id = fields.Many2one(
        "circuit.circuit", required=True, index=True, ondelete="restrict", default=lambda self: self._only_circuit()
    )
    company_id = fields.Many2one(related="circuit_id.company_id", store=True, index=True)
    policy_id = fields.Many2one(
        "ecoupon.policy",
        ondelete="restrict",
        domain="[('company_id', '=', company_id)]",
        help="Of rows that name none. A whole list with a policy is the whole list of that policy only.",
    )
    channel = fields.Selection([("file", "File"), ("api", "API")], required=True, default="file", readonly=True)
    mode = fields.Selection(
        [("change", "Additions and removals"), ("full", "The whole list: who is missing is taken off")],
        required=True,
        default="change",
    )
    state = fields.Selection(
        [
            ("draft", "Draft"),
            ("wrong", "With mistakes"),
            ("checked", "Checked"),
            ("queued", "Being applied"),
            ("applied", "Applied"),
        ],
        default="draft",
        required=True,
        readonly=True,
        copy=False,
        tracking=True,
    )
    file = fields.Binary(
        compute="_compute_file",
        inverse="_inverse_file",
        help="CSV or XLSX, read at once and not kept. Columns: fiscal code, or hash, key and check value; policy; from;"
        " to; action (add or remove).",
    )
    file_name = fields.Char(copy=False)
    file_digest = fields.Char("SHA-256", readonly=True, copy=False)
    row_count = fields.Integer("Rows", readonly=True, copy=False)
    added_count = fields.Integer("Added", readonly=True, copy=False)
    changed_count = fields.Integer("Changed", readonly=True, copy=False)
    removed_count = fields.Integer("Taken off", readonly=True, copy=False)
    problem_count = fields.Integer("Number of mistakes", readonly=True, copy=False)
    problems = fields.Text("Mistakes", readonly=True, copy=False, help="Row by row; no fiscal code in full.")
    reference = fields.Char(readonly=True, copy=False, help="Key of the request that delivered it.")
    applied_at = fields.Datetime("Applied on", readonly=True, copy=False)
    applied_by_id = fields.Many2one("res.users", "Applied by", readonly=True, copy=False)

    _reference_unique = models.UniqueIndex(
        "(circuit_id, reference) WHERE reference IS NOT NULL", "A list was delivered with this key already."
    )

    @api.constrains("circuit_id", "policy_id")
    def _check_policy(self):
        """:raises ValidationError: the policy of another company"""
        for record in self.filtered("policy_id"):
            if record.policy_id.company_id != record.circuit_id.company_id:
                raise ValidationError(self.env._("This policy is none of the circuit's company: choose another one."))

    def _own_fields(self):
        return super()._own_fields() | (self._fields.keys() - INPUT - {"message_follower_ids", "message_ids"})

    def _only_circuit(self):
        circuits = self.env["circuit.circuit"].search([], limit=2)
        return circuits if len(circuits) == 1 else False

    # ------------------------------------------------------------------ arrival

    def _compute_file(self):
        self.file = False

    def _inverse_file(self):
        for record in self.filtered("file"):
            content = base64.b64decode(record.file)
            record.file = False
            record._read_file(content)

    def _read_file(self, content):
        """Read a file: its rows are kept as hashes, or its faults as sentences; the file goes away.

        :param bytes content: CSV or XLSX
        :raises UserError: the file as a whole cannot be read
        """
        try:
            header, rows = table.read(content, LIMITS, entitlement_rows.known)
            self._read_rows(header, rows)
        except table.FileError as error:
            raise UserError(file_sentence(self.env, error)) from None
        # sudo: written by the list's own actions only
        self.sudo().write({"file_digest": hashlib.sha256(content).hexdigest(), "name": self.file_name or self.name})

    def _read_rows(self, header, rows):
        """Read titles and rows, from a file or a request.

        :param header: titles
        :param rows: pairs of number and cells
        :raises FileError: the columns cannot be understood
        """
        found, problems = entitlement_rows.parse(header, rows, self._reading_terms())
        sentences = [row_sentence(self.env, problem) for problem in problems[:SHOWN_PROBLEMS]]
        if len(problems) > SHOWN_PROBLEMS:
            sentences.append(self.env._("… and %s more.", len(problems) - SHOWN_PROBLEMS))
        record = self.sudo()  # sudo: written by the list's own actions only
        record._forget_rows()
        record.write(
            {
                "state": "wrong" if problems else "checked",
                "row_count": len(found),
                "problem_count": len(problems),
                "problems": "\n".join(sentences) or False,
                **NO_EFFECT,
            }
        )
        if not problems:
            record._stage(found)
            record._foresee()

    def _reading_terms(self):
        """What the rows are read by: rules.entitlement_rows.Terms."""
        keys = self.env["ecoupon.entitlement.key"].sudo()  # sudo: secrets are for the server only
        own = keys._own_of(self.circuit_id)
        policies = self.env["ecoupon.policy"].search([("company_id", "=", self.circuit_id.company_id.id)])
        return entitlement_rows.Terms(
            {
                key.name: entitlement_rows.Key(key.id, key.check_value)
                for key in keys.search([("circuit_id", "=", self.circuit_id.id), ("own", "=", False)])
            },
            (own.id, own.secret),
            {policy.code.upper(): policy.id for policy in policies},
            self.policy_id.id or None,
            self.mode == "full",
        )

    def _stage(self, rows):
        """Keep the rows until the list is applied."""
        # not through the ORM: a hundred thousand rows in one statement
        self.env.cr.execute(
            SQL(
                """INSERT INTO ecoupon_entitlement_row
                          (list_id, number, key_id, person_hash, policy_id, date_from, date_to, action)
                   SELECT %s, * FROM unnest(%s::int[], %s::int[], %s::varchar[], %s::int[], %s::date[], %s::date[],
                                            %s::varchar[])""",
                self.id,
                *(list(column) for column in zip(*rows, strict=True)),
            )
        )
        self.env.cr.execute("ANALYZE ecoupon_entitlement_row")
        self.env["ecoupon.entitlement.row"].invalidate_model()

    def _forget_rows(self):
        self.env.cr.execute(SQL("DELETE FROM ecoupon_entitlement_row WHERE list_id IN %s", tuple(self.ids)))
        self.env["ecoupon.entitlement.row"].invalidate_model()

    def action_rows(self):
        """Smart button: what was read and is not yet applied.

        :return: window action
        """
        self.ensure_one()
        domain = [("list_id", "=", self.id)]
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Rows"),
            "res_model": "ecoupon.entitlement.row",
            "view_mode": "list",
            "domain": domain,
        }

    # ------------------------------------------------------------------ guards

    @api.model_create_multi
    def create(self, vals_list):
        """A list is a file's or a request's."""
        lists = super().create(vals_list)
        for record in lists.filtered(lambda record: record.name == "/"):
            record.sudo().name = record.file_name or record.reference or "/"  # sudo: an own field
        return lists

    def write(self, vals):
        """Other terms or another file: it is read anew.

        :raises UserError: it was applied, or is being applied
        """
        if INPUT & vals.keys() and not self.env.su:
            if any(record.state in ("queued", "applied") for record in self):
                raise UserError(self.env._("This list was applied: deliver another one."))
            if "file" not in vals and vals.keys() & (INPUT - {"file_name"}):
                # sudo: written by the list's own actions only
                self.sudo()._forget_rows()
                self.sudo().write(
                    {"state": "draft", "problems": False, "problem_count": 0, "row_count": 0, **NO_EFFECT}
                )
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_unless_applied(self):
        if any(record.state in ("queued", "applied") for record in self):
            raise UserError(self.env._("What was applied stays on record."))
