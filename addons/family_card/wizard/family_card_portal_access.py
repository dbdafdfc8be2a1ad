from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import email_normalize

from ..rules import senior


class FamilyCardPortalAccess(models.TransientModel):
    """Gives an adult of the household a login to the citizens' portal, or takes it away. The login is a contact of its
    own, so that nobody changes the registry by editing an address on the portal (R-004-101)."""

    _name = "family.card.portal.access"
    _description = "Portal access of a household"

    card_id = fields.Many2one("family.card", required=True, readonly=True)
    household_id = fields.Many2one(related="card_id.household_id")
    person_id = fields.Many2one(
        "res.partner",
        compute="_compute_person_id",
        precompute=True,
        store=True,
        readonly=False,
        required=True,
        domain="[('membership_ids.household_id', '=', household_id), ('is_household', '=', False)]",
        help="The holder or another adult of the household, whose identity was checked at the desk.",
    )
    email = fields.Char(
        "E-mail", compute="_compute_email", precompute=True, store=True, readonly=False, help="It becomes the login."
    )
    login_id = fields.Many2one("res.users", compute="_compute_login_id")

    @api.depends("card_id")
    def _compute_person_id(self):
        for access in self:
            access.person_id = access.card_id.holder_id

    @api.depends("person_id")
    def _compute_email(self):
        for access in self:
            access.email = access.person_id.email

    @api.depends("person_id")
    def _compute_login_id(self):
        for access in self:
            access.login_id = access._login_of(access.person_id)

    @api.model
    def _login_of(self, person):
        # sudo: officers may not look at users; only the login of a resident leaves here
        return self.env["res.users"].sudo().search([("citizen_id", "=", person.id)], limit=1) if person else False

    def action_grant(self):
        """Button: create or link the login and send the invitation by e-mail (R-004-101).

        :raises UserError: not an adult member, no usable address, or a login of somebody else
        """
        self.ensure_one()
        self.card_id.check_access("write")
        person, email = self.person_id, email_normalize(self.email or "")
        today = fields.Date.context_today(self)
        if person not in self.household_id._members_on(today).person_id:
            raise UserError(self.env._("%s is not in this household today.", person.name))
        if not person.birth_date or senior.birthday(person.birth_date, 18) > today:
            raise UserError(self.env._("Only adults get access to the portal."))
        if not email:
            raise UserError(self.env._("Enter the e-mail address of the person: it becomes the login."))
        if self._login_of(person):
            raise UserError(self.env._("%s has access to the portal already.", person.name))
        # sudo: officers may not write users; below only a portal login is made or linked
        users = self.env["res.users"].sudo().with_context(no_reset_password=True)
        user = users.with_context(active_test=False).search([("login", "=", email)], limit=1)
        if user and (user.citizen_id or not user._is_portal()):
            raise UserError(self.env._("This e-mail address is the login of somebody else."))
        if not user:
            company = self.card_id.company_id
            user = users.create(
                {
                    "name": person.name,
                    "login": email,
                    "email": email,
                    "company_id": company.id,
                    "company_ids": [fields.Command.set(company.ids)],
                    "group_ids": [fields.Command.set(self.env.ref("base.group_portal").ids)],
                    "lang": self.card_id.program_id._message_lang(),
                }
            )
        user.write({"citizen_id": person.id, "active": True})
        self._invite(user)
        self.card_id.message_post(body=self.env._("Access to the portal was given to %s.", person.name))
        return {"type": "ir.actions.act_window_close"}

    def _invite(self, user):
        """Queue the invitation with the link to choose a password.

        :param user: res.users with the rights to prepare it
        """
        user.partner_id.signup_prepare()
        template = self.env.ref("auth_signup.portal_set_password_email").sudo()  # sudo: officers do not edit templates
        context = {"dbname": self.env.cr.dbname, "lang": user.lang, "medium": "portalinvite", "welcome_message": ""}
        template.with_context(**context).send_mail(user.id)

    def action_revoke(self):
        """Button: the login no longer belongs to this person; it sees nothing of the household any more."""
        self.ensure_one()
        self.card_id.check_access("write")
        user = self._login_of(self.person_id)
        if not user:
            raise UserError(self.env._("%s has no access to the portal.", self.person_id.name))
        user.citizen_id = False
        self.card_id.message_post(body=self.env._("Access to the portal was taken from %s.", self.person_id.name))
        return {"type": "ir.actions.act_window_close"}
