import secrets

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError


class EcouponConsent(models.Model):
    """A citizen agreed to the newsletters of a circuit: to which words, when and how, and when it was withdrawn
    (R-000-34). Giving it again makes a new one."""

    _name = "ecoupon.consent"
    _description = "Consent to newsletters"
    # mail.thread: mass mailing writes to no other models
    _inherit = ["own.fields", "mail.thread"]
    _order = "id desc"
    _rec_name = "partner_id"
    _mailing_enabled = True
    _primary_email = "email"

    circuit_id = fields.Many2one("circuit.circuit", required=True, index=True, ondelete="restrict")
    company_id = fields.Many2one(related="circuit_id.company_id", store=True, index=True)
    partner_id = fields.Many2one("res.partner", "Citizen", required=True, index=True, ondelete="restrict")
    email = fields.Char(related="partner_id.email")
    how = fields.Selection(
        [("portal", "In the citizen's area"), ("office", "On paper at the office")],
        "Given",
        required=True,
        readonly=True,
        default="office",
    )
    reference = fields.Char("Document", help="Where the signed paper is kept.")
    wording = fields.Text("Words agreed to", readonly=True)
    given_at = fields.Datetime(readonly=True)
    withdrawn_at = fields.Datetime(readonly=True)
    withdrawn_how = fields.Selection(
        [("portal", "In the citizen's area"), ("link", "Link of a newsletter"), ("office", "By the office")],
        "Withdrawn",
        readonly=True,
    )
    token = fields.Char(readonly=True, copy=False, groups="base.group_system")

    _one_in_force = models.UniqueIndex(
        "(circuit_id, partner_id) WHERE withdrawn_at IS NULL", "This citizen has agreed already."
    )
    _token_unique = models.UniqueIndex("(token) WHERE token IS NOT NULL")

    def _own_fields(self):
        return super()._own_fields() | {"how", "wording", "given_at", "withdrawn_at", "withdrawn_how", "token"}

    def _own_refusal(self):
        return self.env._("A consent is given and withdrawn, not rewritten.")

    @api.model_create_multi
    def create(self, vals_list):
        """Record consents with instant, words and the secret of their link.

        :raise UserError: the office names no document
        """
        consents = super().create(vals_list)
        for consent in consents:
            if consent.how == "office" and not (consent.reference or "").strip():
                raise UserError(self.env._("Write where the signed consent is kept: without a document there is none."))
            consent.sudo().write(  # sudo: own fields, see there
                {
                    "wording": consent.wording or consent.circuit_id.newsletter_wording,
                    "given_at": fields.Datetime.now(),
                    "token": secrets.token_urlsafe(24),
                }
            )
        return consents

    def write(self, vals):
        """Whose consent it is, to what, and its document stay as they were recorded.

        :raise AccessError: somebody writes another person, circuit or document into it
        """
        if not self.env.su and vals.keys() & {"circuit_id", "partner_id", "reference"}:
            raise AccessError(self._own_refusal())
        return super().write(vals)

    @api.model
    def _of(self, circuit, partner):
        """The consent in force of a citizen.

        :return: ecoupon.consent, at most one
        """
        return self.search(
            [("circuit_id", "=", circuit.id), ("partner_id", "=", partner.id), ("withdrawn_at", "=", False)]
        )

    @api.model
    def _give(self, circuit, partner):
        """A citizen who is logged in agrees; asking twice changes nothing.

        :return: ecoupon.consent
        :raise UserError: no address to write to
        """
        if not partner.email:
            raise UserError(self.env._("Write your e-mail address in your data first: newsletters are sent there."))
        return self._of(circuit, partner) or self.create(
            {
                "circuit_id": circuit.id,
                "partner_id": partner.id,
                "how": "portal",
                "wording": circuit.newsletter_wording,
            }
        )

    def _withdraw(self, how):
        """Nothing is mailed any more, from now on.

        :param str how: portal, link or office
        """
        # sudo: own fields, see there; the caller has established who withdraws
        self.filtered(lambda consent: not consent.withdrawn_at).sudo().write(
            {"withdrawn_at": fields.Datetime.now(), "withdrawn_how": how}
        )

    def action_withdraw(self):
        """Button: the citizen told the office to stop."""
        self.check_access("write")
        self._withdraw("office")

    @api.model
    def _by_token(self, token):
        """The consent behind the link of a newsletter.

        :param str token: last part of the address
        :return: ecoupon.consent, empty when there is none
        """
        # sudo: the token is the right
        return self.sudo().search([("token", "=", token)], limit=1) if token else self

    def _stop_url(self):
        """Address that withdraws, without login.

        :return: str
        """
        self.ensure_one()
        # sudo: the token leaves in the citizen's own mail only
        return f"{self.get_base_url()}/coupons/newsletter/stop/{self.sudo().token}"
