from datetime import datetime
from decimal import Decimal
from math import ceil

from odoo import _, api, fields, models
from odoo.tools.misc import format_amount, format_datetime

from ..rules.refusals import Code, Refusal, details


class CircuitTill(models.AbstractModel):
    """What the till contract answers, and in which words."""

    _inherit = "circuit.till"

    @api.model
    def _reply(self, outcome):
        """Turn the outcome of a SQL function into the contract's answer."""
        if outcome["outcome"] == "refused":
            until = outcome.get("until")
            return self._refused(
                Refusal(
                    Code(outcome["code"]),
                    Decimal(outcome["limit"]) if outcome.get("limit") is not None else None,
                    datetime.fromisoformat(until) if until else None,
                    **details(outcome),
                )
            )
        instrument = self.env[outcome["instrument_model"]]
        return {
            "status": outcome["state"],
            "key": outcome["key"],
            "amount": outcome["amount"],
            "eligible": outcome["eligible"],
            "balance": outcome["balance"],
            "account": outcome.get("account") or instrument._circuit_account_label(outcome["account_id"]),
            "reference": outcome["reference"],
            "holder": outcome["holder_mask"],
            "instrument": outcome.get("instrument") or instrument.browse(outcome["instrument_id"])._circuit_label(),
            "expires_at": outcome["expires_at"],
            **({"origin_key": outcome["origin_key"]} if outcome.get("origin_key") else {}),
            **instrument._circuit_told(outcome),
        }

    @api.model
    def _refused(self, refusal):
        """The contract's answer for a refusal, with its sentence in the user's language.

        :param Refusal refusal: the refusal
        :return: dict of status, code and message; limit, possible and left (EUR as text), clause and account
            where they are known and the holder is proven (R-004-76)
        """
        reply = {"status": "refused", "code": str(refusal.code), "message": self._sentence(refusal)}
        for name in ("limit", "possible", "left"):
            amount = getattr(refusal, name)
            if amount is not None:
                reply[name] = f"{amount:.2f}"
        for name in ("clause", "account"):
            if getattr(refusal, name):
                reply[name] = getattr(refusal, name)
        if refusal.until is not None:
            reply["until"] = f"{refusal.until.isoformat(timespec='seconds')}Z"
        return reply

    @api.model
    def _sentence(self, refusal):
        """A sentence a shopkeeper understands, saying what to do.

        :param Refusal refusal: the refusal
        :return: str in the user's language
        """
        currency = self.env.company.currency_id
        limit = "" if refusal.limit is None else format_amount(self.env, float(refusal.limit), currency)
        then = format_amount(self.env, float(refusal.then), currency) if refusal.then else ""
        until = format_datetime(self.env, refusal.until, dt_format="short") if refusal.until else ""
        sentences = {
            Code.BAD_REQUEST: _("The till sent an incomplete request. Start the payment again."),
            Code.BAD_AMOUNT: _("The amount is not valid. Check the purchase and try again."),
            Code.BAD_IDENTIFIER: _("This is neither a valid fiscal code nor a card number. Check it and try again."),
            Code.UNKNOWN: _("Nothing can be spent here with this code. Check it and try again."),
            Code.DOCUMENTS: _(
                "Look at the health card and at an identity document of the holder, confirm both and try again."
            ),
            Code.UNKNOWN_OR_PIN: _("Unknown card or wrong PIN. Check both and try again."),
            Code.PIN_LOCKED: _(
                "Too many wrong PINs: the card is locked. The holder can ask the public body for a new PIN."
            ),
            Code.PIN_WAIT: self._pin_wait_sentence(refusal.until),
            Code.CODE_EXPIRED: _(
                "The code on the telephone has expired or was already used. Ask the citizen for a new code."
            ),
            Code.SUSPENDED: _("The card is suspended. The holder can ask the public body why."),
            Code.CLOSED: _("The card is closed."),
            Code.NOT_YET: _("The credit can be spent from %s.", until)
            if until
            else _("The credit cannot be spent yet."),
            Code.ENDED: _("The programme has ended: its cards are no longer accepted."),
            Code.MIN_SPEND: _(
                "The purchase is below the minimum of %(minimum)s for goods the card can pay; from there on it can"
                " pay up to %(then)s.",
                minimum=limit,
                then=then,
            )
            if then
            else _("The purchase is below the minimum of %s for goods the card can pay.", limit),
            Code.OWN_SHARE: _("The card can pay at most %s of this purchase; the citizen pays the rest.", limit),
            Code.WRONG_SHARE: _("The card must pay exactly %s of this purchase.", limit),
            Code.ACCOUNT_LIMIT: _("The limit is reached: at most %s is left on the account for this shop.", limit),
            Code.NO_CREDIT: _("No credit is left on the account for this shop."),
            Code.NO_ACCOUNT: _("The card has no account for this kind of shop."),
            Code.EXCLUDED_MERCHANT: _("The card cannot be used for this activity or for these goods."),
            Code.NO_AGREEMENT: _("The shop has no agreement in force for this card. Call the public body."),
            Code.CIRCUIT_STOPPED: _("The circuit is stopped: no card is accepted until further notice."),
            Code.KEY_CONFLICT: _("This payment reference is already in use. Remove the payment line and start again."),
            Code.KEY_USED: _("This payment was cancelled or has expired. Remove the payment line and start again."),
            Code.NO_ORIGIN: _("The payment to refund was not found at this shop."),
            Code.ALREADY_REFUNDED: _("This payment was already refunded in full."),
            Code.TOO_MANY: self._wait_sentence(refusal.until),
            Code.TOO_LATE: _(
                "Only the last operation of this till can be reversed here, and only for a short time. Ask the public"
                " body to reverse it."
            ),
            Code.COUPON_UNKNOWN: _("No coupon has this code. Check it and try again."),
            Code.COUPON_SPENT: _("This coupon was already spent."),
            Code.COUPON_ENDED: _("This coupon has expired."),
            Code.COUPON_STOPPED: _("This coupon was withdrawn by the circuit: it is no longer accepted."),
            Code.COUPON_CIRCUIT: _("This coupon belongs to another circuit and cannot be spent here."),
            Code.COUPON_ELSEWHERE: _("This coupon cannot be spent at this shop. Its page says where it can."),
            Code.COUPON_GOODS: _("This coupon is for other goods than those of this purchase."),
            Code.COUPON_PERSON: _("This coupon is reserved, and its holder may not use it today."),
            Code.COUPON_STACK: _(
                "Only one coupon counts for a purchase. Remove the other one if this is worth more: %s.", limit
            )
            if limit
            else _("This coupon cannot be used together with another one."),
            Code.COUPON_FIRST: _(
                "The coupon comes before the card. Remove the card payment, use the coupon, then the card."
            ),
            Code.WALLET_PERSON: _("The holder of this wallet is not entitled today: it cannot pay."),
            Code.COUPON_NOT_YET: _("This coupon can be used from %s.", until),
            Code.COUPON_MINIMUM: _("This coupon needs goods it is for of at least %s.", limit),
            Code.COUPON_AMOUNT: _("This coupon takes exactly %s off this purchase.", limit),
            Code.COUPON_NOTHING: _("Nothing is left that this coupon could take off. It was not used."),
        }
        return sentences[refusal.code]

    @api.model
    def _wait_sentence(self, until):
        """How long the till has to wait; as a span, for cashiers know the clock of their shop but not its zone.

        :param datetime until: UTC, or None
        :return: str in the user's language
        """
        seconds = self._seconds(until)
        if seconds < 100:
            return _("Too many attempts failed at this till. Wait %s seconds, then try again.", seconds)
        return _("Too many attempts failed at this till. Wait %s minutes, then try again.", ceil(seconds / 60))

    @api.model
    def _pin_wait_sentence(self, until):
        """How long the card takes no PIN after wrong ones.

        :param datetime until: UTC, or None
        :return: str in the user's language
        """
        seconds = self._seconds(until)
        if seconds < 100:
            return _("Wrong PINs were typed. Wait %s seconds, then try again with the right one.", seconds)
        return _("Wrong PINs were typed. Wait %s minutes, then try again with the right one.", ceil(seconds / 60))

    @api.model
    def _seconds(self, until):
        """Whole seconds to an instant, at least one; a minute where nobody knows."""
        return max(1, ceil((until - fields.Datetime.now()).total_seconds())) if until else 60
