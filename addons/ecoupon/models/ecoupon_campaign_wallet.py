import json
from decimal import Decimal

from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from odoo.addons.stored_value.tools import read_committed, to_decimal


class EcouponCampaign(models.Model):
    """Coupons that are bought with the wallet (R-000-16, B05): the wallet's money is its funder's again, the coupon's
    cost stays its issuer's."""

    _inherit = "ecoupon.campaign"

    def _exchange(self, wallet):
        """Buy a coupon with a wallet: both happen, or neither, whatever the caller does with a refusal. The caller has
        checked whose wallet it is, and how strong the login is.

        :param wallet: ecoupon.wallet
        :return: ecoupon.coupon
        :raises UserError: not for sale, not entitled, not enough in the wallet, or no coupon is left for this citizen
        """
        self.ensure_one()
        # sudo: citizens have rights neither on campaigns nor on wallets; the caller has checked whose wallet it is
        campaign, wallet = self.sudo(), wallet.sudo()
        circuit = campaign.circuit_id
        if campaign.obtain != "exchanged" or to_decimal(campaign.wallet_price) <= 0 or circuit != wallet.circuit_id:
            raise UserError(self.env._("This coupon cannot be bought with your wallet."))
        if not self.env["ecoupon.entitlement"]._holds(wallet.partner_id, circuit, circuit._local_day()):
            raise UserError(self.env._("You are not entitled today: your wallet buys no coupons."))
        coupon = campaign.with_context(ecoupon_exchange=wallet.id)._take(wallet.partner_id)
        self.env["stored.value.account"]._forget()
        wallet.invalidate_recordset(["balance", "balance_text", "next_expiry"])
        return coupon.with_env(self.env)

    def _stop(self, reason):
        """Stop, and give back what unused coupons cost that were bought with wallets: no till accepts them any more."""
        # first of all, for it saves what was done before: the stop and the money come together
        read_committed(self.env)
        result = super()._stop(reason)
        self.env.flush_all()  # takes the campaigns' locks: whoever is buying one now is waited for, and found
        for campaign in self:
            campaign._give_back()
        return result

    @api.model
    def _cron_end(self):
        """Of campaigns that are stopped, also give back what came back from tills since."""
        read_committed(self.env)
        for campaign in self.search([("state", "=", "stopped")]):
            campaign._give_back()
        return super()._cron_end()

    def _give_back(self):
        """Take unused coupons back that were bought with wallets, and give back what they cost."""
        self.ensure_one()
        if self.obtain == "exchanged":
            # sudo: coupons are written by their own actions only
            coupons = self.env["ecoupon.coupon"].sudo()
            unused = coupons.search([("campaign_id", "=", self.id), ("cancelled_at", "=", False)])
            unused._take_back(self.state_reason)

    def _make_query(self, payload):
        """With a wallet, the statement also takes the price out of it."""
        wallet = self.env.context.get("ecoupon_exchange")
        if not wallet:
            return super()._make_query(payload)
        return SQL(
            "SELECT ecoupon_wallet_buy(%s::jsonb, %s, %s, %s)",
            json.dumps(payload),
            wallet,
            to_decimal(self.wallet_price),
            self.name,
        )

    def _none_sentence(self, code, limit):
        """What the wallet lacks, beside the campaign's own reasons."""
        if code != "WALLET":
            return super()._none_sentence(code, limit)
        return self.env._(
            "This coupon costs %(price)s, and your wallet holds %(held)s.",
            price=self.circuit_id._wallet_text(to_decimal(self.wallet_price)),
            held=self.circuit_id._wallet_text(Decimal(limit)),
        )
