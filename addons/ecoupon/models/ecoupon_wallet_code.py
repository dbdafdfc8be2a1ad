from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from odoo.addons.merchant_circuit.rules import one_time_code
from odoo.addons.stored_value.tools import read_committed

#: What the codes of wallets begin with.
PREFIX = "CW1."
#: A login gets at most so many codes of a wallet …
MOST = 20
#: … in this time.
WINDOW = timedelta(minutes=10)
#: A till that lost its answer may ask again with the same code and key; then nobody needs the row any more.
KEPT = timedelta(days=7)


class EcouponWalletCode(models.Model):
    """One-time codes of wallets (R-000-16, R-000-19): which wallet each opens, until when, and whether it was spent.
    What the telephone shows is nowhere stored."""

    _name = "ecoupon.wallet.code"
    _description = "One-time code of a wallet"
    _log_access = False
    _order = "id desc"

    wallet_id = fields.Many2one("ecoupon.wallet", required=True, readonly=True, ondelete="cascade")
    user_id = fields.Many2one("res.users", "Login", required=True, readonly=True, ondelete="cascade", index=True)
    company_id = fields.Many2one("res.company", required=True, readonly=True, ondelete="cascade")
    digest = fields.Char(required=True, readonly=True, groups="base.group_system", help="SHA-256 of the random part.")
    issued_at = fields.Datetime(required=True, readonly=True)
    expires_at = fields.Datetime(required=True, readonly=True, index=True)
    used_at = fields.Datetime(readonly=True)
    transaction_id = fields.Many2one("circuit.transaction", "Purchase", readonly=True, ondelete="set null")

    _digest_unique = models.UniqueIndex("(digest)")
    _issued = models.Index("(wallet_id, user_id, issued_at)")

    @api.autovacuum
    def _gc_codes(self):
        """Remove codes that ended a week ago."""
        self.env.cr.execute(
            SQL("DELETE FROM ecoupon_wallet_code WHERE expires_at < %s", fields.Datetime.now() - KEPT),
        )


class EcouponWallet(models.Model):
    """What the citizen's telephone shows at the till."""

    _inherit = "ecoupon.wallet"

    def _issue_code(self, user):
        """A new one-time code for the login of the wallet's citizen; the one it showed before ends (R-000-16,
        R-000-19). The caller has checked how strong the login is.

        :param user: res.users
        :return: (text of the QR code, seconds it can be used)
        :raises UserError: another citizen's wallet, not entitled today, nothing to spend, or too many codes
        """
        self.ensure_one()
        read_committed(self.env)
        wallet = self.sudo()  # sudo: citizens have no rights on wallets; the next line says whose it is
        circuit = wallet.circuit_id
        if wallet.partner_id != user.partner_id:
            raise UserError(self.env._("This is not your wallet."))
        if not self.env["ecoupon.entitlement"]._holds(wallet.partner_id, circuit, circuit._local_day()):
            raise UserError(self.env._("You are not entitled today: your wallet cannot pay."))
        now = fields.Datetime.now()
        if not wallet._spendable(now):
            raise UserError(self.env._("There is nothing in your wallet that you can spend at a shop."))
        nonce = one_time_code.new_nonce()
        seconds = circuit.wallet_code_seconds
        [(stored,)] = self.env.execute_query(
            SQL(
                "SELECT ecoupon_wallet_issue_code(%s, %s, %s, %s, %s, %s, %s)",
                self.id,
                user.id,
                one_time_code.digest(nonce),
                now,
                seconds,
                now - WINDOW,
                MOST,
            )
        )
        self.env["ecoupon.wallet.code"].invalidate_model()
        if not stored:
            raise UserError(self.env._("You asked for too many codes: wait a few minutes."))
        return one_time_code.encode(self._secret(), nonce, PREFIX), seconds

    def _code_purchase(self, user):
        """What the newest code was spent on, for the login that showed it.

        :param user: res.users
        :return: circuit.transaction with the rights of the system, empty while the code was not used
        """
        self.ensure_one()
        # sudo: citizens have no rights on codes; the domain says whose it is
        codes = self.env["ecoupon.wallet.code"].sudo()
        domain = [("wallet_id", "=", self.id), ("user_id", "=", user.id)]
        return codes.search(domain, limit=1).transaction_id
