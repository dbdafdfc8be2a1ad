import base64
import hashlib
from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from odoo.addons.queue_job.tests.common import trap_jobs

from ..models import (
    ir_actions_report,
    merchant_statement_run_send,
)
from .document_common import DocumentCase


@tagged("post_install", "-at_install")
class TestStatementSend(DocumentCase):
    # ------------------------------------------------------------------ sending

    def test_what_is_sent_is_kept_with_its_digest(self):
        """R-004-97: the very file that has to come back signed; the mail brings it, and the way to the portal."""
        statement = self.statement(15)

        statement.with_user(self.clerk).action_send()

        self.assertEqual(statement.state, "sent")
        content = base64.b64decode(statement.pdf_file)
        self.assertEqual(statement.pdf_digest, hashlib.sha256(content).hexdigest())
        self.assertEqual(statement.sent_to, "rossi@example.com")
        self.assertNotIn(b"Draft, not sent yet", content)
        mail = self.mails(statement)
        self.assertEqual(mail.attachment_ids.raw, content)
        self.assertEqual(mail.attachment_ids.name, statement.pdf_name)
        self.assertIn(statement._portal_path(), mail.body_html)

    def test_sent_twice_is_sent_once(self):
        """R-004-97: the second time says so, and neither file nor mail are made again."""
        statement = self.statement(15)
        statement._send()
        digest = statement.pdf_digest

        self.assertFalse(statement._send())
        with self.assertRaisesRegex(UserError, "sent already"):
            statement.action_send()

        self.assertEqual((statement.pdf_digest, len(self.mails(statement))), (digest, 1))

    def test_a_merchant_without_address_finds_it_in_the_portal(self):
        """R-004-97: it counts as sent, and the chatter says that no mail went out."""
        self.merchant.email = False
        statement = self.statement(15)

        statement._send()

        self.assertEqual((statement.state, statement.sent_to), ("sent", False))
        self.assertFalse(self.mails(statement))
        self.assertIn("no mail address", statement.message_ids[0].body)

    def test_a_print_that_fails_changes_nothing(self):
        """R-004-97: the reason is told, the statement still waits to be sent."""
        statement = self.statement(15)

        with (
            patch.object(type(statement), "_pdf", side_effect=UserError("no paper")),
            self.assertRaisesRegex(UserError, "no paper"),
        ):
            statement._send()

        self.assertEqual((statement.state, statement.pdf_file), ("draft", False))
        self.assertFalse(self.mails(statement))

    def test_what_was_sent_is_printed_as_it_was_sent(self):
        """R-004-97: also after the merchant's name has changed."""
        statement = self.statement(15).with_context(force_report_rendering=True)
        statement._send()
        self.merchant.name = "Somebody else"

        reports = self.env["ir.actions.report"].with_context(force_report_rendering=True)
        content, _kind = reports._render_qweb_pdf("merchant_settlement.action_report_statement", statement.ids)

        self.assertEqual(content, base64.b64decode(statement.pdf_file))

    def test_a_month_is_printed_together(self):
        """R-004-96: what was sent from its file, drafts made now, in the order of the list."""
        sent, draft = self.statement(15), self.statement(25)
        sent.with_context(force_report_rendering=True)._send()

        reports = self.env["ir.actions.report"].with_context(force_report_rendering=True)
        content, _kind = reports._render_qweb_pdf("merchant_settlement.action_report_statement", (draft | sent).ids)

        pages = self.pages(content)
        self.assertEqual(
            [statement.name in page for statement, page in zip(draft | sent, pages, strict=True)], [True] * 2
        )
        self.assertEqual(["Draft" in page for page in pages], [True, False])

    def test_many_drafts_are_not_printed_at_once(self):
        """R-004-96: each takes seconds; the sentence says what to do."""
        drafts = self.statement(15) | self.statement(16)

        with (
            patch.object(ir_actions_report, "DRAFTS_AT_ONCE", 1),
            self.assertRaisesRegex(UserError, "Send them first"),
        ):
            self.env["ir.actions.report"].with_context(force_report_rendering=True)._render_qweb_pdf(
                "merchant_settlement.action_report_statement", drafts.ids
            )

    def test_who_sends(self):
        """R-004-97: clerks send; who only looks prints, and nobody writes the kept file."""
        statement = self.statement(15)

        with self.assertRaises(AccessError):
            statement.with_user(self.officer).action_send()
        self.assertTrue(statement.with_user(self.officer)._pdf())
        self.assertTrue(statement.with_user(self.officer)._xlsx())
        with self.assertRaises(AccessError):
            statement.with_user(self.clerk).pdf_file = base64.b64encode(b"other")

    def test_what_was_sent_cannot_be_exchanged(self):
        """R-004-97: not even by those who may write statements, past the field."""
        statement = self.statement(15)
        statement._send()
        file = self.env["ir.attachment"].search(
            [("res_model", "=", statement._name), ("res_id", "=", statement.id), ("res_field", "=", "pdf_file")]
        )

        with self.assertRaisesRegex(AccessError, "kept as it is"):
            file.with_user(self.clerk).raw = b"other"
        with self.assertRaisesRegex(AccessError, "kept as it is"):
            file.with_user(self.clerk).unlink()

    # ------------------------------------------------------------------ a whole month

    def run_of(self, *statements):
        """A finished run with these statements."""
        run = self.env["merchant.statement.run"].create(
            {"funder_id": self.funder.id, "month": "2024-04-01", "state": "done"}
        )
        for statement in statements:
            statement.run_id = run
        return run

    def test_a_run_is_sent_in_one_go(self):
        """R-004-97: every draft of the month; nothing is left to send."""
        drafts = self.statement(15) | self.statement(25)
        run = self.run_of(*drafts)

        with patch.object(merchant_statement_run_send, "read_committed"):
            run.with_user(self.clerk).action_send()

        self.assertEqual(drafts.mapped("state"), ["sent", "sent"])
        with self.assertRaisesRegex(UserError, "no statement of this month to send"):
            run.action_send()

    def test_what_takes_long_is_left_to_the_queue(self):
        """R-004-97: out of time the rest is one job, which sends what is left only."""
        drafts = self.statement(15) | self.statement(25)
        run = self.run_of(*drafts)

        with trap_jobs() as trap, patch.object(merchant_statement_run_send, "REQUEST_SECONDS", -1):
            run.action_send()
            trap.assert_jobs_count(1, only=run._job_send)
        drafts[0]._send()
        with patch.object(merchant_statement_run_send, "read_committed"):
            run._job_send()

        self.assertEqual(drafts.mapped("state"), ["sent", "sent"])
        self.assertEqual(len(self.mails(drafts[0])), 1)
