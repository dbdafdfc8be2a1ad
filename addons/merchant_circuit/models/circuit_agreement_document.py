from base64 import b64decode

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..rules import upload

MIMETYPES = {"pdf": "application/pdf", "jpeg": "image/jpeg", "png": "image/png"}


class CircuitAgreementDocument(models.Model):
    """The signed agreement and what belongs to it, for the merchant to download (R-001-03, R-004-95)."""

    _name = "circuit.agreement.document"
    _description = "Document of an agreement"
    _order = "id"

    agreement_id = fields.Many2one("circuit.agreement", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="agreement_id.company_id", store=True, index=True)
    name = fields.Char("Title", required=True)
    file = fields.Binary(
        required=True, attachment=True, help="PDF or picture, at most 10 MB; the merchant can download it."
    )
    filename = fields.Char()

    @api.constrains("file")
    def _check_file(self):
        for document in self:
            if document._kind() not in MIMETYPES:
                raise ValidationError(
                    self.env._("“%s” must be a PDF or a picture (JPEG, PNG) of at most 10 MB.", document.name)
                )

    def _kind(self):
        """Kind of the file, told from its content.

        :return: str or None
        """
        self.ensure_one()
        return upload.kind(b64decode(self.with_context(bin_size=False).file or b""))

    def _download(self):
        """The file as it is sent: content, type and a name that fits the content.

        :return: (bytes, str, str), or None when the content is none of the kinds allowed
        """
        kind = self._kind()
        if kind not in MIMETYPES:
            return None
        content = b64decode(self.with_context(bin_size=False).file)
        return content, MIMETYPES[kind], f"{self.name}.{'jpg' if kind == 'jpeg' else kind}"
