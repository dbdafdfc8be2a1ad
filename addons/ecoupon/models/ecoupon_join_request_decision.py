from odoo import fields, models
from odoo.exceptions import UserError


class EcouponJoinRequest(models.Model):
    """Whoever looks after the circuit accepts a request or refuses it with a reason (R-000-37)."""

    _inherit = "ecoupon.join.request"

    def action_accept(self):
        """Button: the company becomes a merchant with a draft of its agreement, to be signed (R-000-02, R-000-37).

        :return: window action of the agreement
        :raise UserError: decided already, or the macro-category is missing
        """
        self.ensure_one()
        self._check_open()
        if not (self.activity_id and self.category_id):
            raise UserError(self.env._("Set main activity and macro-category: the agreement needs both."))
        # sudo: whoever decides about requests may make neither partners nor agreements of other kinds
        request = self.sudo()
        partner = request._admit()
        agreement = (
            self.env["circuit.agreement"]
            .sudo()
            .create(
                {
                    "circuit_id": self.circuit_id.id,
                    "merchant_id": partner.id,
                    "activity_id": self.activity_id.id,
                    "category_id": self.category_id.id,
                    "role_distribute": self.role_distribute,
                    "role_accept": self.role_accept,
                    "role_issue": self.role_issue,
                    "signatory": self.contact,
                    "date_from": self.circuit_id._local_today(),
                }
            )
        )
        request._decide("accepted", agreement_id=agreement.id)
        request._tell("ecoupon.mail_template_join_accepted")
        return {
            "type": "ir.actions.act_window",
            "res_model": "circuit.agreement",
            "res_id": agreement.id,
            "view_mode": "form",
        }

    def _admit(self):
        """The company as a merchant with its places; one that is known keeps what is known of it.

        :return: res.partner
        """
        vat = self._clean_vat(self.vat, self.country_id)
        partner = self._partner_of(vat, self.country_id, self.company_id)
        if not partner:
            partner = self.env["res.partner"].create(
                {
                    "name": self.name,
                    "is_company": True,
                    "vat": vat,
                    "country_id": self.country_id.id,
                    "state_id": self.state_id.id,
                    "street": self.street,
                    "zip": self.zip,
                    "city": self.city,
                    "email": self.email,
                    "phone": self.phone,
                    "website": self.url,
                    "company_id": self.company_id.id,
                }
            )
        partner.is_merchant = True
        if not partner.place_ids:
            self._places_of(partner)
        return partner

    def _places_of(self, partner):
        """Where the company said that it sells (R-000-04)."""
        places = []
        if self.has_shop:
            address = ("street", "zip", "city")
            places.append(
                {
                    "name": self.name,
                    "state_id": self.state_id.id,
                    "country_id": self.country_id.id,
                    **{name: self[name] for name in address},
                }
            )
        if self.url:
            places.append({"name": self.env._("%s on the web", self.name), "kind": "online", "url": self.url})
        self.env["circuit.place"].create([{**place, "merchant_id": partner.id} for place in places])

    def _refuse(self, reason):
        """The company is told why it cannot join (R-000-37).

        :param str reason: why; mailed and kept
        :raise UserError: no reason, or decided already
        """
        self._check_open()
        if not (reason or "").strip():
            raise UserError(self.env._("Say why: every refusal carries its reason (R-000-37)."))
        for request in self.sudo():  # sudo: see _own_fields
            request._decide("refused", refusal=reason.strip())
            request._tell("ecoupon.mail_template_join_refused")

    def _check_open(self):
        """:raise UserError: decided already"""
        self.check_access("write")
        if self.filtered(lambda request: request.state != "received"):
            raise UserError(self.env._("This request was decided already."))

    def _decide(self, state, **vals):
        self.write({"state": state, "decided_by_id": self.env.uid, "decided_at": fields.Datetime.now(), **vals})

    def _tell(self, template):
        """Mail the company; the mail stays with the request.

        :param str template: XML id
        """
        for request in self:
            # sudo: applicants and operators send no mail of their own
            self.env.ref(template).sudo().send_mail(request.id, email_layout_xmlid="mail.mail_notification_light")
