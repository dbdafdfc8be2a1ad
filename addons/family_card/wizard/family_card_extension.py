from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date

from odoo.addons.stored_value.tools import read_committed

from ..rules import periods
from ..tools import batched


class FamilyCardExtension(models.TransientModel):
    """Lets credit live longer because a giunta act says so (R-004-56, X5)."""

    _name = "family.card.extension"
    _description = "Extend credit"

    program_id = fields.Many2one(
        "family.card.program", required=True, default=lambda self: self._default_program(), ondelete="cascade"
    )
    act_id = fields.Many2one(
        "family.card.act",
        "Giunta act",
        domain="[('program_id', '=', program_id)]",
        ondelete="cascade",
        help="Without an act the expiry stays. Notice §4 (R-004-56).",
    )
    lot_ids = fields.Many2many("stored.value.lot", string="These credits", default=lambda self: self._default_lots())
    period_ids = fields.Many2many(
        "family.card.period",
        string="Credit of",
        domain="[('program_id', '=', program_id)]",
        help="Quarters or tranches; empty: all of the programme.",
    )
    last_day = fields.Date("Spendable until", required=True, help="New last day on which the credit can be spent.")
    lot_count = fields.Integer("Credits", compute="_compute_found")
    amount = fields.Monetary("Still unspent", compute="_compute_found")
    currency_id = fields.Many2one(related="program_id.currency_id")

    @api.model
    def _default_lots(self):
        if self.env.context.get("active_model") == "stored.value.lot":
            return self.env["stored.value.lot"].browse(self.env.context.get("active_ids", []))
        return self.env["stored.value.lot"]

    @api.model
    def _default_program(self):
        program = self._default_lots().account_id.card_id.program_id[:1]
        return program or self.env["family.card.program"].search(
            [("state", "=", "open")], order="year desc, id", limit=1
        )

    def _expires_at(self):
        """First instant, naive UTC, at which the credit is no longer spendable."""
        self.ensure_one()
        return periods.midnight(self.last_day + timedelta(days=1), self.program_id.tz)

    def _domain(self):
        """Lots of the selection that an act may extend: not expired yet and expiring before the new day."""
        self.ensure_one()
        domain = [
            ("account_id.card_id.program_id", "=", self.program_id.id),
            ("expires_at", ">", fields.Datetime.now()),
            ("expires_at", "<", self._expires_at()),
        ]
        if self.lot_ids:
            domain.append(("id", "in", self.lot_ids.ids))
        if self.period_ids:
            domain.append(("period_id", "in", self.period_ids.ids))
        return domain

    @api.depends("program_id", "lot_ids", "period_ids", "last_day")
    def _compute_found(self):
        for wizard in self:
            wizard.update({"lot_count": 0, "amount": 0})
            if wizard.program_id and wizard.last_day:
                [(lots, amount)] = self.env["stored.value.lot"]._read_group(
                    wizard._domain(), aggregates=["__count", "remaining:sum"]
                )
                wizard.update({"lot_count": lots, "amount": amount})

    def action_extend(self):
        """Button: extend the selection, in chunks that are committed as they are done; run again it goes on.

        :raises UserError: no act, an act of another programme, or nothing to extend
        """
        self.ensure_one()
        if not self.act_id:
            raise UserError(self.env._("Name the act that extends the credit: without it the expiry stays."))
        if self.act_id.program_id != self.program_id:
            raise UserError(self.env._("The act belongs to another programme."))
        expires_at, act = self._expires_at(), self.act_id.display_name
        lots = self.env["stored.value.lot"].search(self._domain(), order="account_id, id")
        if not lots:
            raise UserError(self.env._("No credit of this selection expires before that day."))
        count = 0
        # sudo: the ledger is nobody's to write; who may extend is in the wizard's access rights
        for chunk in batched(lots.sudo()):
            read_committed(self.env)
            count += chunk._extend_open(expires_at, act)
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": self.env._(
                    "%(count)s credits can be spent until %(day)s.",
                    count=count,
                    day=format_date(self.env, self.last_day),
                ),
                "next": {"type": "ir.actions.act_window_close"},
            },
        }
