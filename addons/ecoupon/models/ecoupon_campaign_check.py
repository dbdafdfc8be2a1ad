from odoo import models
from odoo.exceptions import UserError
from odoo.tools.misc import format_date

from odoo.addons.stored_value.tools import to_decimal

from ..rules import campaign as rules
from ..rules import discount


class EcouponCampaign(models.Model):
    """What stands in the way of publishing a campaign. Each sentence says what to do."""

    _inherit = "ecoupon.campaign"

    def _check_publication(self):
        """Whether a campaign can be published as it is.

        :raise UserError: everything that stands in the way, a line each
        """
        self.ensure_one()
        problems = self._problems()
        if problems:
            raise UserError("\n".join([self.env._("“%s” cannot be published yet:", self.name), *problems]))

    def _problems(self):
        """Everything that stands in the way of publishing.

        :return: list of sentences
        """
        self.ensure_one()
        return [
            *self._issuer_problems(),
            *self._place_problems(),
            *self._obtain_problems(),
            *self._area_problems(),
        ]

    def _issuer_problems(self):
        """Who issues, sponsors and accepts (R-000-02, R-000-03)."""
        _ = self.env._
        obstacle = self.issuer_agreement_id._obstacle("issue")
        if obstacle:
            yield obstacle
        if self.issuer_agreement_id.circuit_id != self.circuit_id:
            yield _("The issuer's agreement is of another circuit. Choose one of %s.", self.circuit_id.name)
        if self.accept == "listed" and not (self.accept_merchant_ids or self.accept_category_ids):
            yield _("List the shops or the macro-categories where it can be spent.")
        if self.accept == "issuer" and not self.issuer_agreement_id.role_accept:
            yield _("The issuer accepts no coupons: enable it in the agreement or choose other shops.")
        for merchant in self.accept_merchant_ids - self._accepting().merchant_id:
            yield _("%s does not accept coupons in this circuit. Take it off the list.", merchant._shop_label())
        if self.valid_to <= self.env.cr.now():
            yield _("It ended on %s. Move the last day.", format_date(self.env, self.valid_to))

    def _accepting(self):
        """Agreements of the circuit that may accept coupons now."""
        agreements = self.circuit_id.agreement_ids
        return agreements.filtered(lambda agreement: agreement._acts("accept"))

    def _place_problems(self):
        """Where the goods are bought or used (R-000-29, R-000-30)."""
        places = [(place.kind, place.state_id.id) for place in self._where()]
        if rules.is_usable(places, self.circuit_id.territory_state_ids.ids):
            return
        if not places and not self.circuit_id.territory_state_ids:
            return
        yield self.env._(
            "Its goods can be neither bought nor used in the territory of the circuit. Add a place in one of its"
            " provinces, or a web shop."
        )

    def _where(self):
        """Where the goods are bought or used: the places named of the issuer and of shops that accept its coupons, else
        all places of those shops.

        :return: circuit.place
        """
        if self.place_ids:
            shops = self._acceptors() | self.issuer_id
            return self.place_ids.filtered(lambda place: place.merchant_id in shops)
        return self.env["circuit.place"].search([("merchant_id", "in", self._acceptors().ids)])

    def _acceptors(self):
        """Shops where its coupons can be spent.

        :return: res.partner
        """
        self.ensure_one()
        if self.accept == "issuer":
            return self.issuer_id
        agreements = self._accepting()
        if self.accept == "all":
            return agreements.merchant_id
        listed = agreements.filtered(
            lambda agreement: (
                agreement.merchant_id in self.accept_merchant_ids or agreement.category_id in self.accept_category_ids
            )
        )
        return listed.merchant_id

    def _obtain_problems(self):
        """How one gets a coupon, and what the law of prize promotions asks for."""
        _ = self.env._
        if self.obtain == "earned":
            if self._is_reserved():
                yield _("Coupons handed out by members belong to whoever shows them: a reserved one cannot be earned.")
            if not self.distributor_ids:
                yield _("Name the members who hand the coupons out.")
            for agreement in self.distributor_ids:
                if agreement.circuit_id != self.circuit_id:
                    yield _("%s is a member of another circuit.", agreement.merchant_id._shop_label())
                elif obstacle := agreement._obstacle("distribute"):
                    yield obstacle
            elsewhere = self._acceptors() - self.distributor_ids.merchant_id
            if elsewhere and not (self.prize_reference or "").strip():
                yield _(
                    "Coupons earned at one member and spent at another are a prize promotion: enter the number of its"
                    " regulation (DPR 430/2001)."
                )
        if self.obtain == "exchanged":
            if not self.wallet_price:
                yield _("Enter what the coupon costs in the wallet.")
            if not self._is_reserved():
                yield _("Wallets are in the reserved area: put a coupon that is bought with one there.")

    def _area_problems(self):
        """An extra discount is better than what everybody gets, whichever of the two comes first (R-000-14)."""
        _ = self.env._
        if self.area == "public" and self.policy_ids:
            yield _("It is for policies and public at once: put it in the reserved area, or take the policies away.")
        if self.area == "reserved" and self.obtain == "exchanged":  # an exchange is paid, it is no discount given
            return
        own = self._terms()
        for other in self.search(
            [
                ("circuit_id", "=", self.circuit_id.id),
                ("issuer_agreement_id.merchant_id", "=", self.issuer_id.id),
                ("area", "!=", self.area),
                ("state", "=", "published"),
                ("valid_from", "<", self.valid_to),
                ("valid_to", ">", self.valid_from),
            ]
        ):
            if not rules.goods_meet(self.goods_ids.ids, other.goods_ids.ids):
                continue
            if self.area == "reserved" and not rules.is_better(own, other._terms()):
                yield _(
                    "It is not better than “%s”, which everybody gets from the same issuer for the same goods. Raise"
                    " the discount.",
                    other.name,
                )
            elif self.area == "public" and other.obtain != "exchanged" and not rules.is_better(other._terms(), own):
                yield _(
                    "“%s”, an extra discount of the same issuer for the same goods, would not be better any more. Lower"
                    " this discount.",
                    other.name,
                )

    def _terms(self):
        """What the campaign promises, for the rules.

        :return: discount.Terms
        """
        self.ensure_one()
        return discount.Terms(
            self.kind,
            to_decimal(self.amount or 0),
            to_decimal(self.percent or 0),
            to_decimal(self.max_discount or 0),
            to_decimal(self.min_purchase or 0),
            frozenset(self.goods_ids.ids),
            bool(self.alone),
        )
