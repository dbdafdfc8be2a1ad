from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from odoo.addons.stored_value.tools import read_committed, to_decimal


class EcouponCampaign(models.Model):
    """Coupons that are bought with the wallet (R-000-16, B05): the wallet's money is its funder's again, the coupon's
    cost stays its issuer's."""

    _inherit = "ecoupon.campaign"

    def _exchange(self, wallet):
        """Buy a coupon with a wallet: both happen, or neither. The caller has checked whose wallet it is, and how strong
        the login is.

        :param wallet: ecoupon.wallet
        :return: ecoupon.coupon
        :raises UserError: not for sale, not entitled, not enough in the wallet, or no coupon is left for this citizen
        """
        self.ensure_one()
        read_committed(self.env)
        # sudo: citizens have rights neither on campaigns nor on wallets; the caller has checked whose wallet it is
        campaign, wallet = self.sudo(), wallet.sudo()
        circuit, price = campaign.circuit_id, to_decimal(campaign.wallet_price)
        if campaign.obtain != "exchanged" or price <= 0 or circuit != wallet.circuit_id:
            raise UserError(self.env._("This coupon cannot be bought with your wallet."))
        if not self.env["ecoupon.entitlement"]._holds(wallet.partner_id, circuit, circuit._local_day()):
            raise UserError(self.env._("You are not entitled today: your wallet buys no coupons."))
        wallet._lock()
        coupon = self.with_context(ecoupon_exchange=True)._take(wallet.partner_id)
        self.env.flush_all()
        [(missing,)] = self.env.execute_query(
            SQL(
                "SELECT ecoupon_wallet_exchange(%s, %s, %s, %s, %s, %s)",
                wallet.id,
                price,
                f"exchange:{coupon.id}",
                fields.Datetime.now(),
                campaign.name,
                self.env.uid,
            )
        )
        if missing:
            raise UserError(
                self.env._(
                    "This coupon costs %(price)s, and your wallet holds %(held)s.",
                    price=circuit._wallet_text(price),
                    held=circuit._wallet_text(price - to_decimal(missing)),
                )
            )
        self.env["stored.value.account"]._forget()
        wallet.invalidate_recordset(["balance", "balance_text", "next_expiry"])
        return coupon
