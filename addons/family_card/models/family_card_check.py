from odoo import api, fields, models
from odoo.exceptions import UserError

KINDS = [
    ("residence", "Residence"),
    ("taxes", "Municipal taxes"),
    ("abode", "Habitual abode"),
    ("duplicate", "Duplicates"),
    ("identity", "Identity of the applicant"),
]
OUTCOMES = [("pending", "To check"), ("passed", "Passed"), ("failed", "Not passed")]


class FamilyCardCheck(models.Model):
    """A requirement looked at for a household on a day, with its outcome, author and reason. An outcome that
    changes leaves the former one in the history (R-004-24 to R-004-27)."""

    _name = "family.card.check"
    _inherit = ["own.fields"]
    _description = "Check of a requirement"
    _order = "reference_day desc, household_id, kind, id"
    _rec_name = "kind"

    program_id = fields.Many2one(
        "family.card.program", required=True, index=True, ondelete="cascade", string="Programme"
    )
    company_id = fields.Many2one(related="program_id.company_id", store=True, index=True)
    household_id = fields.Many2one("res.partner", required=True, index=True, ondelete="restrict")
    card_id = fields.Many2one("family.card", index="btree_not_null", ondelete="cascade")
    holder_id = fields.Many2one(related="card_id.holder_id")
    period_id = fields.Many2one(
        "family.card.period",
        "Period credited",
        index="btree_not_null",
        ondelete="restrict",
        help="Quarterly check: the credit of this period needs it. Notice §4 (R-004-27).",
    )
    kind = fields.Selection(KINDS, required=True)
    reference_day = fields.Date(
        required=True,
        help="The requirement is looked at as of this day: 31/12/2023, then the end of every quarter. "
        "Notice §4 (R-004-26).",
    )
    outcome = fields.Selection(OUTCOMES, required=True, default="pending")
    required = fields.Boolean(default=True, help="Nothing is credited until it is passed.")
    automatic = fields.Boolean(readonly=True, help="The outcome was told by the registry of residents.")
    reason = fields.Char(help="Why it is not passed: the household may ask.")
    user_id = fields.Many2one("res.users", "Checked by", ondelete="restrict")
    decided_at = fields.Datetime("Checked on")
    history_ids = fields.One2many("family.card.check.history", "check_id", readonly=True)

    _period_unique = models.UniqueIndex(
        "(period_id, household_id, kind) WHERE period_id IS NOT NULL",
        "This requirement is checked once for a household and period.",
    )
    _reason_given = models.Constraint(
        "CHECK (outcome <> 'failed' OR reason IS NOT NULL)", "A check that is not passed needs its reason."
    )
    _outcome_idx = models.Index("(program_id, outcome, period_id)")

    @api.depends("kind", "household_id", "reference_day")
    def _compute_display_name(self):
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        for check in self:
            check.display_name = f"{kinds.get(check.kind, '')}: {check.household_id.display_name or ''}"

    def _own_fields(self):
        return super()._own_fields() | {"outcome", "automatic"}

    def _own_refusal(self):
        return self.env._("A check gets its outcome through its buttons.")

    def write(self, vals):
        """Only the methods of this model write checks.

        :raises UserError: anybody else
        """
        if not self.env.su:
            raise UserError(self.env._("A check gets its outcome through its buttons."))
        return super().write(vals)

    def _decide(self, outcome, reason=None):
        """Give these checks an outcome in the name of the user; a former outcome stays in the history (R-004-26).

        :param str outcome: pending, passed or failed
        :param str reason: needed when failed
        :raises AccessError: not a user of the office
        :raises UserError: a failure without its reason
        """
        self.check_access("write")
        reason = (reason or "").strip() or False
        if outcome == "failed" and not reason:
            raise UserError(self.env._("Say why the requirement is not met: the household may ask."))
        self._settle(outcome, reason if outcome == "failed" else False)

    def _settle(self, outcome, reason, automatic=False):
        """Write an outcome with its author, and keep the history.

        :param bool automatic: told by the registry, not by the user
        """
        vals = {
            "outcome": outcome,
            "reason": reason,
            "user_id": False if automatic or outcome == "pending" else self.env.uid,
            "decided_at": False if outcome == "pending" else fields.Datetime.now(),
            "automatic": automatic,
        }
        # sudo: checks and their history are written by this model only, see write()
        self.sudo().write(vals)
        self.env["family.card.check.history"].sudo().create(
            [
                {
                    "check_id": check.id,
                    "outcome": outcome,
                    "reason": reason,
                    "user_id": vals["user_id"],
                    "automatic": automatic,
                    "decided_at": fields.Datetime.now(),
                }
                for check in self
            ]
        )

    def action_pass(self):
        """Button, also of a selection in the list: the requirement is met."""
        self._decide("passed")
        return True

    def action_fail(self):
        """Button, also of a selection in the list: ask why the requirement is not met."""
        self.check_access("write")
        action = self.env["ir.actions.act_window"]._for_xml_id("family_card.action_family_card_check_fail")
        return action | {"context": {"default_check_ids": self.ids}}

    def action_reopen(self):
        """Button: the requirement has to be looked at again."""
        self._decide("pending")
        return True
