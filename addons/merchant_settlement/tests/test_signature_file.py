from datetime import UTC, datetime, timedelta

from freezegun import freeze_time

from odoo.exceptions import ValidationError
from odoo.tests import tagged

from . import signing
from .signature_common import SignatureCase


@tagged("post_install", "-at_install")
class TestSignatureFile(SignatureCase):
    def test_a_signed_pdf_signs_the_statement(self):
        """R-004-97: the file is kept, staff see who signed, when and what it proves."""
        self.trust()
        self.merchant.l10n_it_codice_fiscale = signing.FISCAL_CODE

        self.upload(signing.pades(self.sent, self.signer))

        statement, signature = self.statement, self.statement.signature_ids
        self.assertEqual((statement.state, statement.signed_how), ("signed", "file"))
        self.assertEqual(statement.signed_by, "Mario Rossi")
        self.assertTrue(signature.attachment_id.raw.startswith(self.sent))
        self.assertEqual((signature.form, signature.trust, signature.in_time), ("pades", "trusted", True))
        self.assertEqual((signature.signer_code, signature.is_merchant), (signing.FISCAL_CODE, True))
        self.assertIn("Integrity proved", signature.with_user(self.clerk).verdict)
        self.assertIn("Identity proved", signature.with_user(self.clerk).verdict)
        self.assertFalse(statement.signature_doubtful)

    def test_a_signed_envelope_signs_the_statement(self):
        """R-004-97: CAdES .p7m, with the very PDF inside."""
        self.upload(signing.cades(self.sent, self.signer), "signed.pdf.p7m")

        self.assertEqual(self.statement.signature_ids.form, "cades")
        self.assertTrue(self.statement.signature_ids.attachment_id.name.endswith(".p7m"))

    def test_without_a_list_the_identity_is_not_claimed(self):
        """R-004-97: staff read that integrity is proved and identity is not."""
        self.upload(signing.pades(self.sent, self.signer))

        self.assertEqual(self.statement.signature_ids.trust, "unknown")
        self.assertIn("there is no list of trusted authorities", self.statement.signature_ids.verdict)
        self.assertTrue(self.statement.signature_doubtful)

    def test_somebody_elses_fiscal_code_is_masked(self):
        """R-004-97: only the merchant's own code is shown whole; the office is told to look."""
        self.upload(signing.pades(self.sent, self.signer))

        self.assertEqual(self.statement.signature_ids.signer_code, "RSS***********1U")
        self.assertIn("not the merchant's own", self.statement.signature_ids.verdict)

    def test_another_months_file_is_named(self):
        """R-004-97: which month it is, and where it belongs."""
        for content in (
            signing.pades(self.next_statement._sent_file(), self.signer),
            signing.cades(self.next_statement._sent_file(), self.signer),
            self.next_statement._sent_file(),
        ):
            with self.refused("“may.pdf”", self.next_statement.name, "May 2024", "April 2024"):
                self.upload(content, "may.pdf")

    def test_another_shops_file_is_not_named(self):
        """R-004-97: it is not the PDF that was sent; whose it is, is not told."""
        content = signing.pades(self.other_statement._sent_file(), self.signer)

        with self.refused("it is not the PDF of", self.statement.name):
            self.upload(content)

    def test_each_wrong_file_has_its_sentence(self):
        """R-004-97: unsigned, changed, damaged, something else: what is wrong with which file, and what to do."""
        signed, envelope = signing.pades(self.sent, self.signer), signing.cades(self.sent, self.signer)
        changed = signed[:30] + bytes([signed[30] ^ 1]) + signed[31:]
        for content, name, words in (
            (self.sent, "a.pdf", "as it was sent, without a signature"),
            (signing.document("another"), "b.pdf", "holds no signature"),
            (changed, "c.pdf", "changed after it was signed"),
            (signed + b"\n%more\n", "d.pdf", "does not cover the whole"),
            (signing.pades(signing.overwritten(self.sent), self.signer), "e.pdf", "pages were changed before"),
            (b"hello", "f.doc", "neither a PDF nor a signed file"),
            (b"", "f.pdf", "neither a PDF nor a signed file"),
            (b"hello", "g.p7m", "cannot be read as a signed file"),
            (envelope[:-40], "h.p7m", "damaged or cut off"),
            (signing.cades(self.sent, self.signer, detached=True), "i.p7m", "without the document"),
            (b"%PDF-1.4 hello", "j.pdf", "cannot be read as a PDF"),
            (b"%PDF-" + b"0" * (10 * 1024 * 1024), "k.pdf", "at most 10 MB"),
            (b"\xff\xd8\xff\xe0", "l.jpg", "needs a digital signature"),
        ):
            with self.subTest(name), self.refused(f"“{name}”", words):
                self.upload(content, name)

    def test_an_expired_certificate_is_no_signature(self):
        """R-004-97: CAD art. 24 c. 4-bis; the sentence says from when to when it was valid."""
        expired = self.authority.signer(first=datetime(2020, 1, 1, tzinfo=UTC), last=datetime(2021, 1, 1, tzinfo=UTC))

        with self.refused("“signed.pdf”", "2021-01-01", "in law it is not signed"):
            self.upload(signing.pades(self.sent, expired))

    def test_the_terms_can_take_an_expired_certificate(self):
        """R-004-97: then the office is told."""
        self.settlement_terms.expired_certificate = "note"
        expired = self.authority.signer(first=datetime(2020, 1, 1, tzinfo=UTC), last=datetime(2021, 1, 1, tzinfo=UTC))

        self.upload(signing.pades(self.sent, expired))

        self.assertEqual(self.statement.state, "signed")
        self.assertIn("certificate was not valid", self.statement.signature_ids.verdict)

    def test_the_terms_can_ask_for_a_known_issuer(self):
        """R-004-97: an issuer that is not on the list is refused, the same one on the list is taken."""
        self.settlement_terms.untrusted_signer = "refuse"
        content = signing.pades(self.sent, self.signer)
        with self.refused("“signed.pdf”", "Prova CA"):
            self.upload(content)

        self.trust()
        self.upload(content)

        self.assertEqual(self.statement.signature_ids.trust, "trusted")

    def test_a_scan_needs_terms_that_allow_paper(self):
        """R-004-97: then it is taken, and the office is told that it proves nothing by itself."""
        self.settlement_terms.signature = "paper"

        self.upload(b"\x89PNG\r\n\x1a\nrest", "scan.png")

        self.assertEqual((self.statement.state, self.statement.signed_how), ("signed", "paper"))
        self.assertTrue(self.statement.signature_doubtful)

    def test_a_scan_may_be_a_pdf_but_not_the_one_that_was_sent(self):
        """R-004-97: the statement as it was sent is no scan of a signed one."""
        self.settlement_terms.signature = "paper"
        with self.refused("without a signature"):
            self.upload(self.sent)

        self.upload(signing.document("a photograph"))

        self.assertEqual(self.statement.signature_ids.form, "paper")

    def test_terms_with_codes_only_take_no_file(self):
        """R-004-97: the way to sign is the terms' to say."""
        self.settlement_terms.signature = "code"

        with self.refused("with a code by SMS"):
            self.upload(signing.pades(self.sent, self.signer))

    def test_a_statement_is_signed_once(self):
        """R-004-97: a second file finds nothing to sign."""
        content = signing.pades(self.sent, self.signer)
        self.upload(content)

        with self.assertRaisesRegex(Exception, "does not wait for a signature"):
            self.upload(content)

    def test_signed_on_the_due_day_is_in_time(self):
        """R-004-98: until midnight of the programme's zone; afterwards it is flagged."""
        self.assertEqual(str(self.statement.due_on), "2024-05-05")
        with freeze_time("2024-05-05 21:59:00"):
            self.statement._sign("paper", "Rosa", datetime(2024, 5, 5, 21, 59))
        self.assertFalse(self.statement.late)

        self.other_statement._sign("paper", "Rosa", datetime(2024, 5, 5, 22, 1))

        self.assertTrue(self.other_statement.late)

    def test_a_statement_sent_back_keeps_what_was_signed_as_void(self):
        """R-004-97: and can be signed again."""
        content = signing.pades(self.sent, self.signer)
        self.upload(content)
        self.statement.with_user(self.clerk).action_return("The stamp is missing")
        self.assertFalse(self.statement.signature_doubtful)

        self.upload(content)

        self.assertEqual([bool(line.voided_at) for line in self.statement.signature_ids.sorted("id")], [True, False])
        self.assertEqual((self.statement.state, self.statement.return_reason), ("signed", False))

    def test_an_authority_is_made_of_certificates(self):
        """R-004-97: who it is and until when is read from the file; anything else is refused by name."""
        record = self.trust()

        self.assertIn("Prova CA", record.subjects)
        self.assertGreater(record.valid_to, (datetime.now() + timedelta(days=3000)).date())
        with self.assertRaisesRegex(ValidationError, "“Nothing” holds no certificate"):
            self.env["settlement.authority"].create({"name": "Nothing", "file": self.b64(b"hello")})
