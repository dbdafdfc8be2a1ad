import json

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from odoo.addons.stored_value.tools import install_functions, read_committed

#: Coupons a member hands out at once.
AT_ONCE = 20


class EcouponCampaign(models.Model):
    """Coupons leave a campaign: a citizen takes one, a member hands some out, codes are printed (R-000-05, R-000-38)."""

    _inherit = "ecoupon.campaign"

    def init(self):
        """Install the SQL that hands coupons out."""
        install_functions(self.env.cr, "ecoupon/sql/take.sql")

    def _take(self, partner, place=None, distributor=None):
        """Give a citizen one coupon. Entitlement to a reserved campaign is looked at here too, whoever calls.

        :param partner: res.partner who takes it
        :param place: circuit.place where it is handed out, or None
        :param distributor: circuit.agreement of the member who hands it out, or None: taken on the web
        :return: ecoupon.coupon
        :raise UserError: why there is none for this person now
        """
        self.ensure_one()
        if distributor:
            distributor._must_act("distribute")
            self._must_distribute(distributor)
        elif self.obtain != ("exchanged" if self.env.context.get("ecoupon_exchange") else "taken"):
            raise UserError(self.env._("Coupons of “%s” are not taken on the web.", self.name))
        if not self._open_to(partner):
            raise UserError(self.env._("“%s” is reserved for citizens the Region has entitled.", self.name))
        return self._make(1, holder=partner, place=place, distributor=distributor)

    def _is_reserved(self):
        """Whether only entitled citizens may see and have coupons of this campaign (R-000-12)."""
        self.ensure_one()
        return self.area == "reserved" or bool(self.policy_ids)

    def _open_to(self, partner):
        """Whether a person may have coupons of this campaign today: everybody of a public one (R-000-12, R-000-15).

        :param partner: res.partner
        :return: bool
        """
        self.ensure_one()
        if not self._is_reserved():
            return True
        circuit = self.circuit_id
        return self.env["ecoupon.entitlement"]._holds(partner, circuit, circuit._local_today(), self.policy_ids)

    def _hand_out(self, agreement, place=None, count=1):
        """A member hands out coupons that belong to whoever shows them.

        :param agreement: circuit.agreement of the member
        :param place: circuit.place, or None
        :param int count: how many, at most 20
        :return: ecoupon.coupon
        :raise UserError: the member may not, or there are not so many
        """
        self.ensure_one()
        agreement._must_act("distribute")
        self._must_distribute(agreement)
        if self._is_reserved():
            raise UserError(self.env._("A reserved coupon needs its holder: it is taken in the reserved area."))
        if not 1 <= count <= AT_ONCE:
            raise UserError(self.env._("Hand out between 1 and %s coupons at once.", AT_ONCE))
        return self._make(count, place=place, distributor=agreement)

    def _make_printed(self, count, batch_ref):
        """Codes to be printed, which nobody has taken yet.

        :param int count: how many
        :param str batch_ref: number of their batch
        :raise UserError: not so many are left
        """
        if self.obtain != "printed":
            raise UserError(self.env._("Coupons of “%s” are not printed.", self.name))
        self._make(count, batch_ref=batch_ref)

    def _must_distribute(self, agreement):
        """Refuse a member that does not hand out coupons of this campaign.

        :raise UserError: it does not
        """
        if self.obtain != "earned" or agreement not in self.distributor_ids:
            raise UserError(
                self.env._(
                    "%(member)s does not hand out coupons of “%(campaign)s”.",
                    member=agreement.merchant_id._shop_label(),
                    campaign=self.name,
                )
            )

    def _make(self, count, holder=None, place=None, distributor=None, batch_ref=None):
        """Make coupons under the campaign's lock. With a key ``ecoupon_request`` in the context, the same key makes
        them once and returns them again: a form that was sent twice.

        :param int count: how many
        :param holder: res.partner, or None
        :param place: circuit.place, or None
        :param distributor: circuit.agreement, or None
        :param str batch_ref: of printed codes, which nobody has taken yet
        :return: ecoupon.coupon
        :raise UserError: there are not so many, or not for this person
        """
        self.env.flush_all()
        if not self.env.context.get("ecoupon_locked"):  # whoever holds a lock is READ COMMITTED and must keep it
            read_committed(self.env)
        coupons = self.env["ecoupon.coupon"]
        nonces, digests = coupons._new_codes(count)
        payload = {
            "campaign_id": self.id,
            "holder_id": holder.id if holder else None,
            "distributor_id": distributor.merchant_id.id if distributor else None,
            "place_id": place.id if place else None,
            "batch_ref": batch_ref,
            "request": self.env.context.get("ecoupon_request"),
            "nonces": nonces,
            "digests": digests,
            "at": fields.Datetime.to_string(fields.Datetime.now()),
            "uid": self.env.uid,
        }
        [(answer,)] = self.env.execute_query(self._make_query(payload))
        if "refused" in answer:
            raise UserError(self._none_sentence(answer["refused"], answer.get("limit")))
        coupons.invalidate_model()
        return coupons.browse(answer["ids"])

    def _make_query(self, payload):
        """The statement that makes coupons.

        :param dict payload: argument of SQL ``ecoupon_take``
        :return: SQL of one row: its answer
        """
        return SQL("SELECT ecoupon_take(%s::jsonb)", json.dumps(payload))

    def _none_sentence(self, code, limit):
        """Why there is no coupon.

        :param str code: as SQL ``ecoupon_take`` says
        :param int limit: the number it speaks of
        :return: str
        """
        _ = self.env._
        return {
            "CLOSED": _("“%s” gives no coupons now.", self.name),
            "NOT_YET": _("“%s” has not begun yet.", self.name),
            "ENDED": _("“%s” is over.", self.name),
            "NONE_LEFT": _("No coupon of “%s” is left.", self.name)
            if not limit
            else _("Only %(left)s coupons of “%(campaign)s” are left.", left=limit, campaign=self.name),
            "PERSON": _(
                "Each person can have %(count)s of “%(campaign)s”, and you have yours already.",
                count=limit,
                campaign=self.name,
            ),
        }[code]
