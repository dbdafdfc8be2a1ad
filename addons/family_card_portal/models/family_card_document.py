import base64

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools.mimetypes import guess_mimetype

TYPES = {
    "application/pdf": "PDF",
    "image/png": "PNG",
    "image/jpeg": "JPEG",
    "application/vnd.oasis.opendocument.text": "ODT",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "DOCX",
}
MAX_BYTES = 20 * 1024 * 1024


class FamilyCardDocument(models.Model):
    """A document of a programme: the notice, the regulation, the instructions, the quotient table (R-004-03)."""

    _name = "family.card.document"
    _description = "Document of a programme"
    _order = "program_id, sequence, id"

    program_id = fields.Many2one("family.card.program", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="program_id.company_id", store=True, index=True)
    sequence = fields.Integer(default=10)
    name = fields.Char("Title", required=True, translate=True)
    kind = fields.Selection(
        [
            ("notice", "Notice"),
            ("instructions", "Instructions"),
            ("regulation", "Regulation"),
            ("quotient", "Quotient table"),
            ("form", "Form"),
            ("other", "Other"),
        ],
        required=True,
        default="notice",
        help="The notice comes with instructions, regulation and quotient table. Notice §9 (R-004-03).",
    )
    file = fields.Binary(attachment=True, required=True)
    file_name = fields.Char(required=True)
    mimetype = fields.Char(compute="_compute_mimetype", store=True)
    size = fields.Integer("Size (bytes)", compute="_compute_mimetype", store=True)
    public = fields.Boolean("Published", help="Anybody can download it. Otherwise only the office sees it.")

    @api.depends("file")
    def _compute_mimetype(self):
        for document in self:
            content = base64.b64decode(document.with_context(bin_size=False).file or b"")
            document.mimetype = guess_mimetype(content) if content else False
            document.size = len(content)

    @api.constrains("file")
    def _check_file(self):
        """Files are told by what they contain, not by their name.

        :raises ValidationError: another type, or too big
        """
        for document in self:
            if document.mimetype not in TYPES:
                raise ValidationError(
                    self.env._("“%s” is neither PDF, ODT, DOCX, PNG nor JPEG: choose another file.", document.name)
                )
            if document.size > MAX_BYTES:
                raise ValidationError(self.env._("“%s” is larger than 20 MB: choose a smaller file.", document.name))

    def _format(self):
        """Format and size, for the reader who decides whether to download it."""
        self.ensure_one()
        return f"{TYPES.get(self.mimetype, '')}, {max(1, self.size // 1024)} kB"
