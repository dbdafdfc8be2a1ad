from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ..rules import quotient
from ..rules.quotient_presets import PRESETS
from ..tools import to_decimal

# digits of factors and of amounts that are not rounded yet
FINE = (16, 4)


class FamilyCardQuotient(models.Model):
    """The table that turns a household into a yearly amount, from a day on. Once in force it stays as it is:
    a change is a new table with its own day (R-004-19)."""

    _name = "family.card.quotient"
    _description = "Quotient table"
    _inherit = ["own.fields", "mail.thread"]
    _order = "program_id, valid_from desc, id desc"

    program_id = fields.Many2one(
        "family.card.program",
        required=True,
        index=True,
        ondelete="restrict",
        default=lambda self: self.env["family.card"]._default_program(),
    )
    company_id = fields.Many2one(related="program_id.company_id", store=True, index=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    name = fields.Char(required=True)
    valid_from = fields.Date(
        required=True, default=fields.Date.context_today, help="First day on which amounts are computed by this table."
    )
    act_id = fields.Many2one(
        "family.card.act",
        domain="[('program_id', '=', program_id)]",
        help="Act that approves the table. Notice, attachment “Prospetto A” (R-004-19).",
    )
    state = fields.Selection(
        [("draft", "Draft"), ("in_force", "In force")],
        default="draft",
        required=True,
        readonly=True,
        copy=False,
        tracking=True,
    )
    preset = fields.Selection(
        [
            ("corleto_demo", "Corleto Perticara (demonstration)"),
            ("lecce_2021", "Lecce, vouchers of 2021"),
            ("isee_scale", "ISEE equivalence scale"),
        ],
        "Start from",
        help="Known tables whose rows can be filled in and then changed.",
    )
    invented = fields.Boolean(
        "Invented figures", help="Some figures were never published: do not pay by this table without checking them."
    )
    kind = fields.Selection(
        [("amount", "Amounts"), ("factor", "Factors of the base amount")],
        "Scale in",
        default="amount",
        required=True,
    )
    base = fields.Monetary("Base amount", help="Multiplied by the factors of the scale.")
    scale_ids = fields.One2many("family.card.quotient.scale", "quotient_id", copy=True)
    larger = fields.Selection(
        [("none", "Cannot be computed"), ("further", "Add for each further member")],
        "Larger households",
        default="further",
        required=True,
        help="Households with more members than the last row of the scale.",
    )
    further = fields.Float("Each further member", digits=FINE, help="Added for each member beyond the last row.")
    rule_ids = fields.One2many("family.card.quotient.rule", "quotient_id", string="Rules", copy=True)
    rounding = fields.Selection(
        [("cent", "Cent"), ("euro", "Euro"), ("five", "Five euro")],
        default="cent",
        required=True,
        help="The yearly amount is rounded half up.",
    )
    minimum = fields.Monetary(help="Smallest yearly amount of any household.")
    maximum = fields.Monetary(help="Largest yearly amount of any household; 0: no limit.")
    note = fields.Text()
    result_count = fields.Integer(compute="_compute_result_count")

    _version_unique = models.UniqueIndex(
        "(program_id, valid_from) WHERE state = 'in_force'", "Another table of the programme is in force from this day."
    )

    _PARAMETERS = frozenset(
        "program_id valid_from kind base scale_ids larger further rule_ids rounding minimum maximum".split()
    )

    def _compute_result_count(self):
        counts = dict(
            self.env["family.card.quotient.result"]._read_group(
                [("quotient_id", "in", self.ids)], ["quotient_id"], ["__count"]
            )
        )
        for table in self:
            table.result_count = counts.get(table, 0)

    @api.constrains("act_id", "program_id")
    def _check_act(self):
        """The act is one of the programme.

        :raises ValidationError: it is not
        """
        for table in self:
            if table.act_id and table.act_id.program_id != table.program_id:
                raise ValidationError(self.env._("The act belongs to another programme."))

    def _own_fields(self):
        return super()._own_fields() | {"state"}

    def _own_refusal(self):
        return self.env._("A table comes into force through its button.")

    def write(self, vals):
        """Change drafts; of a table in force only what does not touch an amount.

        :raises UserError: a figure of a table in force
        """
        if self._PARAMETERS & vals.keys():
            self._check_draft()
        return super().write(vals)

    def _check_draft(self):
        """Figures change only in drafts.

        :raises UserError: a table is in force
        """
        if any(table.state != "draft" for table in self):
            raise UserError(self.env._("A table in force stays as it is: duplicate it and give the new one its day."))

    @api.ondelete(at_uninstall=False)
    def _unlink_only_draft(self):
        self._check_draft()

    def copy_data(self, default=None):
        """A duplicate is a draft with a name of its own."""
        return [
            {**vals, "name": self.env._("%s (copy)", table.name)} if "name" not in (default or {}) else vals
            for table, vals in zip(self, super().copy_data(default), strict=True)
        ]

    def action_in_force(self):
        """Button: from now on amounts are computed by this table, from its day on.

        :raises UserError: the table is empty or contradicts itself
        """
        self.check_access("write")
        for table in self:
            table._check_draft()
            try:
                quotient.check_table(table._as_table())
            except ValueError as error:
                raise UserError(
                    self.env._("This table cannot be computed: check its scale, rules and limits.")
                ) from error
            if not table.scale_ids and not table.rule_ids:
                raise UserError(self.env._("Enter the scale or the rules of “%s” first.", table.name))
        # sudo: the state changes through this button only, see write()
        self.sudo().state = "in_force"
        # The unique index on the day must see it before the button answers.
        self.flush_recordset(["state"])

    def action_draft(self):
        """Button: take back a table by which nothing has been computed yet.

        :raises UserError: amounts were computed by it
        """
        self.check_access("write")
        if any(table.result_count for table in self):
            raise UserError(self.env._("Amounts were computed by this table: it stays."))
        self.sudo().state = "draft"  # sudo: see action_in_force

    def action_fill(self):
        """Button: replace the rows of a draft by those of the preset."""
        for table in self:
            table._check_draft()
            if table.preset:
                table.write(table._preset_vals(PRESETS[table.preset]()))

    def _preset_vals(self, table):
        """A rules.quotient.Table as values of this model."""
        names = {
            "disabled": self.env._("Member with a disability"),
            "under_three": self.env._("Children under three"),
            "three_children": self.env._("Three children"),
            "four_children": self.env._("Four children"),
            "five_children": self.env._("Five children or more"),
        }
        rule_model = self.env["family.card.quotient.rule"]
        return {
            "invented": self.preset == "corleto_demo",
            "kind": table.kind,
            "base": float(table.base),
            "larger": "none" if table.further is None else "further",
            "further": float(table.further or 0),
            "rounding": table.rounding,
            "minimum": float(table.minimum),
            "maximum": float(table.maximum or 0),
            "scale_ids": [
                fields.Command.clear(),
                *(
                    fields.Command.create({"members": size, "value": float(value)})
                    for size, value in table.scale.items()
                ),
            ],
            "rule_ids": [
                fields.Command.clear(),
                *(
                    fields.Command.create({**rule_model._vals_of(rule), "name": names[rule.name], "sequence": place})
                    for place, rule in enumerate(table.rules)
                ),
            ],
        }

    def _as_table(self):
        """This table as the rules want it.

        :return: rules.quotient.Table
        """
        self.ensure_one()
        return quotient.Table(
            scale={row.members: to_decimal(row.value) for row in self.scale_ids},
            kind=self.kind,
            base=to_decimal(self.base),
            further=to_decimal(self.further) if self.larger == "further" else None,
            rules=tuple(rule._rule() for rule in self.rule_ids),
            rounding=self.rounding,
            minimum=to_decimal(self.minimum),
            maximum=to_decimal(self.maximum) if self.maximum else None,
        )

    def action_view_results(self):
        """Smart button: what was computed by this table."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("family_card.action_quotient_result")
        return action | {"domain": [("quotient_id", "=", self.id)], "context": {}}
