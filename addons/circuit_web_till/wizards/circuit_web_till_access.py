from odoo import _, api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import email_normalize


class CircuitWebTillAccess(models.TransientModel):
    """Gives one person of a shop a portal login that charges cards for that shop, and invites them by mail."""

    _name = "circuit.web.till.access"
    _description = "Give web till access"

    partner_id = fields.Many2one(
        "res.partner", string="Shop", required=True, readonly=True, domain=[("is_merchant", "=", True)]
    )
    name = fields.Char(
        "Who charges cards", required=True, help="Name of the person, as receipts of the office show it."
    )
    email = fields.Char(
        "E-mail", required=True, help="The invitation to choose a password is sent there; it is the login."
    )

    @api.onchange("partner_id")
    def _onchange_partner_id(self):
        """Start from what is known of the shop."""
        self.name = self.name or self.partner_id.shop_name or self.partner_id.name
        self.email = self.email or self.partner_id.email

    def action_give(self):
        """Create the login, or take the portal login that exists, and send the invitation (R-001-26, R-004-95).

        :return: window action of the shop
        :raise AccessError: the user does not work for the office
        :raise UserError: not a merchant, not an e-mail address, or a login of somebody else
        """
        self.ensure_one()
        if not self.env.user.has_group("merchant_circuit.group_officer"):
            raise AccessError(_("Only the office that runs the circuit decides who charges cards."))
        if not self.partner_id.is_merchant:
            raise UserError(_("%s is not a merchant of a circuit yet.", self.partner_id.display_name))
        login = email_normalize(self.email)
        if not login:
            raise UserError(_("“%s” is not an e-mail address. Check it and try again.", self.email))
        # sudo: officers do not manage users; only a portal login of this shop comes out of it
        self.sudo()._give(login)
        return {
            "type": "ir.actions.act_window",
            "res_model": "res.partner",
            "res_id": self.partner_id.id,
            "view_mode": "form",
        }

    def _give(self, login):
        """Link a login with the shop; a new one is invited through the portal.

        :param str login: normalised e-mail address
        :raise UserError: the login is the office's, another shop's or a citizen's
        """
        user = self.env["res.users"].with_context(active_test=False).search([("login", "=", login)], limit=1)
        if user and (user.merchant_id != self.partner_id or user._is_internal()):
            raise UserError(_("The login %s already belongs to somebody else. Use another e-mail address.", login))
        contact = user.partner_id or self._contact(login)
        wizard = self.env["portal.wizard"].create({"partner_ids": [fields.Command.set(contact.ids)]})
        line = wizard.user_ids[:1]
        line.email = login
        if line.is_portal:
            line.action_invite_again()
        else:
            line.action_grant_access()
        line.user_id.write(
            {
                "merchant_id": self.partner_id.id,
                "lang": contact.lang or self.env.lang,
                "tz": self.env.user.tz or "Europe/Rome",
            }
        )
        self.partner_id.message_post(body=_("%s may charge cards at the web till.", contact.name))

    def _contact(self, login):
        """The person as a contact of the shop.

        :return: res.partner
        """
        return self.env["res.partner"].create(
            {
                "name": self.name,
                "email": login,
                "parent_id": self.partner_id.id,
                "type": "contact",
                "lang": self.partner_id.lang,
                "company_id": self.partner_id.company_id.id,
            }
        )
