from base64 import b64decode

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from odoo.addons.family_card.rules import fiscal_code
from odoo.addons.family_card.rules.periods import local_day

from ..rules import sign_code, signature
from ..rules.signer import codes_of


class MerchantStatement(models.Model):
    """From the statement that was sent to the signed one: by file, by code, on paper (R-004-97, R-004-98)."""

    _inherit = "merchant.statement"

    signature_ids = fields.One2many("merchant.statement.signature", "statement_id", "Signatures", readonly=True)
    signature_doubtful = fields.Boolean(compute="_compute_signature_doubtful", compute_sudo=True)
    reminded_on = fields.Date("Reminded on", readonly=True, copy=False)

    def _compute_signature_doubtful(self):
        for statement in self:
            statement.signature_doubtful = any(line.doubtful for line in statement.signature_ids if not line.voided_at)

    def _sign(self, how, by, at, attachment=None):
        """Take a statement as signed.

        :param str how: file, code or paper
        :param str by: who, as the signature says, or the login that typed the code
        :param datetime at: when it came in, naive UTC; decides whether it is late (R-004-98)
        :param attachment: ir.attachment with the signed file, or None
        :raise UserError: it does not wait to be signed
        """
        self.ensure_one()
        self._lock_unsigned()
        # sudo: a statement is filled in by its own actions only; who may sign was checked by the caller
        statement = self.sudo()
        statement.write(
            {
                "signed_how": how,
                "signed_by": by,
                "signed_at": at,
                "late": sign_code.is_late(local_day(at, self.circuit_id.tz), self.due_on),
                "state": "signed",
                "return_reason": False,
            }
        )
        if attachment:
            # sudo: the merchant has no right on attachments of statements
            attachment.sudo().write({"res_model": self._name, "res_id": self.id})

    def _lock_unsigned(self):
        """Wait for whoever signs the same statement, and see what was done.

        :raise UserError: it does not wait to be signed
        """
        self.flush_recordset()
        self.env.cr.execute(SQL("SELECT id FROM merchant_statement WHERE id = %s FOR UPDATE", self.id))
        self.invalidate_recordset(["state"])
        if self.state != "sent":
            raise UserError(self.env._("The statement %s does not wait for a signature.", self.name))

    def write(self, vals):
        """Write; where a statement is sent back its signature is taken away, and what was signed stays on file, marked
        as void.

        :param dict vals: values
        """
        result = super().write(vals)
        if "signed_at" in vals and not vals["signed_at"]:
            # sudo: as in _sign
            valid = self.sudo().signature_ids.filtered(lambda line: not line.voided_at)
            valid.voided_at = fields.Datetime.now()
        return result

    def _sign_ways(self):
        """How the terms let this statement be signed.

        :return: frozenset of file, code, paper
        """
        self.ensure_one()
        return signature.ways(self.terms_id.signature)

    # ------------------------------------------------------------------ by file

    def _sign_by_file(self, content, filename, user):
        """Sign with an uploaded file: a signed PDF, a .p7m, or a scan where the terms allow paper.

        :param bytes content: the upload
        :param str filename: what the merchant calls it, for messages only
        :param user: res.users who uploads it and may sign for the merchant: the caller has checked it
        :raise UserError: a sentence with the file's name that says what is wrong with it
        """
        self.ensure_one()
        self._lock_unsigned()
        name = filename or self.env._("file")
        now = fields.Datetime.now()
        rows = self._read_file(content, name, user, now)
        # sudo: the merchant has no right on attachments of statements
        attachment = (
            self.env["ir.attachment"]
            .sudo()
            .create(
                {
                    "name": f"{self._file_stem()}-{self._signed_suffix(content)}",
                    "raw": content,
                    "res_model": self._name,
                    "res_id": self.id,
                }
            )
        )
        digest = signature.sha256(content)
        # sudo: nobody writes signatures but this step
        self.env["merchant.statement.signature"].sudo().create(
            [
                {
                    **row,
                    "statement_id": self.id,
                    "received_at": now,
                    "user_id": user.id,
                    "attachment_id": attachment.id,
                    "file_digest": digest,
                }
                for row in rows
            ]
        )
        how = "paper" if rows[0]["form"] == "paper" else "file"
        self._sign(how, ", ".join(row["signer_name"] for row in rows), now, attachment)

    @staticmethod
    def _signed_suffix(content):
        kind = signature.kind(content)
        return {"pdf": "signed.pdf", "p7m": "signed.pdf.p7m", "jpeg": "scan.jpg", "png": "scan.png"}[kind]

    def _read_file(self, content, name, user, now):
        """What an uploaded file says, as values of its signatures.

        :return: list of dict
        :raise UserError: it is not acceptable
        """
        ways = self._sign_ways()
        if not ways & {"file", "paper"}:
            raise UserError(self.env._("This statement is signed with a code by SMS, not with a file."))
        if len(content) > signature.MAX_BYTES:
            raise UserError(self._file_sentence("too_big", name))
        kind = signature.kind(content)
        scan = {"form": "paper", "signer_name": user.name, "in_time": True}
        if kind in ("jpeg", "png"):
            if "paper" not in ways:
                raise UserError(self._file_sentence("scan", name))
            return [scan]
        if not kind:
            raise UserError(self._file_sentence("p7m_junk" if name.lower().endswith(".p7m") else "unknown_kind", name))
        other = self._other_statement(content)
        if other:
            raise UserError(
                self.env._(
                    "“%(file)s” is the statement %(number)s of %(month)s: upload it there, and here that of %(mine)s.",
                    file=name,
                    number=other.name,
                    month=other._month_name(other.month),
                    mine=self._month_name(self.month),
                )
            )
        try:
            reading = signature.read(
                content, self._sent_file(), self.env["settlement.authority"]._trusted(self.company_id), now
            )
        except signature.UnacceptableError as error:
            if error.code == "unsigned" and kind == "pdf" and "paper" in ways:
                return [scan]
            raise UserError(self._file_sentence(error.code, name)) from error
        self._check_signers(reading.signers, name)
        return [self._signer_values(reading.form, signer) for signer in reading.signers]

    def _sent_file(self):
        """The PDF as it was sent.

        :return: bytes
        """
        # sudo: fields that are kept as attachments are read with the rights of the system here
        return b64decode(self.sudo().with_context(bin_size=False).pdf_file or b"")

    def _other_statement(self, content):
        """The other statement of the merchant that a file belongs to, of another month or programme.

        :param bytes content: upload
        :return: merchant.statement, or empty
        """
        document = signature.prefix_of(content)
        # sudo: the merchant has no right on statements; these are its own
        others = self.sudo().search(
            [("merchant_id", "=", self.merchant_id.id), ("id", "!=", self.id), ("pdf_digest", "!=", False)]
        )
        sizes = dict(
            self.env["ir.attachment"]
            .sudo()
            .search([("res_model", "=", self._name), ("res_field", "=", "pdf_file"), ("res_id", "in", others.ids)])
            .mapped(lambda line: (line.res_id, line.file_size))
        )
        own = signature.sha256(document[: len(self._sent_file())]) == self.pdf_digest
        for other in others if document and not own else ():
            if signature.sha256(document[: sizes.get(other.id, 0)]) == other.pdf_digest:
                return other
        return self.browse()

    def _check_signers(self, signers, name):
        """Refuse what the terms refuse.

        :raise UserError: an expired certificate, or an issuer that is not on the list
        """
        terms = self.terms_id
        for signer in signers:
            if terms.expired_certificate == "refuse" and not signer.in_time:
                raise UserError(
                    self.env._(
                        "“%(file)s” is signed with a certificate of %(signer)s that is valid from %(start)s to %(end)s"
                        " only, so in law it is not signed: renew the certificate and sign again.",
                        file=name,
                        signer=signer.name,
                        start=self._local_date(signer.valid_from),
                        end=self._local_date(signer.valid_to),
                    )
                )
            if terms.untrusted_signer == "refuse" and signer.trust != "trusted":
                raise UserError(
                    self.env._(
                        "“%(file)s”: the office cannot verify certificates issued by “%(issuer)s”. Sign with another"
                        " certificate, or ask the office.",
                        file=name,
                        issuer=signer.issuer,
                    )
                )

    def _local_date(self, moment):
        return fields.Date.to_string(local_day(moment, self.circuit_id.tz))

    def _signer_values(self, form, signer):
        """What is kept of a signer; somebody else's fiscal code only masked."""
        # sudo: the merchant's own codes
        merchant = self.sudo().merchant_id
        known = codes_of(
            merchant.l10n_it_codice_fiscale,
            merchant.vat,
            merchant.commercial_partner_id.l10n_it_codice_fiscale,
            merchant.commercial_partner_id.vat,
        )
        own = signer.fiscal_code in known
        return {
            "form": form,
            "signer_name": signer.name,
            "signer_code": signer.fiscal_code if own else fiscal_code.mask(signer.fiscal_code),
            "is_merchant": own,
            "organisation": signer.organisation,
            "issuer": signer.issuer,
            "valid_from": signer.valid_from,
            "valid_to": signer.valid_to,
            "claimed_at": signer.claimed_at,
            "stamped_at": signer.stamped_at,
            "in_time": signer.in_time,
            "trust": signer.trust,
        }

    def _file_sentence(self, code, name):
        """What the merchant is told about a file that is not accepted, and what to do.

        :param str code: of signature.UnacceptableError, and others
        :param str name: of the file
        :return: str
        """
        _ = self.env._
        again = {"file": name, "number": self.name}
        sentences = {
            "too_big": _("“%(file)s” is too big: at most 10 MB.", **again),
            "scan": _(
                "“%(file)s” is a picture. This statement needs a digital signature: sign the PDF that was sent, do not"
                " print it.",
                **again,
            ),
            "unknown_kind": _(
                "“%(file)s” is neither a PDF nor a signed file (.p7m): upload the signed PDF of %(number)s.", **again
            ),
            "p7m_junk": _("“%(file)s” cannot be read as a signed file (.p7m): sign the PDF again.", **again),
            "broken_p7m": _("“%(file)s” is damaged or cut off: sign the PDF again and upload the new .p7m.", **again),
            "detached": _(
                "“%(file)s” holds a signature without the document: choose “with the document inside” in your signing"
                " program.",
                **again,
            ),
            "unsigned_original": _(
                "“%(file)s” is the statement as it was sent, without a signature: sign it with your signing program"
                " first.",
                **again,
            ),
            "unsigned": _("“%(file)s” holds no signature: sign the PDF of %(number)s and upload that.", **again),
            "encrypted": _("“%(file)s” is protected by a password: upload it without.", **again),
            "broken_pdf": _("“%(file)s” cannot be read as a PDF: it is damaged or cut off.", **again),
            "too_much_inside": _("“%(file)s” unfolds to far more than a statement: it is not accepted.", **again),
            "broken_signature": _("The signature in “%(file)s” cannot be read: sign the PDF again.", **again),
            "weak": _(
                "“%(file)s” is signed with a method that is no longer safe: update your signing program.", **again
            ),
            "altered": _(
                "“%(file)s” was changed after it was signed: sign the PDF that was sent and upload it untouched.",
                **again,
            ),
            "changed_before": _(
                "In “%(file)s” pages were changed before it was signed: download the statement again and sign that.",
                **again,
            ),
            "not_whole": _(
                "The signature does not cover the whole of “%(file)s”: something was added afterwards. Sign the PDF"
                " that was sent and upload it untouched.",
                **again,
            ),
            "other_document": _(
                "“%(file)s” is signed, but it is not the PDF of %(number)s that was sent: download that, do not print"
                " or save it anew, and sign it.",
                **again,
            ),
        }
        return sentences[code]

    # ------------------------------------------------------------------ by code

    def _sign_phone(self):
        """Number that gets the codes, as the office keeps it.

        :return: str, empty where there is none
        """
        # sudo: the merchant's own partner
        merchant = self.sudo().merchant_id
        return merchant.sign_phone or merchant.phone or merchant.commercial_partner_id.phone or ""

    def _send_code(self, user):
        """Send a code that signs this statement.

        :param user: res.users that may sign for the merchant: the caller has checked it
        :return: str, the masked number it went to
        :raise UserError: not in these terms, not in this state, no number, too many codes
        """
        self.ensure_one()
        if "code" not in self._sign_ways():
            raise UserError(self.env._("This statement is signed with a file, not with a code."))
        self._lock_unsigned()
        # sudo: nobody has rights on codes
        return self.env["merchant.statement.code"].sudo()._issue(self.sudo(), user)

    def _sign_by_code(self, text, user):
        """Sign with the code of the SMS.

        :param str text: what was typed
        :param user: res.users, as above
        :return: str, why it did not work, for the page; empty when it is signed. A wrong try is counted: do not roll
            it back.
        :raise UserError: not in these terms, or not in this state
        """
        self.ensure_one()
        if "code" not in self._sign_ways():
            raise UserError(self.env._("This statement is signed with a file, not with a code."))
        self._lock_unsigned()
        # sudo: as above
        used, problem = self.env["merchant.statement.code"].sudo()._use(self.sudo(), user, text)
        if problem:
            return problem
        now = fields.Datetime.now()
        # sudo: nobody writes signatures but this step
        self.env["merchant.statement.signature"].sudo().create(
            {
                "statement_id": self.id,
                "form": "code",
                "received_at": now,
                "user_id": user.id,
                "signer_name": user.name,
                "phone": used.phone,
                "in_time": True,
            }
        )
        self._sign("code", f"{user.name} ({user.login})", now)
        return ""
