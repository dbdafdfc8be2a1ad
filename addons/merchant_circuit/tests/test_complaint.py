from base64 import b64encode
from datetime import datetime

from freezegun import freeze_time

from odoo import http
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import HttpCase, new_test_user, tagged

from .common import OfficeCase, TillCase

PDF = b64encode(b"%PDF-1.4 a letter")


@tagged("post_install", "-at_install")
class TestComplaint(OfficeCase):
    def complaint(self, user=None, **vals):
        """A report written down by staff."""
        return (
            self.env["circuit.complaint"]
            .with_user(user or self.officer)
            .create(
                {
                    "circuit_id": self.circuit.id,
                    "merchant_id": self.merchant.id,
                    "reporter_name": "Maria Bianchi",
                    "reporter_phone": "+39 333 1112223",
                    "subject": "Card refused",
                    "body": "The shop refused the card.",
                    "channel": "phone",
                    **vals,
                }
            )
        )

    def test_a_call_stays_incomplete_until_it_is_written(self):
        """R-004-94: the written report completes it, and only then somebody takes it up."""
        complaint = self.complaint()
        first = complaint.state
        with self.assertRaises(UserError):
            complaint.action_start()
        complaint.write({"written_received_on": "2024-04-03", "written_file": PDF})
        second = complaint.state
        complaint.action_start()

        self.assertEqual((first, second, complaint.state), ("incomplete", "new", "in_progress"))
        self.assertEqual(complaint.user_id, self.officer)

    def test_written_reports_are_complete(self):
        """R-004-94: mail, desk and web form need nothing else."""
        for channel in ("mail", "desk", "portal"):
            with self.subTest(channel):
                self.assertEqual(self.complaint(channel=channel).state, "new")

    def test_the_written_report_is_due_the_same_day(self):
        """A23: default 0 days, a warning that never blocks; the day is the circuit's, not UTC's."""
        complaint = self.complaint(received_at=datetime(2024, 4, 3, 22, 30))
        complaint.flush_recordset()
        self.circuit.written_confirmation_days = 5
        later = self.complaint(received_at=datetime(2024, 4, 3, 22, 30))

        with freeze_time("2024-04-04 10:00:00"):
            today = complaint.written_overdue
        complaint.invalidate_recordset()
        with freeze_time("2024-04-05 10:00:00"):
            tomorrow = complaint.written_overdue

        self.assertEqual((str(complaint.written_due_on), today, tomorrow), ("2024-04-04", False, True))
        self.assertEqual(str(later.written_due_on), "2024-04-09")
        self.assertTrue(complaint.write({"body": "More of it."}))

    def test_closing_needs_an_outcome(self):
        """R-004-93: a report ends with what came of it."""
        complaint = self.complaint(channel="desk")
        complaint.action_start()
        with self.assertRaises(UserError):
            complaint.action_close()
        complaint.outcome = "The shop apologised."
        complaint.action_close()

        self.assertEqual((complaint.state, bool(complaint.closed_at)), ("closed", True))
        complaint.action_reopen()
        self.assertEqual(complaint.state, "new")

    def test_the_operator_sees_what_is_addressed_to_it(self):
        """R-004-93: Information Point and/or operator."""
        reports = {target: self.complaint(addressed_to=target) for target in ("information_point", "operator", "both")}

        seen = self.env["circuit.complaint"].with_user(self.operator).search([])

        self.assertEqual(seen, (reports["operator"] | reports["both"]).sorted("id", reverse=True))
        self.assertEqual(self.complaint(self.operator, addressed_to="operator").state, "incomplete")

    def test_bad_input_is_refused_in_words(self):
        """Nothing half-written: no contact, a false address, blanks, too long, a shop of no circuit, a file that lies."""
        stranger = self.env["res.partner"].create({"name": "Shop elsewhere", "is_merchant": True})
        for change in (
            {"reporter_phone": False},
            {"reporter_email": "not an address"},
            {"subject": "  "},
            {"body": "x" * 4001},
            {"reporter_name": "x" * 121},
            {"merchant_id": stranger.id},
            {"written_file": b64encode(b"MZ\x00 a program")},
            {"written_file": b64encode(b"<html><script>")},
        ):
            with self.subTest(change), self.assertRaises(ValidationError):
                self.complaint(**change)

    def test_default_deny(self):
        """R-004-93: reports hold names and phone numbers."""
        complaint = self.complaint()
        for group in ("base.group_user", "base.group_portal", "base.group_public"):
            user = new_test_user(self.env, f"complaint-{group}", groups=group)
            with self.subTest(group), self.assertRaises(AccessError):
                complaint.with_user(user).read(["name"])
        for values in ({"state": "closed"}, {"name": "X"}):
            with self.subTest(values), self.assertRaises(AccessError):
                complaint.write(values)
        self.assertFalse(complaint.has_access("unlink"))

    def test_another_municipality_sees_no_report(self):
        """R-003-08."""
        self.complaint()
        company = self.env["res.company"].create({"name": "Comune di Viggiano"})
        stranger = new_test_user(
            self.env,
            "officer-2",
            groups="merchant_circuit.group_officer",
            company_id=company.id,
            company_ids=[(6, 0, company.ids)],
        )
        self.assertFalse(self.env["circuit.complaint"].with_user(stranger).search([]))


@tagged("post_install", "-at_install")
class TestComplaintPage(TillCase, HttpCase):
    def setUp(self):
        super().setUp()
        self.authenticate(None, None)
        self.address = f"/circuit/{self.circuit.id}/report"

    def post(self, **changes):
        """Send the form as a browser does."""
        data = {
            "csrf_token": http.Request.csrf_token(self),
            "merchant_id": str(self.merchant.id),
            "subject": "Card refused",
            "body": "The shop refused the card.",
            "reporter_name": "Maria Bianchi",
            "reporter_email": "maria@example.org",
            "reporter_phone": "",
            "addressed_to": "both",
            **changes,
        }
        return self.url_open(self.address, data=data)

    def filed(self):
        """Reports about the merchant."""
        return self.env["circuit.complaint"].search([("merchant_id", "=", self.merchant.id)])

    def test_anybody_files_a_report(self):
        """R-004-93: on the web, without login; staff see it."""
        page = self.post().text

        complaint = self.filed()
        self.assertIn(complaint.name, page)
        self.assertEqual((complaint.channel, complaint.state, complaint.subject), ("portal", "new", "Card refused"))

    def test_a_citizens_report_knows_its_login(self):
        """R-004-93: the portal shows it among one's own."""
        user = new_test_user(self.env, "citizen", groups="base.group_portal", password="citizen-password")
        self.authenticate("citizen", "citizen-password")
        self.post()

        self.assertEqual(self.env["circuit.complaint"]._of_user(user), self.filed())

    def test_bad_input_files_nothing(self):
        """Clear words on the same page, with what was typed."""
        for change in (
            {"merchant_id": ""},
            {"merchant_id": str(self.circuit.promoter_id.id)},
            {"merchant_id": "1 OR 1=1"},
            {"reporter_email": ""},
            {"reporter_email": "nobody"},
            {"reporter_name": " "},
            {"subject": ""},
            {"body": "x" * 4001},
            {"addressed_to": "mayor"},
        ):
            with self.subTest(change):
                page = self.post(**change)
                self.assertEqual(page.status_code, 200)
                self.assertIn('role="alert"', page.text)
        self.assertFalse(self.filed())

    def test_a_report_needs_the_forms_token(self):
        """Another site cannot make a visitor report somebody."""
        self.assertEqual(self.post(csrf_token="").status_code, 400)
        self.assertFalse(self.filed())

    def test_reports_from_one_place_are_limited(self):
        """A script cannot bury the office under reports; the limit is a parameter."""
        self.env["ir.config_parameter"].set_param("merchant_circuit.reports_per_hour", "2")
        for _turn in range(3):
            page = self.post()

        self.assertEqual(len(self.filed()), 2)
        self.assertIn('role="alert"', page.text)

    def test_what_was_typed_is_text(self):
        """Bad input: never a part of the page's code."""
        page = self.post(subject="<script>alert(1)</script>", body="")

        self.assertNotIn("<script>alert(1)", page.text)
