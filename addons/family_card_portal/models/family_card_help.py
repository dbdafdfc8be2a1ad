from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..rules import web_link


class FamilyCardHelp(models.Model):
    """A video tutorial, for citizens or for merchants (R-001-23)."""

    _name = "family.card.help"
    _description = "Help video"
    _order = "program_id, audience, sequence, id"

    program_id = fields.Many2one("family.card.program", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="program_id.company_id", store=True, index=True)
    sequence = fields.Integer(default=10)
    name = fields.Char("Title", required=True, translate=True)
    audience = fields.Selection(
        [("citizen", "Citizens"), ("merchant", "Merchants")],
        required=True,
        default="citizen",
        help="Citizens find it in their area, merchants from their page (R-001-23).",
    )
    url = fields.Char("Link", required=True, help="Address of the video, beginning with https://.")
    description = fields.Char(translate=True, help="One line about what is explained.")

    @api.constrains("url")
    def _check_url(self):
        """The link opens a web page.

        :raises ValidationError: anything but http or https
        """
        for video in self:
            if not web_link.is_safe(video.url):
                raise ValidationError(
                    self.env._("The link of “%s” must begin with https:// or http:// and name a site.", video.name)
                )
