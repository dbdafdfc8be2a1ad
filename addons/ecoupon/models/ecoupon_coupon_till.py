import json
from datetime import UTC, datetime
from decimal import Decimal
from typing import NamedTuple
from zoneinfo import ZoneInfo

from odoo import api, fields, models
from odoo.tools import SQL

from odoo.addons.merchant_circuit.rules.refusals import Code, Refusal
from odoo.addons.merchant_circuit.rules.till import Quote
from odoo.addons.stored_value.tools import install_functions

from ..rules import coupon_code, discount


class CouponHandle(NamedTuple):
    """A coupon found at the till: plain values, one query."""

    id: int
    circuit_id: int
    mask: str
    label: str
    facts: dict
    """Answer of SQL ``ecoupon_find``."""
    terms: discount.Terms


class EcouponCoupon(models.Model):
    """The coupon as an instrument of the circuit: the hot path, without the ORM."""

    _name = "ecoupon.coupon"
    _inherit = ["ecoupon.coupon", "circuit.instrument"]

    def init(self):
        """Install the SQL side of the charge."""
        install_functions(self.env.cr, "ecoupon/sql/charge.sql")

    def _circuit_label(self):
        """Name of the coupon on screens and receipts: its campaign's."""
        # sudo: a shop's till may not read coupons; only the campaign's published name leaves here
        return self.sudo().campaign_id.name or self.env._("Coupon")

    def _circuit_kind(self, identifier):
        """Whether a text means to be a coupon's code."""
        return "coupon" if coupon_code.is_code(identifier) else None

    @api.model
    def _circuit_identify(self, identifier, at, circuits=()):
        """Find a coupon by its code (R-000-06, R-000-38).

        :param str identifier: as typed or scanned, upper case, with or without hyphens
        :param datetime at: naive UTC
        :param circuits: ids of the merchant's circuits; a coupon has one
        :return: CouponHandle, Refusal BAD_IDENTIFIER when it cannot be a coupon, COUPON_UNKNOWN when there is none
        """
        if not coupon_code.is_code(identifier):
            return Refusal(Code.BAD_IDENTIFIER)
        code = coupon_code.normalise(identifier)
        facts = None
        if code:
            [(facts,)] = self.env.execute_query(SQL("SELECT ecoupon_find(%s)", coupon_code.digest(code)))
        if not facts:
            return Refusal(Code.COUPON_UNKNOWN)
        names = facts["name"]
        return CouponHandle(
            id=facts["id"],
            circuit_id=facts["circuit"],
            mask=f"EC-***-{code[-4:]}",
            label=names.get(self.env.lang) or names["en_US"],
            facts=facts,
            terms=discount.Terms(
                facts["kind"],
                *(Decimal(facts[name]) for name in ("amount", "percent", "maximum", "minimum")),
                goods=frozenset(facts["goods"]),
                alone=facts["alone"],
            ),
        )

    @api.model
    def _circuit_quote(self, handle, merchant, purchase, at):
        """What the coupon takes off, or why nothing (R-000-06 to R-000-08, R-000-13, B01, B03, H16).

        :param CouponHandle handle: answer of :meth:`_circuit_identify`
        :return: Quote or Refusal of merchant_circuit
        """
        obstacle = self._circuit_obstacle(handle.facts, merchant, at)
        if obstacle:
            return obstacle
        others = [paid for paid in purchase.before if paid.model == self._name]
        if len(others) < len(purchase.before):
            return Refusal(Code.COUPON_FIRST)
        used = self._circuit_used([paid.instrument_id for paid in others])
        answer = discount.discount(
            handle.terms,
            handle.id,
            purchase.lines,
            purchase.taken,
            [discount.Other(paid.instrument_id, paid.amount, used[paid.instrument_id].alone) for paid in others],
            handle.facts["stacking"],
            merchant.activity_id,
        )
        if isinstance(answer, discount.Refusal):
            return Refusal(Code(answer.code), answer.limit)
        if purchase.requested not in (None, answer.amount):
            return Refusal(Code.COUPON_AMOUNT, answer.amount, possible=answer.amount)
        return Quote(answer.amount, None, answer.eligible, "refuse")

    @api.model
    def _circuit_obstacle(self, facts, merchant, at):
        """Why a coupon is not accepted here, now, or from its holder, whatever is bought.

        :param dict facts: answer of SQL ``ecoupon_find``
        :param Merchant merchant: the shop
        :param datetime at: naive UTC
        :return: Refusal or None
        """
        begins, ends = (datetime.fromisoformat(facts[name]) for name in ("from", "until"))
        if not facts["live"]:
            return Refusal(Code.COUPON_STOPPED)
        if at >= ends:
            return Refusal(Code.COUPON_ENDED)
        if at < begins:
            return Refusal(Code.COUPON_NOT_YET, until=begins)
        listed = merchant.merchant_id in facts["shops"] or merchant.category_id in facts["categories"]
        accepted = {"issuer": merchant.merchant_id == facts["issuer"], "listed": listed, "all": True}
        if not accepted[facts["accept"]]:
            return Refusal(Code.COUPON_ELSEWHERE)
        if (facts["area"] == "reserved" or facts["policies"]) and not self._circuit_entitled(facts, merchant.tz, at):
            return Refusal(Code.COUPON_PERSON)
        return None

    @api.model
    def _circuit_entitled(self, facts, tz, at):
        """Whether the holder of a reserved coupon may use it today, whatever was true when it was taken
        (R-000-13, R-000-15).

        :return: bool
        """
        env = self.env
        return bool(facts["holder"]) and env["ecoupon.entitlement"]._holds(
            env["res.partner"].browse(facts["holder"]),
            env["circuit.circuit"].browse(facts["circuit"]),
            at.replace(tzinfo=UTC).astimezone(ZoneInfo(tz)).date(),
            env["ecoupon.policy"].browse(facts["policies"]),
        )

    @api.model
    def _circuit_used(self, ids):
        """Coupons that were used on the same purchase before.

        :param list ids: coupons
        :return: dict of id to row with circuit_id, alone and goods
        """
        if not ids:
            return {}
        rows = self.env.execute_query(SQL("SELECT * FROM ecoupon_used(%s)", ids))
        return {row[0]: Used(*row[1:]) for row in rows}

    @api.model
    def _circuit_taken(self, paid, purchase, merchant_id):
        """What a coupon takes off each line: of the goods it is for, in proportion to what is left of them (H16)."""
        used = self._circuit_used([paid.instrument_id])[paid.instrument_id]
        agreements = self.env["circuit.till"]._agreements(merchant_id)
        activity = next((row[0].activity_id for row in agreements if row[0].circuit_id == used.circuit_id), None)
        return discount.spread(paid.amount, purchase.net, activity, used.goods)

    @api.model
    def _circuit_charge(self, handle, secret, quote, hold):
        """Use the coupon, in one statement under its lock (R-000-20, R-000-38).

        :param CouponHandle handle: answer of :meth:`_circuit_identify`
        :param str secret: not looked at: whoever shows the code holds the coupon
        :param quote: Quote or Refusal
        :param dict hold: arguments of SQL ``circuit_open``
        :return: dict, outcome authorized, replay, refused or quote
        """
        refused = isinstance(quote, Refusal)
        if refused and quote.code == Code.NO_AGREEMENT:
            quote = Refusal(self._circuit_stranger(handle.circuit_id, hold["merchant_id"]))
            if quote.code != Code.NO_AGREEMENT:
                return {"outcome": "refused", "code": quote.code}
        payload = {
            "coupon_id": handle.id,
            "refused": refused,
            "at": hold.get("at") or fields.Datetime.to_string(fields.Datetime.now()),
            "hold": hold,
        }
        if not refused:
            payload["discount"] = str(quote.ceiling)
            payload["funder_id"] = self._circuit_funder(handle, hold["merchant_id"])
        [(outcome,)] = self.env.execute_query(SQL("SELECT ecoupon_charge(%s::jsonb)", json.dumps(payload)))
        self.env["circuit.transaction"]._forget()
        return outcome | {"instrument": handle.label}

    @api.model
    def _circuit_stranger(self, circuit_id, merchant_id):
        """What a shop is told that may not accept coupons of a circuit: whether it is a member at all.

        :return: Code
        """
        rows = self.env.execute_query(
            SQL(
                "SELECT state, role_accept FROM circuit_agreement WHERE circuit_id = %s AND merchant_id = %s",
                circuit_id,
                merchant_id,
            )
        )
        if not rows:
            return Code.COUPON_CIRCUIT
        return Code.COUPON_ELSEWHERE if ("active", False) in rows else Code.NO_AGREEMENT

    @api.model
    def _circuit_funder(self, handle, merchant_id):
        """Who pays the shop: the circuit's clearing, or nobody when the issuer accepts its own coupon (R-000-20).

        :return: id of the circuit.funder, or None
        """
        if discount.vat_treatment(handle.facts["issuer"], merchant_id) == discount.DISCOUNT:
            return None
        return self.env["circuit.circuit"].browse(handle.circuit_id)._clearing_funder().id

    @api.model
    def _circuit_told(self, outcome):
        """Whether the coupon lowered the price or paid a part of it: the VAT of the sale differs (C10)."""
        treatment = discount.PAYMENT if outcome["funder_id"] else discount.DISCOUNT
        return {"kind": "coupon", "vat_treatment": treatment}

    @api.model
    def _circuit_account_label(self, account_id):
        """Coupons have no account."""
        return ""

    @api.model
    def _circuit_give_back(self, refund):
        """Nothing is to be posted: the use is there again once its payment is given back in full (R-000-38)."""
        return None

    @api.model
    def _circuit_after_capture(self, transactions):
        """Note who owes whom for what was just spent or reversed (R-000-20)."""
        self.env["ecoupon.redemption"]._record(transactions)


class Used(NamedTuple):
    """What the rules of a second coupon ask of the first one."""

    circuit_id: int
    alone: bool
    goods: list
