from odoo import api, fields, models
from odoo.exceptions import UserError


class FamilyPrivacyConsent(models.Model):
    """Who accepted which version of the privacy notice, when and where (R-004-100)."""

    _name = "family.privacy.consent"
    _description = "Acceptance of a privacy notice"
    _order = "given_at desc, id desc"

    notice_id = fields.Many2one(
        "family.privacy.notice", "Privacy notice", required=True, index=True, ondelete="restrict"
    )
    company_id = fields.Many2one(related="notice_id.company_id", store=True, index=True)
    partner_id = fields.Many2one("res.partner", "Person", index="btree_not_null", ondelete="restrict")
    application_id = fields.Many2one("family.card.application", index="btree_not_null", ondelete="restrict")
    given_at = fields.Datetime("Accepted on", required=True, default=fields.Datetime.now)
    withdrawn_at = fields.Datetime("Withdrawn on", readonly=True)
    channel = fields.Selection(
        [("portal", "Portal"), ("desk", "Information Point"), ("paper", "Signed on paper")],
        required=True,
        default="desk",
    )
    user_id = fields.Many2one(
        "res.users", "Recorded by", required=True, readonly=True, default=lambda self: self.env.user
    )

    @api.depends("notice_id", "partner_id")
    def _compute_display_name(self):
        for consent in self:
            consent.display_name = f"{consent.partner_id.display_name or ''} – {consent.notice_id.display_name or ''}"

    def write(self, vals):
        """An acceptance is a fact: nothing of it changes but its withdrawal.

        :raises UserError: anything else
        """
        if not self.env.su:
            raise UserError(self.env._("An acceptance is kept as it was given; use the button to withdraw it."))
        return super().write(vals)

    def action_withdraw(self):
        """Button: the person took the consent back; what was done until then stays lawful (GDPR art. 7)."""
        self.check_access("write")
        # sudo: acceptances are written by their actions only, see write()
        self.filtered(lambda consent: not consent.withdrawn_at).sudo().withdrawn_at = fields.Datetime.now()
        return True

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        if not self.env.su:
            raise UserError(self.env._("An acceptance is never deleted: withdraw it."))
