from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..rules import web_link


class FamilyCardProgram(models.Model):
    """What a programme tells its citizens on the public pages."""

    _inherit = "family.card.program"

    intro = fields.Html(
        "Presentation", translate=True, help="Opens the public page of the programme. Notice §1 (R-004-03)."
    )
    document_ids = fields.One2many("family.card.document", "program_id", string="Documents")
    regulation_url = fields.Char(
        "Regulation online",
        help="Where the Regulation is published: what the notice does not say is found there. Notice §9 (R-004-07).",
    )
    help_ids = fields.One2many("family.card.help", "program_id", string="Help videos")

    @api.constrains("regulation_url")
    def _check_regulation_url(self):
        """The link of the Regulation opens a web page.

        :raises ValidationError: anything but http or https
        """
        for program in self:
            if program.regulation_url and not web_link.is_safe(program.regulation_url):
                raise ValidationError(
                    self.env._("The link of the Regulation must begin with https:// or http:// and name a site.")
                )

    def _public_documents(self):
        """Documents anybody may download (R-004-03).

        :return: family.card.document
        """
        return self.document_ids.filtered("public")

    def _help_for(self, audience):
        """Help videos of one audience (R-001-23).

        :param str audience: citizen or merchant
        :return: family.card.help
        """
        return self.help_ids.filtered(lambda video: video.audience == audience)

    def action_public_page(self):
        """Smart button: the page that citizens see."""
        self.ensure_one()
        return {"type": "ir.actions.act_url", "url": f"/family-card/{self.id}", "target": "new"}
