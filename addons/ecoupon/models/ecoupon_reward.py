from datetime import date
from typing import Any, NamedTuple

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL

from odoo.addons.stored_value.tools import to_decimal

from ..rules import wallet


class Occurrence(NamedTuple):
    """A behaviour of a citizen that somebody reports."""

    behaviour: Any
    partner: Any
    day: date
    reference: str
    channel: str


class EcouponReward(models.Model):
    """One recorded behaviour of a citizen, with its evidence and the credit it brought. Made whole or not at all, and
    afterwards it stays (R-000-17)."""

    _name = "ecoupon.reward"
    _description = "Reward"
    _inherit = ["own.fields"]
    _order = "id desc"
    _rec_name = "reference"

    behaviour_id = fields.Many2one(
        "ecoupon.behaviour", required=True, index=True, ondelete="restrict", domain="[('evidence', '=', 'manual')]"
    )
    circuit_id = fields.Many2one(related="behaviour_id.circuit_id", store=True, index=True)
    company_id = fields.Many2one(related="circuit_id.company_id", store=True, index=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    partner_id = fields.Many2one(
        "res.partner",
        "Citizen",
        required=True,
        index=True,
        ondelete="restrict",
        domain="[('is_company', '=', False)]",
        help="The office has seen who it is, and a list of the Region names the fiscal code. R-000-15.",
    )
    wallet_id = fields.Many2one("ecoupon.wallet", readonly=True, index=True, ondelete="restrict")
    day = fields.Date(required=True, default=fields.Date.context_today, help="When it happened.")
    reference = fields.Char(required=True, help="The partner's own number: the same one is rewarded once.")
    evidence = fields.Char(help="What shows it: document, partner, office.")
    channel = fields.Selection(
        [("manual", "Office"), ("file", "File"), ("api", "API")], required=True, default="manual", readonly=True
    )
    batch_ref = fields.Char("File", readonly=True, index="btree_not_null")
    reporter_id = fields.Many2one("res.partner", "Reported by", readonly=True, ondelete="restrict")
    amount = fields.Monetary(readonly=True)
    lot_id = fields.Many2one("stored.value.lot", "Credit", readonly=True, ondelete="restrict", index="btree_not_null")
    expires_at = fields.Datetime("Spend before", readonly=True)
    state = fields.Selection(
        [("credited", "Credited"), ("taken_back", "Taken back")], required=True, readonly=True, default="credited"
    )
    taken_back_at = fields.Datetime("Taken back on", readonly=True)
    taken_back_by_id = fields.Many2one("res.users", "Taken back by", readonly=True, ondelete="restrict")

    _reference_unique = models.Constraint("UNIQUE (behaviour_id, reference)", "This occurrence was already rewarded.")
    _times_idx = models.Index("(partner_id, behaviour_id, day)")

    def _own_fields(self):
        return super()._own_fields() | {
            "wallet_id",
            "channel",
            "batch_ref",
            "reporter_id",
            "amount",
            "lot_id",
            "expires_at",
            "state",
            "taken_back_at",
            "taken_back_by_id",
        }

    # ------------------------------------------------------------------ life

    @api.model_create_multi
    def create(self, vals_list):
        """Record behaviours of citizens: each credits the wallet once (R-000-17).

        :raises UserError: one of them is not rewarded; then none is
        """
        rewards = super().create([{**vals, "reference": (vals.get("reference") or "").strip()} for vals in vals_list])
        # sudo: the credit is the system's; who may record was asked above
        occurrences = [
            Occurrence(reward.behaviour_id, reward.partner_id, reward.day, reward.reference, reward.channel)
            for reward in rewards.sudo()
        ]
        rewards.behaviour_id.sudo()._lock()
        problems = self.sudo()._plan(occurrences, but=rewards)
        if any(problems):
            raise UserError("\n".join(filter(None, problems)))
        rewards.sudo()._credit()
        return rewards

    def write(self, vals):
        """What was credited stays as it is; only its evidence may be completed.

        :raises UserError: something else
        """
        if not self.env.su and vals.keys() - {"evidence"} - self._own_fields():
            raise UserError(
                self.env._("A reward was credited when it was recorded: take it back and record another one.")
            )
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("Rewards stay on record: take it back instead."))

    def _credit(self):
        """Credit the wallets, each reward as a lot of its own that can be spent for the days of its behaviour."""
        now = fields.Datetime.now()
        credits = []
        for behaviour, rewards in self.grouped("behaviour_id").items():
            circuit = behaviour.circuit_id
            wallets = self.env["ecoupon.wallet"]._open(circuit, rewards.partner_id)
            wallets._lock()
            accounts = wallets._accounts(behaviour.funder_id)
            mine = {wallet.partner_id.id: wallet.id for wallet in wallets}
            ends = wallet.expires_at(circuit._local_day(now), behaviour.valid_days, circuit.tz)
            for reward in rewards:
                reward.write(
                    {
                        "wallet_id": mine[reward.partner_id.id],
                        "amount": behaviour.amount,
                        "expires_at": ends,
                    }
                )
                credits.append(
                    {
                        "account_id": accounts[mine[reward.partner_id.id]],
                        "amount": to_decimal(behaviour.amount),
                        "available_from": now,
                        "expires_at": ends,
                        "origin": f"reward:{reward.id}",
                        "memo": behaviour.name,
                    }
                )
        self.env["stored.value.account"]._credit(credits, now)
        self.flush_model()
        self.env.cr.execute(
            SQL(
                "UPDATE ecoupon_reward r SET lot_id = l.id FROM stored_value_lot l"
                " WHERE r.id = ANY(%s) AND l.origin = 'reward:' || r.id",
                self.ids,
            )
        )
        self.invalidate_model(["lot_id"])

    def action_take_back(self):
        """Button: these rewards were recorded by mistake, and nothing of them was spent (R-000-17).

        :raises AccessError: neither the office nor the Region
        :raises UserError: something was spent or has expired
        """
        self.check_access("read")
        user = self.env.user
        if not (user.has_group("merchant_circuit.group_officer") or user.has_group("ecoupon.group_region")):
            raise AccessError(self.env._("Only the office and the Region take rewards back."))
        due = self.sudo().filtered(lambda reward: reward.state == "credited")  # sudo: written by this action only
        due.behaviour_id._lock()
        for reward in due:
            reward.lot_id._take_back(
                f"reward:{reward.id}:back", memo=self.env._("Taken back: %s", reward.behaviour_id.name)
            )
        due.write({"state": "taken_back", "taken_back_at": fields.Datetime.now(), "taken_back_by_id": self.env.uid})
