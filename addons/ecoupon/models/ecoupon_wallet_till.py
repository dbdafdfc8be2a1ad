import json
from datetime import UTC
from decimal import Decimal
from typing import NamedTuple
from zoneinfo import ZoneInfo

from odoo import api, fields, models
from odoo.tools import SQL

from odoo.addons.merchant_circuit.rules import one_time_code
from odoo.addons.merchant_circuit.rules.refusals import Code, Refusal
from odoo.addons.merchant_circuit.rules.till import Quote
from odoo.addons.stored_value.tools import install_functions, query_about_a_person

from ..rules import person, wallet
from .ecoupon_wallet_code import PREFIX


class WalletHandle(NamedTuple):
    """A wallet found at the till: plain values, one query."""

    id: int
    circuit_id: int
    mask: str
    label: str
    partner_id: int
    code: int
    """Row of the one-time code that was shown."""


class EcouponWallet(models.Model):
    """The wallet as an instrument of the circuit: shown by its one-time code and by nothing else (R-000-16)."""

    _name = "ecoupon.wallet"
    _inherit = ["ecoupon.wallet", "circuit.instrument"]

    def _circuit_label(self):
        """Name of the instrument on screens and receipts."""
        return self.env._("Wallet")

    def _circuit_kind(self, identifier):
        """Whether a text means to be a wallet's one-time code."""
        return "wallet_code" if one_time_code.is_code(identifier, PREFIX) else None

    @api.model
    def _circuit_identify(self, identifier, at, circuits=()):
        """The wallet behind a one-time code, also a spent or an old one: whether it still pays is the charge's to say.

        :param str identifier: as scanned, upper case
        :param datetime at: naive UTC
        :param circuits: ids of the merchant's circuits; a wallet has one
        :return: WalletHandle, Refusal BAD_IDENTIFIER for any other text, CODE_EXPIRED for a code that was never issued
            here or is long gone
        """
        if not one_time_code.is_code(identifier, PREFIX):
            return Refusal(Code.BAD_IDENTIFIER)
        nonce = one_time_code.decode(self._secret(), identifier, PREFIX)
        rows = nonce and query_about_a_person(
            self.env, SQL("SELECT * FROM ecoupon_wallet_find(%s)", one_time_code.digest(nonce))
        )
        if not rows:
            return Refusal(Code.CODE_EXPIRED)
        wallet_id, circuit, partner, fiscal_code, code = rows[0]
        return WalletHandle(wallet_id, circuit, person.mask(fiscal_code or ""), self._circuit_label(), partner, code)

    @api.model
    def _circuit_quote(self, handle, merchant, purchase, at):
        """All that is payable and that coupons and cards leave, for who is entitled today (R-000-15, R-000-16).

        :param WalletHandle handle: answer of :meth:`_circuit_identify`
        :return: Quote or Refusal
        """
        day = at.replace(tzinfo=UTC).astimezone(ZoneInfo(merchant.tz)).date()
        env = self.env
        holder, circuit = env["res.partner"].browse(handle.partner_id), env["circuit.circuit"].browse(handle.circuit_id)
        if not env["ecoupon.entitlement"]._holds(holder, circuit, day):
            return Refusal(Code.WALLET_PERSON)
        reducing = env["circuit.till"]._reducing()
        paid = sum((other.amount for other in purchase.before if other.model not in reducing), Decimal(0))
        allowed = wallet.ceiling(purchase.net, paid)
        if not allowed.eligible:
            return Refusal(Code.EXCLUDED_MERCHANT)
        if allowed.most <= 0 or (purchase.requested is not None and purchase.requested > allowed.most):
            return Refusal(Code.OWN_SHARE, allowed.most, possible=allowed.most)
        return Quote(allowed.most, purchase.requested, allowed.eligible)

    @api.model
    def _circuit_charge(self, handle, secret, quote, hold):
        """Debit the account whose credit ends first, in one statement under the wallet's lock (R-000-16).

        :param WalletHandle handle: answer of :meth:`_circuit_identify`
        :param str secret: not looked at: the citizen has logged in to get the code
        :param quote: Quote or Refusal
        :param dict hold: arguments of SQL ``circuit_hold`` without the account
        :return: dict, outcome authorized, replay, refused or quote
        """
        payload = {
            "wallet_id": handle.id,
            "code": handle.code,
            "refused": isinstance(quote, Refusal),
            "wanted": hold.get("requested"),
            "at": hold.get("at") or fields.Datetime.to_string(fields.Datetime.now()),
            "hold": hold,
        }
        [(outcome,)] = self.env.execute_query(SQL("SELECT ecoupon_wallet_charge(%s::jsonb)", json.dumps(payload)))
        # The SQL functions write behind the ORM's back.
        self.env["circuit.transaction"]._forget()
        self.env["stored.value.account"]._forget()
        outcome["instrument"] = handle.label
        if outcome["outcome"] == "refused" and "room" in outcome:
            outcome["possible"] = str(min(Decimal(outcome["room"]), quote.ceiling))
        return outcome

    @api.model
    def _circuit_account_label(self, account_id):
        """Who funds what was paid."""
        # sudo: a shop's till may not read accounts; only the funder's name leaves here
        return self.env["stored.value.account"].sudo().browse(account_id).funder_id.name or ""


class EcouponWalletCode(models.Model):
    """The codes' table is the last one that the SQL side of the wallet needs."""

    _inherit = "ecoupon.wallet.code"

    def init(self):
        """Install the SQL side of the wallet."""
        install_functions(self.env.cr, "ecoupon/sql/wallet.sql")
