import re
from datetime import date

from odoo.tests import tagged

from .application_common import ApplicationCase
from .common import PDF


@tagged("post_install", "-at_install")
class TestApplicationState(ApplicationCase):
    """What the citizen sees and does after sending."""

    def test_change_is_declared_with_the_same_form(self):
        """R-004-50: a household with a card gets the form filled in from the registry."""
        child = self.person(name="Luca Rossi", l10n_it_codice_fiscale=False, birth_date="2015-04-04")
        self.env["family.household.member"].create(
            {"household_id": self.family.id, "person_id": child.id, "relation": "child", "valid_from": "2020-01-01"}
        )
        self.log_in(self.citizen)
        self.assert_on_page("Declare a change of the household", self.get("/my/card"))
        self.post(f"/my/card/apply/{self.program.id}")
        change = self.env["family.card.application"].search([("applicant_user_id", "=", self.citizen.id)])
        self.assertEqual(change.kind, "variation")
        page = self.get(self.url(change, "members"))
        for text in ('value="Luca Rossi"', 'value="04/04/2015"', "No longer belongs to the household"):
            self.assert_on_page(text, page)
        self.step(change, "person", **{**change._form_values("person"), "street": "Via Nuova 1, Corleto Perticara"})
        row = {"member_0_name": "Luca Rossi", "member_0_birth_date": "04/04/2015", "member_0_relation": "child"}
        page = self.step(change, "members", member_0_dropped="1", member_0_since="30/02/2024", **row)
        self.assertRegex(page.text, 'id="error_member_0_since"')
        self.step(change, "members", member_0_dropped="1", member_0_since="01/02/2024", **row)
        self.step(change, "declarations", privacy_notice_id=str(self.notice.id))
        self.leads_to(self.step(change, "summary", self_certified="1"), "?sent=1")
        self.assertEqual((change.state, change.card_id), ("filed", self.mine))
        self.assertEqual((change.member_ids.dropped, change.member_ids.since), (True, date(2024, 2, 1)))

    def test_question_is_answered_with_a_document(self):
        """The answer comes back to the office, with its attachment."""
        application = self.filed()
        question = self.env["family.card.clarification"].create(
            {"application_id": application.id, "question": "Since when do you live there?", "due_on": "2024-02-29"}
        )
        application.sudo().state = "clarification"
        page = self.get(self.url(application))
        for text in ("We need an answer from you", "Since when do you live there?", "02/29/2024"):
            self.assert_on_page(text, page)
        url = self.url(application, f"answer/{question.id}")
        self.assert_on_page("Write an answer", self.url_open(url, data={"csrf_token": self.token(), "answer": " "}))
        self.url_open(
            url,
            data={"csrf_token": self.token(), "answer": "Since 2019"},
            files={"document": ("lease.pdf", PDF, "application/pdf")},
        )
        application.invalidate_recordset()
        self.assertEqual((question.answer, application.state), ("Since 2019", "filed"))
        self.assertEqual(application.attachment_ids.name, "lease.pdf")

    def test_application_is_withdrawn_after_a_confirmation(self):
        """And a draft simply goes."""
        application = self.filed()
        url = self.url(application, "withdraw")
        self.assert_on_page("Tick the box", self.url_open(url, data={"csrf_token": self.token()}))
        self.assertEqual(application.state, "filed")
        self.url_open(url, data={"csrf_token": self.token(), "sure": "1"})
        application.invalidate_recordset()
        self.assertEqual(application.state, "withdrawn")
        draft = self.start() - application
        self.url_open(self.url(draft, "withdraw"), data={"csrf_token": self.token()})
        self.assertFalse(draft.exists())

    def test_area_lists_the_applications_with_their_state(self):
        """The citizen need not ask the office."""
        application = self.filed()
        page = self.get("/my/card")
        self.assert_on_page(application.number, page)
        self.assertTrue(re.search(r'o_application_state">\s*Received, being checked', page.text))
