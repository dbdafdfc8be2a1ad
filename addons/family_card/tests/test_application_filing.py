from datetime import datetime

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, tagged

from .application_common import A2, PDF, ApplicationCase


@tagged("post_install", "-at_install")
class TestFiling(ApplicationCase):
    def test_one_second_before_the_opening(self):
        """Example A1, R-004-20: 23:59:59 in Rome of the day before is not open."""
        draft = self.draft()

        with self.assertRaisesRegex(ValidationError, "02/05/2024|05/02/2024"):
            draft._file(datetime(2024, 2, 4, 22, 59, 59))

        self.assertEqual(draft.state, "draft")
        self.assertFalse(draft.number)

    def test_the_opening_instant(self):
        """Example A1, R-004-20: midnight in Rome is open."""
        application = self.filed(at=datetime(2024, 2, 4, 23, 0))

        self.assertEqual(application.state, "filed")
        self.assertEqual(application.number, "AP-2024-000001")
        self.assertEqual(application.first_period_id, self.q1)

    def test_first_quarter_by_the_instant_of_filing(self):
        """Examples A2, A3, A4; R-004-21, R-004-22, A13."""
        for filed_at, period in (
            (A2, self.q1),
            (datetime(2024, 3, 4, 22, 59, 59), self.q1),
            (datetime(2024, 3, 4, 23, 0), self.q2),
            (datetime(2024, 4, 20, 10, 0), self.q3),
        ):
            with self.subTest(str(filed_at)):
                self.assertEqual(self.filed(at=filed_at).first_period_id, period)

    def test_after_the_last_day(self):
        """R-004-22, A13: a programme may also stop accepting applications."""
        self.program.applications_to = "2024-06-30"

        self.filed(at=datetime(2024, 6, 30, 21, 59, 59))
        with self.assertRaises(ValidationError):
            self.draft()._file(datetime(2024, 6, 30, 22, 0))

    def test_a_programme_that_accepts_none(self):
        """R-004-20: without a first day nothing is accepted."""
        self.program.applications_from = False

        self.assertEqual(self.program._application_window(A2).reason, "not_set")
        with self.assertRaises(ValidationError):
            self.draft()._file(A2)

    def test_windows_do_not_share_a_day(self):
        """A13: a day of filing has one first quarter."""
        with self.assertRaises(ValidationError):
            self.env["family.card.application.window"].create(
                {
                    "program_id": self.program.id,
                    "date_from": "2024-03-04",
                    "date_to": "2024-03-31",
                    "first_period_id": self.q2.id,
                }
            )

    def test_filed_by_the_information_point(self):
        """R-004-12: the application shows who filed it for the citizen, and when."""
        draft = self.draft().with_user(self.officer)

        draft.action_file()

        self.assertEqual(draft.user_id, self.officer)
        self.assertEqual(draft.channel, "desk")
        self.assertIn(self.officer.name, draft.message_ids[0].body)

    def test_the_form_of_the_information_point(self):
        """R-004-12, R-004-16: choosing the applicant fills in what the registry knows of the household."""
        head, child = self.person(name="Anna Verdi", street="Via Roma 1"), self.person(name="Luca Verdi")
        family = self.household(head, child)
        with Form(self.env["family.card.application"].with_user(self.officer)) as form:
            form.program_id = self.program
            form.applicant_id = head
            form.phone = "347 123 4567"
            form.self_certified = True
            form.privacy_notice_id = self.notice
        application = form.record

        application.action_file()

        self.assertEqual((application.name, application.household_id), ("Anna Verdi", family))
        self.assertEqual(application.member_ids.mapped("person_id"), child)
        self.assertEqual((application.phone, application.user_id), ("+393471234567", self.officer))

    def test_filed_on_the_portal(self):
        """R-004-11: a self-certification filed by the citizen's own login."""
        person = self.person(name="Anna Verdi")
        self.household(person)
        draft = self.portal_draft(person)

        draft._file(A2)

        self.assertEqual(draft.applicant_user_id, self.citizen_user)
        self.assertFalse(draft.user_id)
        self.assertEqual((draft.applicant_id, draft.channel), (person, "portal"))
        self.assertTrue(draft.household_id)

    def test_what_must_be_declared(self):
        """R-004-11, R-004-15, R-004-18, R-004-100: signature, phone, privacy version."""
        for name in ("self_certified", "phone", "privacy_notice_id", "fiscal_code", "street", "birth_date"):
            with self.subTest(name), self.assertRaises(ValidationError):
                self.draft(**{name: False})._file(A2)

    def test_only_the_head_signs(self):
        """R-004-15: a second head is refused."""
        draft = self.draft()
        draft.member_ids = [(0, 0, {"name": "Luca", "birth_date": "1980-01-01", "relation": "head"})]

        with self.assertRaisesRegex(ValidationError, "head of household"):
            draft._file(A2)

    def test_a_mobile_number_is_stored_in_international_form(self):
        """R-004-18."""
        self.assertEqual(self.draft(phone="0039 347 1234567").phone, "+393471234567")
        for wrong in ("0971 123456", "12", "347 123"):
            with self.subTest(wrong), self.assertRaises(ValidationError):
                self.draft(phone=wrong)

    def test_the_privacy_version_is_kept(self):
        """R-004-100: which version, when, where; an accepted version never changes."""
        application = self.filed()

        consent = application.consent_ids
        self.assertEqual(consent.notice_id, self.notice)
        self.assertEqual(consent.given_at, A2)
        self.assertEqual(consent.partner_id, application.applicant_id)
        with self.assertRaises(UserError):
            self.notice.body = "<p>Something else</p>"
        with self.assertRaises(UserError):
            consent.with_user(self.officer).given_at = "2023-01-01 00:00:00"
        consent.with_user(self.officer).action_withdraw()
        self.assertTrue(consent.withdrawn_at)

    def test_an_operator_of_a_shop_accepts_its_own_notice(self):
        """R-004-100: merchants and their operators have a notice of their own; what was signed on paper is recorded."""
        notice = self.env["family.privacy.notice"].create(
            {
                "name": "Shops",
                "version": "1",
                "audience": "merchant",
                "valid_from": "2024-01-01",
                "body": "<p>Shops</p>",
            }
        )

        consent = (
            self.env["family.privacy.consent"]
            .with_user(self.officer)
            .create({"notice_id": notice.id, "partner_id": self.grocery.id, "channel": "paper"})
        )

        self.assertEqual(self.program._privacy_notice("merchant"), notice)
        self.assertEqual((consent.user_id, notice.consent_count), (self.officer, 1))
        self.assertEqual(self.program._privacy_notice(), self.notice)

    def test_an_old_privacy_version_is_not_accepted(self):
        """R-004-100: the version in force is the one to accept."""
        self.env["family.privacy.notice"].create(
            {"name": "Privacy", "version": "2", "valid_from": "2024-02-01", "body": "<p>New</p>"}
        )
        draft = self.env["family.card.application"]._draft_for(self.citizen_user, self.program)

        with self.assertRaisesRegex(ValidationError, "new version"):
            draft._fill({"privacy_notice_id": self.notice.id})

    def test_one_application_per_household(self):
        """R-004-17: the second one is refused in words."""
        family = self.household(self.person(), self.person(name="Anna"))
        self.filed(family)

        with self.assertRaisesRegex(ValidationError, "one application, one card"):
            self.draft(family)._file(A2)

    def test_two_filings_at_the_same_instant(self):
        """R-004-17: the unique index decides, and the loser is told in words."""
        family = self.household()
        self.filed(family)
        second = self.draft(family)
        self.patch(type(second), "_check_single", lambda self: None)

        with self.assertRaisesRegex(ValidationError, "one application, one card"):
            second._file(A2)

        self.assertEqual(second.state, "draft")

    def test_no_application_beside_a_card(self):
        """R-004-17: a household with a card cannot apply again; it declares changes (R-004-50)."""
        family = self.household()
        self.card(family=family)

        with self.assertRaisesRegex(ValidationError, "one application, one card"):
            self.draft(family)._file(A2)
        self.filed(family, kind="variation")

    def test_what_was_signed_stays(self):
        """R-004-11: a filed declaration is not rewritten."""
        family = self.household()
        application = self.filed(family, member_ids=[(0, 0, {"name": "Luca", "birth_date": "2010-01-01"})])
        application = application.with_user(self.officer)

        for vals in ({"name": "Somebody"}, {"phone": "347 7654321"}, {"state": "approved"}, {"filed_at": A2}):
            with self.subTest(str(vals)), self.assertRaises(UserError):
                application.write(vals)
        with self.assertRaises(UserError):
            application.member_ids.birth_date = "2011-01-01"
        with self.assertRaises(UserError):
            application.unlink()

    def test_a_draft_of_the_portal_is_not_filed_by_the_office(self):
        """R-004-11, R-004-15: who signs is the citizen."""
        draft = self.portal_draft(self.person())

        with self.assertRaises(AccessError):
            draft.with_user(self.officer).action_file()

    def test_the_registry_fills_in_a_known_citizen(self):
        """R-004-11, R-004-16: a login that an officer linked finds its household in the form."""
        head, child = self.person(name="Anna Verdi", phone="0971 123456"), self.person(name="Luca Verdi")
        self.household(head, child)
        self.citizen_user.sudo().citizen_id = head

        draft = self.env["family.card.application"]._draft_for(self.citizen_user, self.program)

        self.assertEqual(draft.applicant_id, head)
        self.assertEqual(draft.member_ids.mapped("person_id"), child)
        self.assertFalse(draft.phone, "a fixed line is no place for a PIN")
        self.assertEqual(draft, self.env["family.card.application"]._draft_for(self.citizen_user, self.program))

    def test_changes_of_the_own_household_only(self):
        """R-004-50, R-004-101: typing another person's code does not reach their card."""
        mine, other = self.person(name="Anna Verdi"), self.person(name="Carlo Neri")
        for person in (mine, other):
            self.card(family=self.household(person))
        self.citizen_user.sudo().citizen_id = mine
        draft = self.env["family.card.application"]._draft_for(self.citizen_user, self.program)
        self.assertEqual(draft.kind, "variation")

        draft._fill(self.declared(other))

        with self.assertRaisesRegex(ValidationError, "own household"):
            draft._file(A2)

    def test_wrong_values_are_refused_in_words(self):
        """R-004-11: impossible dates, codes and fields of the office."""
        draft = self.env["family.card.application"]._draft_for(self.citizen_user, self.program)
        for vals in (
            {"birth_date": "2024-02-30"},
            {"fiscal_code": "RSSMRA"},
            {"state": "approved"},
            {"members": [{"name": "Luca", "relation": "king"}]},
            {"members": [{"name": "", "relation": "child"}]},
            {"members": [{"name": "Luca", "person_id": 1}]},
        ):
            with self.subTest(str(vals)), self.assertRaises(ValidationError):
                draft._fill(vals)

    def test_documents_are_known_by_their_content(self):
        """R-004-11: PDF, JPEG or PNG, whatever the name says."""
        draft = self.draft()

        kept = draft._attach("../../card.exe", PDF)

        self.assertEqual((kept.name, kept.mimetype), ("card.pdf", "application/pdf"))
        self.assertEqual(draft.attachment_ids, kept)
        for content in (b"MZ\x90", b"<html></html>", PDF + b"x" * 5 * 1024 * 1024):
            with self.assertRaises(ValidationError):
                draft._attach("a.pdf", content)

    def test_withdrawn(self):
        """R-004-11: the citizen takes the application back and may file another."""
        family = self.household()
        application = self.filed(family)

        application._withdraw()

        self.assertEqual(application.state, "withdrawn")
        self.filed(family)
        with self.assertRaises(UserError):
            application._withdraw()
