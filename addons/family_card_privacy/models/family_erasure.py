from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL, format_date

from ..rules import privacy


class FamilyErasure(models.Model):
    """Making the people of a household anonymous: proposed by one, confirmed by another, and then on record without
    saying who they were. Accounts, lots, movements and their hash chain stay as they are (R-004-100, R-004-101)."""

    _name = "family.erasure"
    _inherit = ["own.fields"]
    _description = "Erasure of a household's data"
    _order = "id desc"
    _rec_name = "household_id"

    household_id = fields.Many2one(
        "res.partner", required=True, index=True, ondelete="restrict", domain=[("is_household", "=", True)]
    )
    ground = fields.Selection(
        [("retention", "The time is over"), ("act", "Explicit act")],
        required=True,
        default="retention",
        help="The time is over: so many years after the last movement. Explicit act: a request that was granted, "
        "an order of the supervisory authority.",
    )
    act_reference = fields.Char("Act", help="Number, day and author of the act.")
    state = fields.Selection(
        [("proposed", "To confirm"), ("done", "Anonymous"), ("refused", "Refused")],
        default="proposed",
        required=True,
        readonly=True,
        copy=False,
    )
    last_use = fields.Date(
        "Last used", compute="_compute_last_use", help="Day of the last movement, card or application."
    )
    due_on = fields.Date("Not before", compute="_compute_last_use", help="When the retention time is over.")
    hindrance = fields.Char(compute="_compute_hindrance", help="Why it cannot be done now.")
    proposed_by_id = fields.Many2one(
        "res.users", "Proposed by", required=True, readonly=True, default=lambda self: self.env.user
    )
    decided_by_id = fields.Many2one("res.users", "Decided by", readonly=True, copy=False)
    decided_at = fields.Datetime("Decided on", readonly=True, copy=False)
    person_count = fields.Integer("People", readonly=True, copy=False)
    message_count = fields.Integer("Notes and messages", readonly=True, copy=False)
    attachment_count = fields.Integer("Files", readonly=True, copy=False)
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, index=True, default=lambda self: self.env.company
    )

    _open_unique = models.UniqueIndex(
        "(household_id) WHERE state = 'proposed'", "This household's erasure waits for confirmation already."
    )

    _INPUT = frozenset({"household_id", "ground", "act_reference"})

    @api.depends("household_id")
    def _compute_last_use(self):
        for model in ("family.card", "stored.value.account", "circuit.transaction", "family.card.application"):
            self.env[model].flush_model()
        rows = dict(
            self.env.execute_query(
                SQL(
                    """
                    SELECT h.id, coalesce(greatest(max(c.activated_at), max(e.occurred_at), max(t.authorized_at),
                                                   max(a.filed_at)), h.create_date)
                      FROM res_partner h
                      LEFT JOIN family_card c ON c.household_id = h.id
                      LEFT JOIN stored_value_account s ON s.card_id = c.id
                      LEFT JOIN stored_value_entry e ON e.account_id = s.id
                      LEFT JOIN circuit_transaction t ON t.account_id = s.id
                      LEFT JOIN family_card_application a ON a.household_id = h.id
                     WHERE h.id = ANY(%s) GROUP BY h.id
                    """,
                    self.household_id.ids,
                )
            )
        )
        for erasure in self:
            last = rows.get(erasure.household_id.id)
            terms = self.env["family.privacy.terms"]._in_force(erasure.company_id or self.env.company)
            erasure.last_use = last and last.date()
            erasure.due_on = last and privacy.kept_until(last.date(), terms.retention_years)

    @api.depends("household_id", "ground", "act_reference", "state")
    def _compute_hindrance(self):
        for erasure in self:
            asked = erasure.state == "proposed" and erasure.household_id
            erasure.hindrance = erasure._hindrance() if asked else False

    def _hindrance(self):
        """Why the household cannot be made anonymous now.

        :return: a sentence, or False
        """
        self.ensure_one()
        _ = self.env._
        cards = self.env["family.card"].search([("household_id", "=", self.household_id.id)])
        if self.household_id.erased:
            return _("This household is anonymous already.")
        if any(card.state != "closed" for card in cards):
            return _("The household has a card that is not closed: close it first.")
        if any(account._balance() for account in cards.account_ids):
            return _("There is credit left on a card: settle it first, afterwards nobody knows whose it was.")
        if self.ground == "act" and not (self.act_reference or "").strip():
            return _("Enter number, day and author of the act.")
        if self.ground == "retention" and not (self.due_on and self.due_on <= fields.Date.context_today(self)):
            due = format_date(self.env, self.due_on) if self.due_on else "–"
            return _("The data are kept until %s: before that an explicit act is needed.", due)
        return False

    def _own_fields(self):
        return super()._own_fields() | (self._fields.keys() - self._INPUT)

    def _own_refusal(self):
        return self.env._("An erasure is decided by its buttons.")

    def write(self, vals):
        """Change a proposal.

        :raises UserError: it was decided, or a field of the buttons is among the values
        """
        if not self.env.su and any(erasure.state != "proposed" for erasure in self):
            raise UserError(self.env._("This was decided and stays on record."))
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("Proposals are refused, not deleted: they stay on record."))

    def action_refuse(self):
        """Button: the data stay.

        :raises UserError: decided already
        """
        self._decide("refused")
        return True

    def action_confirm(self):
        """Button: make the people anonymous. Nobody can bring them back.

        :raises UserError: decided already, by the one who proposed it, or something stands against it
        """
        self.ensure_one()
        if self.proposed_by_id == self.env.user:
            raise UserError(self.env._("Somebody other than the proposer confirms."))
        # Two managers at once: the second one waits here and then sees that it is done.
        self.env.execute_query(SQL("SELECT 1 FROM res_partner WHERE id = %s FOR UPDATE", self.household_id.id))
        self.household_id.invalidate_recordset()
        if reason := self._hindrance():
            raise UserError(reason)
        counts = self._erase()
        self._decide("done", counts)
        self.env["family.access.log"]._note(
            self.household_id, "erase", self.household_id, self.company_id, self.act_reference or self.ground
        )
        return True

    def _decide(self, state, counts=None):
        """Keep who decided what.

        :raises UserError: not a manager, or decided already
        """
        if not self.env.user.has_group("family_card.group_manager"):
            raise UserError(self.env._("A manager decides."))
        if any(erasure.state != "proposed" for erasure in self):
            raise UserError(self.env._("This was decided and stays on record."))
        # sudo: decisions are written by the buttons only
        self.sudo().write(
            {"state": state, "decided_by_id": self.env.uid, "decided_at": fields.Datetime.now(), **(counts or {})}
        )

    @api.model
    def _cron_propose(self):
        """Scheduled: propose the households whose time is over; somebody confirms."""
        for household, company in self._candidates():
            model = self.with_company(company)
            with self.env.cr.savepoint() as savepoint:
                if model.create({"household_id": household.id})._hindrance():
                    savepoint.rollback()

    def _candidates(self):
        """Households that had a card once, have none that lives, and were never proposed.

        :return: list of (household, company id of its cards)
        """
        self.env.flush_all()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT h.id, max(c.company_id) FROM res_partner h JOIN family_card c ON c.household_id = h.id
                 WHERE h.is_household AND NOT coalesce(h.erased, false)
                   AND NOT EXISTS (SELECT 1 FROM family_erasure e WHERE e.household_id = h.id)
                 GROUP BY h.id HAVING bool_and(c.state = 'closed') ORDER BY h.id
                """
            )
        )
        return [(self.env["res.partner"].browse(household), company) for household, company in rows]
