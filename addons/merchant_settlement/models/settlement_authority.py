from base64 import b64decode

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..rules import signer


class SettlementAuthority(models.Model):
    """Certification authorities whose certificates prove who signed, e.g. of AgID's list. Where there is none a
    signature still proves that nothing was changed, but not by whom it was made (R-004-97)."""

    _name = "settlement.authority"
    _description = "Trusted certification authority"
    _order = "name, id"

    name = fields.Char(required=True)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company", default=lambda self: self.env.company, index=True, help="Empty: trusted by every company."
    )
    file = fields.Binary(
        "Certificates",
        required=True,
        attachment=True,
        help="A certificate of the authority (DER), or a file with any number of them (PEM).",
    )
    filename = fields.Char()
    subjects = fields.Text("Issued to", compute="_compute_subjects", store=True)
    valid_to = fields.Date("Valid until", compute="_compute_subjects", store=True, help="The first that ends.")

    @api.depends("file")
    def _compute_subjects(self):
        for record in self:
            try:
                found = record._certificates()
            except ValueError:
                found = []
            record.subjects = "\n".join(certificate.subject.human_friendly for certificate in found)
            record.valid_to = min((certificate.not_valid_after.date() for certificate in found), default=False)

    @api.constrains("file")
    def _check_file(self):
        for record in self:
            try:
                record._certificates()
            except ValueError as error:
                raise ValidationError(
                    self.env._("“%s” holds no certificate: upload it as .cer, .crt or .pem.", record.name)
                ) from error

    def _certificates(self):
        """What the file holds.

        :return: list of certificates
        :raise ValueError: none, or something else
        """
        self.ensure_one()
        return signer.certificates(b64decode(self.with_context(bin_size=False).file or b""))

    @api.model
    def _trusted(self, company):
        """The certificates a company trusts.

        :param company: res.company
        :return: list; empty: there is no list
        """
        # sudo: a merchant who uploads a file has no right on the list it is compared with
        records = self.sudo().search([("company_id", "in", (False, company.id))])
        return [certificate for record in records for certificate in record._certificates()]
