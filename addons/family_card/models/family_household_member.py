from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ..rules import household

RELATIONS = [
    ("head", "Head of household"),
    ("spouse", "Spouse or partner"),
    ("child", "Child"),
    ("foster", "Foster child"),
    ("parent", "Parent"),
    ("relative", "Other relative"),
    ("other", "Other"),
]
GRADES = [
    ("none", "None"),
    ("medium", "Medium"),
    ("severe", "Severe"),
    ("not_self_sufficient", "Not self-sufficient"),
]


class FamilyHouseholdMember(models.Model):
    """Who belongs to a household from when to when, and when we learnt it. Nothing is overwritten:
    a correction closes the old line and opens a new one (R-004-16, R-004-17, R-004-51)."""

    _name = "family.household.member"
    _inherit = ["own.fields"]
    _description = "Household member"
    _order = "household_id, is_head desc, valid_from, id"
    _rec_name = "person_id"

    household_id = fields.Many2one(
        "res.partner", required=True, index=True, ondelete="cascade", domain=[("is_household", "=", True)]
    )
    company_id = fields.Many2one("res.company", required=True, index=True, default=lambda self: self.env.company)
    person_id = fields.Many2one(
        "res.partner",
        required=True,
        index=True,
        ondelete="restrict",
        domain=[("is_household", "=", False), ("is_company", "=", False)],
    )
    birth_date = fields.Date(related="person_id.birth_date")
    relation = fields.Selection(RELATIONS, default="other", required=True)
    is_head = fields.Boolean("Head", help="The head of household holds the card. Notice §2.2 (R-004-15).")
    disability = fields.Selection(
        GRADES,
        default="none",
        required=True,
        help="Grade of DPCM 159/2013, annex 3; counted by the quotient table (R-004-19).",
    )
    student = fields.Boolean(help="Counted by the quotient table (R-004-19).")
    pregnant = fields.Boolean(help="Counted by the quotient table (R-004-19).")
    valid_from = fields.Date(required=True, default=fields.Date.context_today, help="First day in the household.")
    valid_to = fields.Date(help="Last day in the household; empty: still a member.")
    recorded_from = fields.Datetime(
        required=True, readonly=True, default=fields.Datetime.now, help="When this was recorded."
    )
    recorded_to = fields.Datetime(readonly=True, help="When a correction replaced this line; empty: it holds.")

    _dates = models.Constraint(
        "CHECK (valid_to IS NULL OR valid_from <= valid_to)", "A membership ends after it starts."
    )
    _person_idx = models.Index("(person_id, valid_from) WHERE recorded_to IS NULL")

    _FACTS = frozenset(
        "household_id person_id relation is_head disability student pregnant valid_from valid_to".split()
    )

    def _memberships(self):
        """These lines as the household rules want them.

        :return: list of rules.household.Membership
        """
        return [
            household.Membership(
                line.household_id.id, line.person_id.id, line.is_head, line.valid_from, line.valid_to or None
            )
            for line in self
        ]

    def _covers(self, day):
        """Whether this line holds on a local day."""
        return household.covers(self._memberships()[0], day)

    def _fact_values(self):
        """What a line that follows or corrects this one starts from.

        :return: values for create(), empty for no line
        """
        if not self:
            return {}
        self.ensure_one()
        values = {name: self._fields[name].convert_to_write(self[name], self) for name in self._FACTS}
        return {**values, "company_id": self.company_id.id}

    def _recorded(self):
        """These lines with the times between which they were held true.

        :return: list of rules.household.Recorded, in the same order
        """
        return [
            household.Recorded(fact, line.recorded_from, line.recorded_to or None)
            for fact, line in zip(self._memberships(), self, strict=True)
        ]

    def _edit(self, edits):
        """Give lines a new last day, or withdraw them; what was known before stays on record.

        :param edits: rules.household.Edit by position in this recordset
        """
        for edit in edits:
            line = self[edit.position]
            if edit.last is None:
                line.action_withdraw()
            else:
                line.valid_to = edit.last

    @api.constrains("household_id", "person_id", "is_head", "valid_from", "valid_to", "recorded_to")
    def _check_timeline(self):
        """One household per person and one head per household on every day (R-004-15, R-004-17).

        :raises ValidationError: two of either on some day
        """
        lines = self.search(
            [
                ("recorded_to", "=", False),
                "|",
                ("household_id", "in", self.household_id.ids),
                ("person_id", "in", self.person_id.ids),
            ]
        )
        for person, mine in lines.grouped("person_id").items():
            if household.double_memberships(mine._memberships()):
                raise ValidationError(
                    self.env._("%s would belong to two households on the same day.", person.display_name)
                )
        for family, mine in lines.grouped("household_id").items():
            if household.double_heads(mine._memberships()):
                raise ValidationError(
                    self.env._("The household “%s” would have two heads on the same day.", family.display_name)
                )

    @api.onchange("relation")
    def _onchange_relation(self):
        self.is_head = self.relation == "head"

    def _own_fields(self):
        return super()._own_fields() | {"recorded_from", "recorded_to"}

    def _own_refusal(self):
        return self.env._("The times of recording are written by the system.")

    def write(self, vals):
        """Keep what was known before: a change of facts closes the line and opens a corrected one.

        :raises UserError: the line has been replaced already
        """
        changed = self.filtered(lambda line: line._differs(vals))
        if not changed:
            return super().write({k: v for k, v in vals.items() if k not in self._FACTS})
        if any(line.recorded_to for line in changed):
            raise UserError(self.env._("This line was replaced by a correction and stays as it is."))
        now = fields.Datetime.now()
        corrected = [
            {
                **line._fact_values(),
                **vals,
            }
            for line in changed
        ]
        changed.check_access("write")
        # sudo: nobody writes the times of recording by hand
        super(FamilyHouseholdMember, changed.sudo()).write({"recorded_to": now})
        self.create(corrected)
        return True

    def _differs(self, vals):
        """Whether values would change a fact of this line."""
        self.ensure_one()
        return any(
            self._fields[name].convert_to_cache(vals[name], self)
            != self._fields[name].convert_to_cache(self[name], self)
            for name in self._FACTS & vals.keys()
        )

    def action_withdraw(self):
        """Button: the line was a mistake; it no longer counts but stays on record."""
        self.check_access("write")
        # sudo: the times of recording are written by the model only
        self.sudo().write({"recorded_to": fields.Datetime.now()})
        return True

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        if not self.env.su:
            raise UserError(self.env._("Memberships are never deleted: end them or withdraw the line."))
