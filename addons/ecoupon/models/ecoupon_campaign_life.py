from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

#: Once published these stay: people decided by them.
FROZEN = frozenset(
    {
        "circuit_id",
        "issuer_agreement_id",
        "sponsor_id",
        "sponsor_share",
        "kind",
        "amount",
        "percent",
        "max_discount",
        "min_purchase",
        "goods_ids",
        "alone",
        "accept",
        "accept_merchant_ids",
        "accept_category_ids",
        "place_ids",
        "prize_reference",
        "obtain",
        "wallet_price",
        "area",
        "policy_ids",
        "per_person",
        "uses",
        "valid_from",
        "valid_to",
        "valid_days",
    }
)

#: Steps of the operator. Whoever proposes decides nothing, and time ends a campaign.
DECISIONS = ("published", "refused", "stopped")

#: States in which people may have decided by its terms.
FIXED_STATES = ("published", "stopped", "ended")


class EcouponCampaign(models.Model):
    """From a draft to coupons in people's hands: proposed by the issuer, approved by the operator, stopped when it must
    be (R-000-03, R-000-29)."""

    _inherit = "ecoupon.campaign"

    def action_propose(self):
        """Button: ask the operator to publish. What the operator could not approve is said now.

        :raise UserError: not a draft, or something is missing
        """
        self.check_access("write")
        for campaign in self:
            campaign._must_be("draft", "refused")
            campaign._check_publication()
            campaign._move("proposed")
            campaign._tell_operator()

    def action_publish(self):
        """Button of the operator: approve and publish.

        :raise UserError: it was not proposed, or something is missing
        """
        self._must_decide()
        for campaign in self:
            campaign._must_be("draft", "proposed", "stopped")
            campaign._check_publication()
            campaign._move("published")
            if campaign._acceptors() - campaign.issuer_id:
                # sudo: made before the first coupon is spent elsewhere, so that its books can be set up
                campaign.circuit_id.sudo()._clearing_funder()

    def _refuse(self, reason):
        """The operator does not publish it.

        :param str reason: told to the issuer
        :raise UserError: no reason, or it was not proposed
        """
        self._must_decide()
        for campaign in self:
            campaign._must_be("proposed")
            campaign._move("refused", campaign._reason(reason))

    def _stop(self, reason):
        """Stop switch: from this instant no till accepts its coupons and none are handed out.

        :param str reason: told to the issuer
        :raise UserError: no reason, or it is not published
        """
        self._must_decide()
        for campaign in self:
            campaign._must_be("published")
            campaign._move("stopped", campaign._reason(reason))

    def action_draft(self):
        """Button: change a campaign that was refused, or take a proposal back."""
        self.check_access("write")
        for campaign in self:
            campaign._must_be("proposed", "refused")
            campaign._move("draft")

    @api.model
    def _cron_end(self):
        """Scheduled: campaigns whose time is over.

        :return: int, how many
        """
        over = self.search([("state", "in", ("published", "stopped")), ("valid_to", "<=", fields.Datetime.now())])
        for campaign in over:
            campaign._move("ended", campaign.state_reason)
        return len(over)

    def action_coupons(self):
        """Button: coupons of these campaigns."""
        action = self.env["ir.actions.act_window"]._for_xml_id("ecoupon.action_coupon")
        return {**action, "domain": [("campaign_id", "in", self.ids)], "context": {}}

    def action_redemptions(self):
        """Button: what of these campaigns was spent."""
        action = self.env["ir.actions.act_window"]._for_xml_id("ecoupon.action_redemption")
        return {**action, "domain": [("campaign_id", "in", self.ids)], "context": {}}

    # ------------------------------------------------------------------ parts

    def _must_be(self, *states):
        """:raise UserError: the campaign is in another state"""
        self.ensure_one()
        if self.state not in states:
            state = dict(self._fields["state"]._description_selection(self.env))[self.state]
            raise UserError(self.env._("“%(campaign)s” is in state “%(state)s”.", campaign=self.name, state=state))

    def _must_decide(self):
        """:raise AccessError: the user works neither for the circuit nor for its operator"""
        self.check_access("write")
        for circuit in self.circuit_id:
            if not (self.env.su or circuit._decides_on_campaigns(self.env.user)):
                raise AccessError(self.env._("The operator of the circuit decides on campaigns."))

    def _reason(self, reason):
        if not (reason or "").strip():
            raise UserError(self.env._("Say why: the issuer reads it."))
        return reason.strip()[:500]

    def _move(self, state, reason=False):
        vals = {"state": state, "state_reason": reason}
        if state in DECISIONS:
            vals.update(decided_by_id=self.env.uid, decided_at=fields.Datetime.now())
        elif state != "ended":
            vals.update(decided_by_id=False, decided_at=False)
        campaign = self.sudo()  # sudo: states are written by the campaign's own actions only
        if campaign.state == "proposed":
            campaign.activity_feedback(["mail.mail_activity_data_todo"])
        campaign.write(vals)

    def _tell_operator(self):
        """An activity for somebody of the operator, else for the circuit's manager."""
        circuit = self.circuit_id
        # sudo: a member proposes and may not read users
        users = self.env["res.users"].sudo()
        own = users.search(
            [
                ("partner_id.commercial_partner_id", "=", circuit.operator_id.commercial_partner_id.id),
                ("share", "=", False),
            ],
            limit=1,
        )
        group = self.env.ref("merchant_circuit.group_manager")
        user = own or users.search(
            [("all_group_ids", "in", group.ids), ("company_ids", "in", circuit.company_id.ids), ("share", "=", False)],
            limit=1,
        )
        if user:
            self.sudo().activity_schedule(  # sudo: as above
                "mail.mail_activity_data_todo", user_id=user.id, summary=self.env._("Campaign to be approved")
            )

    def write(self, vals):
        """Write; what people decided by stays once the campaign is published.

        :raise UserError: a published, stopped or ended campaign would become another one
        """
        if vals.keys() & FROZEN:
            for campaign in self:
                if campaign.state in FIXED_STATES:
                    raise UserError(
                        self.env._(
                            "“%s” was published: its conditions stay. Stop it and make another one.", campaign.name
                        )
                    )
        res = super().write(vals)
        if "distributor_ids" in vals:
            # who hands out may change, yet what was asked at publication still holds
            for campaign in self.filtered(lambda campaign: campaign.state == "published"):
                campaign._check_publication()
        return res

    @api.ondelete(at_uninstall=False)
    def _unlink_only_draft(self):
        if self.filtered(lambda campaign: campaign.state not in ("draft", "refused")):
            raise UserError(self.env._("Only a draft can be deleted. Stop the campaign instead."))
