from datetime import date

from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.family_card.rules import uploads

from .application_common import OPEN, PERSON, ApplicationCase
from .common import PDF


@tagged("post_install", "-at_install")
class TestApplication(ApplicationCase):
    """The wizard: server-side validation, nothing lost, sent once."""

    # -------------------------------------------------------------------- path

    def test_a_whole_application_is_filed_online(self):
        """R-004-11, R-004-18, R-001-19, R-001-20: self-certification on the portal, phone number in international form,
        number and instant shown at once."""
        application = self.start()
        self.leads_to(self.step(application, "person", **{**PERSON, "fiscal_code": self.code.lower()}), "/members")
        members = {
            "member_0_name": "Luca D'Angelo",
            "member_0_birth_date": "3/2/2020",
            "member_0_relation": "child",
            "member_0_student": "1",
        }
        self.leads_to(self.step(application, "members", **members), "/declarations")
        self.leads_to(self.step(application, "declarations", privacy_notice_id=str(self.notice.id)), "/documents")
        self.leads_to(self.upload(application, "isee.pdf", PDF), "/summary")
        sent = self.step(application, "summary", self_certified="1")
        self.leads_to(sent, "?sent=1")
        page = self.get(sent.headers["Location"])
        application.invalidate_recordset()
        self.assertEqual((application.state, application.phone), ("filed", "+393477654321"))
        self.assertEqual(application.member_ids.mapped("name"), ["Luca D'Angelo"])
        self.assertEqual(application.attachment_ids.name, "isee.pdf")
        for text in ("The application was sent", application.number, "Received, being checked", "10:00"):
            self.assert_on_page(text, page)

    def test_privacy_version_is_stored(self):
        """R-004-100: which version was accepted, when, through which channel."""
        application = self.complete()
        self.step(application, "summary", self_certified="1")
        consent = application.consent_ids
        self.assertEqual(consent.notice_id.version, "2024-01")
        self.assertEqual((consent.channel, str(consent.given_at)), ("portal", OPEN))

    def test_new_privacy_version_must_be_read_again(self):
        """R-004-100: an old tab cannot accept a text that is no longer in force."""
        application = self.start()
        newer = self.notice.copy({"version": "2024-02", "valid_from": "2024-02-10"})
        page = self.step(application, "declarations", privacy_notice_id=str(self.notice.id))
        self.assert_on_page("new version", page)
        self.leads_to(self.step(application, "declarations", privacy_notice_id=str(newer.id)), "/documents")

    def test_without_signature_nothing_is_sent(self):
        """R-004-11."""
        application = self.complete()
        page = self.step(application, "summary")
        self.assert_on_page("Tick the box to sign", page)
        self.assertEqual(application.state, "draft")

    def test_incomplete_steps_are_named_before_sending(self):
        """The summary says where something lacks."""
        application = self.start()
        self.assert_on_page("Still to do", self.get(self.url(application, "summary")))
        page = self.step(application, "summary", self_certified="1")
        self.assert_on_page("Something is missing", page)
        self.assertEqual(application.state, "draft")

    def test_sent_once_however_often_the_button_is_pressed(self):
        """Double click, two tabs, the browser's reload: one number."""
        application = self.complete()
        first = self.step(application, "summary", self_certified="1")
        number = application.number
        second = self.step(application, "summary", self_certified="1")
        self.leads_to(first, "?sent=1")
        self.leads_to(second, str(application.id))
        self.assertEqual(application.number, number)
        self.leads_to(self.step(application, "person", name="Somebody else"), str(application.id))
        self.assertEqual(application.name, "Anna D'Angelo")

    def test_one_draft_however_often_it_is_started(self):
        """Two tabs that begin work on the same draft."""
        self.start()
        self.assertEqual(len(self.start()), 1)

    # ------------------------------------------------------------ nothing lost

    def test_what_is_not_valid_is_said_at_its_field_and_kept(self):
        """R-004-18: the sentence stands next to the field, and what was typed is still there."""
        application = self.start()
        wrong = {**PERSON, "fiscal_code": "RSSMRA85T10A562X", "birth_date": "31/02/1985", "phone": "0971 965701"}
        page = self.step(application, "person", **wrong)
        self.assertEqual(page.status_code, 200)
        for field in ("fiscal_code", "birth_date", "phone"):
            self.assertRegex(page.text, rf'id="error_{field}"')
            self.assertRegex(page.text, rf'href="#field_{field}"')
        again = self.get(self.url(application, "person"))
        for value in ("RSSMRA85T10A562X", "31/02/1985", "0971 965701"):
            self.assert_on_page(f'value="{value}"', again)
        self.assertFalse(application.fiscal_code)

    def test_going_back_keeps_what_was_typed(self):
        """Also what is not valid yet."""
        application = self.start()
        data = {"member_0_name": "Luca", "member_0_birth_date": "never", "member_0_relation": ""}
        self.leads_to(self.step(application, "members", do="back", **data), "/person")
        page = self.get(self.url(application, "members"))
        self.assert_on_page('value="Luca"', page)
        self.assert_on_page('value="never"', page)

    def test_saved_for_later_the_draft_waits_in_the_area(self):
        """The area leads back to it."""
        application = self.start()
        self.leads_to(self.step(application, "person", do="later", **{**PERSON, "name": "Anna"}), "/my/card")
        self.assert_on_page(self.url(application), self.get("/my/card"))
        self.assert_on_page('value="Anna"', self.get(self.url(application, "person")))

    def test_members_are_added_and_removed_without_scripts(self):
        """Buttons of the form."""
        application = self.start()
        rows = {"member_0_name": "Luca Rossi", "member_0_birth_date": "03/02/2020", "member_0_relation": "child"}
        page = self.step(application, "members", do="add", **rows)
        self.assert_on_page("member_1_name", page)
        page = self.step(application, "members", do="remove:0", **rows)
        self.assert_not_on_page("Luca Rossi", page)
        self.assertFalse(application.member_ids)

    def test_what_was_typed_goes_when_it_was_filed(self):
        """No second copy of personal data stays behind."""
        application = self.complete()
        application.write({"portal_values": {"members": [{"name": "x"}]}, "self_certified": True})
        application._file()
        self.assertFalse(application.portal_values)

    # --------------------------------------------------------------- bad input

    def test_impossible_persons_are_refused(self):
        """Formulas, markup, digits, dates that do not exist or lie ahead."""
        application = self.start()
        bad = {
            "name": ("=HYPERLINK(1)", "+39", "@SUM(A1)", "<b>Anna</b>", "A", "x" * 300, "Anna\tRossi", ""),
            "fiscal_code": ("RSSMRA85T10", "12345678901234567", "=1+1", ""),
            "birth_date": ("31/02/1985", "2030-01-01", "10/12/1785", "٠١/٠١/١٩٨٥", "10/12/1986"),
            "phone": ("", "12", "0971 965701", "+1 900 555 0100", "abc"),
            "email": ("nobody", "a@b", "a@b.it, c@d.it"),
            "street": ("", "x"),
        }
        for field, values in bad.items():
            for value in values:
                with self.subTest(f"{field} {value[:20]!r}"):
                    page = self.step(application, "person", **{**PERSON, "fiscal_code": self.code, field: value})
                    self.assertEqual(page.status_code, 200)
                    self.assertRegex(page.text, rf'id="error_{field}"')
        self.assertFalse(application.fiscal_code)

    def test_impossible_members_are_refused(self):
        """R-004-16: nobody twice, nobody without relation, nobody unborn; hundreds of rows are no household."""
        application = self.start()
        self.step(application, "person", **{**PERSON, "fiscal_code": self.code})
        good = {"name": "Luca Rossi", "fiscal_code": "", "birth_date": "03/02/2020", "relation": "child"}
        bad = (
            ("name", "=cmd|' /C calc'!A0"),
            ("relation", ""),
            ("relation", "head"),
            ("relation", "emperor"),
            ("birth_date", ""),
            ("birth_date", "16/02/2024"),
            ("fiscal_code", self.code),
        )
        for field, value in bad:
            with self.subTest(f"{field} {value!r}"):
                row = {f"member_0_{name}": text for name, text in {**good, field: value}.items()}
                page = self.step(application, "members", **row)
                self.assertRegex(page.text, rf'id="error_member_0_{field}"')
        crowd = {f"member_{n}_{key}": text for n in range(60) for key, text in good.items()}
        self.assert_on_page("At most 30 people", self.step(application, "members", **crowd))
        self.assertFalse(application.member_ids)

    def test_uploads_are_told_by_their_content(self):
        """R-004-11: a program called PDF and a huge file are refused with a sentence; nothing is kept."""
        application = self.start()
        for content in (b"MZ\x90" + b"\0" * 99, b"<html><script>1</script>", b"", PDF + b"\0" * uploads.MAX_BYTES):
            with self.subTest(len(content)):
                page = self.upload(application, "document.pdf", content, do="upload")
                self.assertRegex(page.text, 'id="error_document"')
        self.assertFalse(application.attachment_ids)

    def test_upload_with_a_wild_name_is_harmless(self):
        """No folder, no markup in the name."""
        application = self.start()
        self.upload(application, "../../<script>etc.exe", PDF, do="upload")
        self.assertNotRegex(application.attachment_ids.name, r"[/<>]|exe$")

    def test_document_is_removed_from_a_draft(self):
        """And only one's own."""
        application = self.start()
        self.upload(application, "isee.pdf", PDF, do="upload")
        foreign = self.document()
        file = self.env["ir.attachment"].search([("res_model", "=", foreign._name), ("res_field", "=", "file")])
        self.step(application, "documents", do=f"delete:{file.id}")
        self.assertTrue(foreign.file)
        self.step(application, "documents", do=f"delete:{application.attachment_ids.id}")
        application.invalidate_recordset()
        self.assertFalse(application.attachment_ids)

    def test_what_no_browser_sends_is_no_crash(self):
        """R-004-11: a NUL in a text is left out, a text in the place of a document is no document."""
        application = self.start()
        values = {**PERSON, "fiscal_code": self.code, "street": "Via\x00 Roma 1"}

        self.leads_to(self.step(application, "person", **values), "members")
        self.assertEqual(application.street, "Via Roma 1")
        wrong = self.step(application, "declarations", special_requested="1", special_reason="x\x00")
        self.assertEqual(wrong.status_code, 200)
        self.leads_to(self.step(application, "documents", document="hello"), "summary")

    @mute_logger("odoo.http")
    def test_expired_token_writes_nothing(self):
        """Another site cannot post for a citizen."""
        application = self.start()
        for token in ("", "0" * 40 + "o1"):
            answer = self.url_open(
                self.url(application, "person"), data={**PERSON, "name": "Mallory", "csrf_token": token}
            )
            self.assertEqual(answer.status_code, 400)
        self.assertNotEqual(application.name, "Mallory")
        self.assertFalse(application.portal_values)

    # ------------------------------------------------------------------ limits

    def test_before_the_first_day_nothing_can_be_started(self):
        """R-004-20: the page says when."""
        self.program.applications_from = date(2024, 3, 1)
        page = self.get(f"/my/card/apply/{self.program.id}")
        self.assert_on_page("03/01/2024", page)
        self.assertFalse(self.start())
        self.assert_on_page("Applications open on 03/01/2024", self.get(f"/family-card/{self.program.id}"))

    def test_page_of_the_programme_says_until_when(self):
        """R-004-03."""
        self.program.applications_to = date(2024, 12, 31)
        page = self.get(f"/family-card/{self.program.id}")
        self.assert_on_page("Applications are open until 12/31/2024.", page)
        self.assert_on_page(f"/my/card/apply/{self.program.id}", page)

    def test_applications_of_others_do_not_exist(self):
        """R-004-101: by page, step, document, answer and withdrawal."""
        application = self.complete()
        self.upload(application, "isee.pdf", PDF, do="upload")
        file = application.attachment_ids
        self.log_in(self.citizen)
        for url in (
            self.url(application),
            self.url(application, "person"),
            self.url(application, f"file/{file.id}"),
            "/my/card/application/999999999",
        ):
            with self.subTest(url):
                self.assertEqual(self.get(url).status_code, 404)
        for url in (self.url(application, "person"), self.url(application, "withdraw")):
            with self.subTest(f"post {url}"):
                answer = self.url_open(url, data={"csrf_token": self.token(), "name": "Mallory", "sure": "1"})
                self.assertEqual(answer.status_code, 404)
        self.assertTrue(application.exists())

    def test_typed_code_of_another_household_opens_nothing(self):
        """R-004-101: filing with somebody's code links no login; a card on record is not revealed."""
        application = self.complete(fiscal_code=self.theirs.fiscal_code, name="Giulia Ferrara")
        page = self.step(application, "summary", self_certified="1")
        self.assert_on_page("on record already", page)
        self.assertFalse(self.stranger._citizen_cards())
        self.assertEqual(application.state, "draft")

    def test_a_stranger_with_the_code_does_not_stop_the_person(self):
        """R-004-16, R-004-101: a fiscal code is no secret; a login that the office gave goes before, an unknown one
        does not."""
        squatted = self.filed()
        self.assertEqual(squatted.state, "filed")
        proven = self.portal_user("anna", self.anna)
        unknown = self.portal_user("mallory")

        self.log_in(unknown)
        refused = self._file_as(unknown)
        self.log_in(proven)
        own = self._file_as(proven)

        self.env.invalidate_all()
        self.assertEqual((refused.state, own.state, squatted.state), ("draft", "filed", "withdrawn"))
        self.assertIn(squatted.number, str(own.message_ids.mapped("body")))
        self.assertIn("02/15/2024", str(own.message_ids.mapped("body")))

    def _file_as(self, user):
        """Fill in and send an application with Anna's code from this login."""
        self.post(f"/my/card/apply/{self.program.id}")
        application = self.env["family.card.application"].search([("applicant_user_id", "=", user.id)])
        self.step(application, "person", **{**PERSON, "fiscal_code": self.code})
        self.step(application, "members")
        self.step(application, "declarations", privacy_notice_id=str(self.notice.id))
        self.step(application, "documents")
        self.step(application, "summary", self_certified="1")
        return application
