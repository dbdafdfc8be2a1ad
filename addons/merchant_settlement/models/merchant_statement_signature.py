from odoo import api, fields, models


class MerchantStatementSignature(models.Model):
    """Who signed a statement and what that signature proves, as it was when it came in (R-004-97)."""

    _name = "merchant.statement.signature"
    _description = "Signature of a merchant statement"
    _order = "id desc"
    _rec_name = "signer_name"

    statement_id = fields.Many2one("merchant.statement", required=True, readonly=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="statement_id.company_id", store=True, index=True)
    form = fields.Selection(
        [
            ("pades", "Signature in the PDF"),
            ("cades", "Signed envelope (.p7m)"),
            ("paper", "Scan of the paper"),
            ("code", "Code by SMS"),
        ],
        "Kind",
        required=True,
        readonly=True,
    )
    received_at = fields.Datetime("Handed in", required=True, readonly=True)
    user_id = fields.Many2one("res.users", "Login", readonly=True, ondelete="restrict")
    signer_name = fields.Char("Signed by", required=True, readonly=True)
    signer_code = fields.Char(
        "Fiscal code", readonly=True, help="As the certificate says; masked where it is not the merchant's."
    )
    is_merchant = fields.Boolean("Merchant's own code", readonly=True)
    organisation = fields.Char(readonly=True)
    issuer = fields.Char("Certificate issued by", readonly=True)
    valid_from = fields.Datetime("Certificate from", readonly=True)
    valid_to = fields.Datetime("Certificate until", readonly=True)
    claimed_at = fields.Datetime("Signed at", readonly=True, help="By the clock of the signer's computer.")
    stamped_at = fields.Datetime("Time stamp", readonly=True, help="By an authority on the list.")
    in_time = fields.Boolean("Certificate valid", readonly=True)
    trust = fields.Selection(
        [("trusted", "Proved"), ("untrusted", "Issuer not on the list"), ("unknown", "Not verified: no list")],
        "Identity",
        readonly=True,
    )
    phone = fields.Char("Telephone", readonly=True, help="Where the code was sent, masked.")
    attachment_id = fields.Many2one("ir.attachment", "File", readonly=True, ondelete="restrict")
    file_digest = fields.Char("SHA-256 of the file", readonly=True)
    voided_at = fields.Datetime("Void since", readonly=True, help="The statement was sent back to be signed again.")
    verdict = fields.Text(compute="_compute_verdict", compute_sudo=True)
    doubtful = fields.Boolean(compute="_compute_verdict", compute_sudo=True)

    @api.depends("form", "in_time", "trust", "is_merchant", "signer_code")
    def _compute_verdict(self):
        for record in self:
            sentences, doubtful = record._judge()
            record.verdict = " ".join(sentences)
            record.doubtful = doubtful

    def _judge(self):
        """What the signature proves, in sentences for the office.

        :return: (list of str, whether somebody should look)
        """
        self.ensure_one()
        _ = self.env._
        if self.form == "code":
            return [
                _(
                    "Signed in the portal with a code sent to the telephone %(phone)s.",
                    phone=self.phone or "",
                )
            ], False
        if self.form == "paper":
            return [_("A scan proves nothing by itself: compare it with the statement.")], True
        sentences = [_("Integrity proved: this is the very document that was sent, unchanged.")]
        if self.trust == "trusted":
            sentences.append(_("Identity proved by a trusted certification authority; revocation is not checked."))
        elif self.trust == "untrusted":
            sentences.append(_("Identity not proved: the issuer is not on the list of trusted authorities."))
        else:
            sentences.append(_("Identity not verified: there is no list of trusted authorities to compare with."))
        if not self.in_time:
            sentences.append(_("The certificate was not valid when the file came in: in law that counts as unsigned."))
        if not self.signer_code:
            sentences.append(_("The certificate names no fiscal code."))
        elif self.is_merchant:
            sentences.append(_("The fiscal code is the merchant's."))
        else:
            sentences.append(_("The fiscal code is not the merchant's own: check who may sign for the merchant."))
        return sentences, not (self.trust == "trusted" and self.in_time and self.is_merchant)

    def action_download(self):
        """Button: the file as it came in.

        :return: action
        """
        self.ensure_one()
        return {
            "type": "ir.actions.act_url",
            "url": f"/web/content/{self.attachment_id.id}?download=true",
            "target": "download",
        }
