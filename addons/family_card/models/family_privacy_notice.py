from odoo import api, fields, models
from odoo.exceptions import UserError


class FamilyPrivacyNotice(models.Model):
    """A version of the privacy notice (GDPR art. 13). What somebody accepted stays as it was (R-004-100)."""

    _name = "family.privacy.notice"
    _description = "Privacy notice"
    _order = "valid_from desc, id desc"

    name = fields.Char("Title", required=True, translate=True)
    version = fields.Char(required=True)
    program_id = fields.Many2one(
        "family.card.program", index="btree_not_null", ondelete="restrict", help="Empty: all programmes of the company."
    )
    company_id = fields.Many2one("res.company", required=True, index=True, default=lambda self: self.env.company)
    audience = fields.Selection(
        [("holder", "Holders of a card"), ("merchant", "Merchants and their operators")],
        required=True,
        default="holder",
    )
    valid_from = fields.Date(required=True, default=fields.Date.context_today)
    body = fields.Html(required=True, translate=True, help="Controller, purposes, rights. Notice, privacy (R-004-100).")
    consent_count = fields.Integer(compute="_compute_consent_count")

    _version_unique = models.UniqueIndex(
        "(company_id, coalesce(program_id, 0), audience, version)", "This version of the privacy notice exists already."
    )

    _TEXT = frozenset({"name", "version", "program_id", "company_id", "audience", "body"})

    @api.depends("name", "version")
    def _compute_display_name(self):
        for notice in self:
            notice.display_name = f"{notice.name or ''} ({notice.version or ''})"

    def _compute_consent_count(self):
        counts = dict(
            self.env["family.privacy.consent"]._read_group([("notice_id", "in", self.ids)], ["notice_id"], ["__count"])
        )
        for notice in self:
            notice.consent_count = counts.get(notice, 0)

    def write(self, vals):
        """Change a notice nobody has accepted yet.

        :raises UserError: somebody has
        """
        if self._TEXT & vals.keys() and self._is_accepted():
            raise UserError(self.env._("This version was accepted by somebody: add a new version instead."))
        return super().write(vals)

    def _is_accepted(self):
        """Whether somebody accepted one of these versions."""
        # sudo: whether anybody did, whatever the user may see of them
        consents = self.env["family.privacy.consent"].sudo()
        applications = self.env["family.card.application"].sudo()
        return bool(
            consents.search_count([("notice_id", "in", self.ids)], limit=1)
            or applications.search_count([("privacy_notice_id", "in", self.ids), ("state", "!=", "draft")], limit=1)
        )

    @api.ondelete(at_uninstall=False)
    def _unlink_only_unused(self):
        if self._is_accepted():
            raise UserError(self.env._("This version was accepted by somebody: it stays on record."))
