from odoo import api, fields, models
from odoo.exceptions import UserError

from ..rules import blocks
from .family_card import REASONS


class FamilyCardBlock(models.Model):
    """A reason for which a card is stopped, wholly or in part: who set it, who lifted it (requirements.md 2.3).
    A card may have several at once; lifting one leaves the others."""

    _name = "family.card.block"
    _description = "Block of a card"
    _order = "set_at desc, id desc"
    _rec_name = "reason"

    card_id = fields.Many2one("family.card", required=True, readonly=True, index=True, ondelete="cascade")
    program_id = fields.Many2one(related="card_id.program_id", store=True, index=True)
    company_id = fields.Many2one(related="card_id.company_id", store=True, index=True)
    holder_id = fields.Many2one(related="card_id.holder_id")
    reason = fields.Selection(REASONS, required=True, readonly=True)
    stops = fields.Selection(
        [("charges", "Purchases"), ("credits", "New credit"), ("both", "Purchases and new credit")],
        required=True,
        readonly=True,
    )
    set_role = fields.Selection(
        [
            ("comune", "Municipality"),
            ("operator", "Operator"),
            ("citizen", "Household"),
            ("system", "Automatic"),
        ],
        "Set by",
        required=True,
        readonly=True,
    )
    set_by_id = fields.Many2one("res.users", "User", required=True, readonly=True)
    set_at = fields.Datetime("Since", required=True, readonly=True)
    until = fields.Datetime(
        readonly=True, help="It ends by itself then, unless the municipality confirms it. Empty: until it is lifted."
    )
    confirmed_by_id = fields.Many2one("res.users", "Confirmed by", readonly=True)
    note = fields.Char(readonly=True)
    lifted_at = fields.Datetime("Lifted on", readonly=True)
    lifted_by_id = fields.Many2one("res.users", "Lifted by", readonly=True)
    lift_note = fields.Char("Why lifted", readonly=True)
    is_open = fields.Boolean(compute="_compute_is_open", search="_search_is_open")

    _once = models.UniqueIndex("(card_id, reason) WHERE lifted_at IS NULL", "The card is blocked for this already.")
    _ending_idx = models.Index("(until) WHERE lifted_at IS NULL AND until IS NOT NULL")

    @api.depends("lifted_at")
    def _compute_is_open(self):
        for block in self:
            block.is_open = not block.lifted_at

    @api.model
    def _search_is_open(self, operator, value):
        if operator != "in":
            return NotImplemented
        wanted = set(value)
        if wanted >= {True, False}:
            return []
        return [("lifted_at", "=" if True in wanted else "!=", False)]

    def action_lift(self):
        """Button: lift these blocks; the others of the card stay.

        :raises UserError: one is lifted already, or the holder of a dead person's card was not replaced
        """
        if self.filtered("lifted_at"):
            raise UserError(self.env._("This block was lifted already."))
        for card, mine in self.grouped("card_id").items():
            card._unblock(mine.mapped("reason"))
        return True

    def action_confirm(self):
        """Button: the municipality confirms a block that would end by itself (requirements.md 2.3).

        :raises UserError: it ended, or it has no end
        """
        self.card_id.check_access("write")
        if any(block.lifted_at or not block.until for block in self):
            raise UserError(self.env._("Only a block that is still open and would end by itself can be confirmed."))
        # sudo: blocks are written by their actions only, after the check above
        self.sudo().write({"until": False, "confirmed_by_id": self.env.uid})
        return True

    @api.model
    def _cron_end(self):
        """Scheduled: lift what nobody confirmed in time.

        :return: number of blocks lifted
        """
        due = self.search([("lifted_at", "=", False), ("until", "<=", fields.Datetime.now())])
        for block in due:
            block.card_id._unblock([block.reason], self.env._("Not confirmed in time"), blocks.SYSTEM)
        return len(due)
