from datetime import date, datetime

from freezegun import freeze_time
from stdnum.it import codicefiscale

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .application_common import A2, PDF, ApplicationCase


@tagged("post_install", "-at_install")
class TestDecision(ApplicationCase):
    def check(self, application, kind):
        return application.check_ids.filtered(lambda check: check.kind == kind)

    def approve(self, application):
        """Pass what an officer decides, then approve as an officer."""
        application.check_ids.filtered(lambda check: check.outcome == "pending").with_user(self.officer).action_pass()
        application.with_user(self.officer).action_approve()

    def test_the_list_of_checks(self):
        """R-004-13, R-004-24, R-004-25: what has to be looked at, and what the registry told at once."""
        application = self.filed()

        outcomes = {check.kind: check.outcome for check in application.check_ids}
        self.assertEqual(
            outcomes, {"residence": "passed", "taxes": "pending", "abode": "pending", "duplicate": "passed"}
        )
        self.assertEqual(self.check(application, "residence").reference_day, date(2023, 12, 31))
        self.assertTrue(self.check(application, "residence").automatic)
        self.assertEqual(application.checks_open, 2)

    def test_no_card_before_the_checks(self):
        """R-004-13: approval waits for every required check."""
        application = self.filed()

        with self.assertRaisesRegex(UserError, "Municipal taxes"):
            application.with_user(self.officer).action_approve()

        self.assertFalse(application.card_id)
        self.assertEqual(application.state, "filed")

    def test_a_failed_check(self):
        """R-004-13: outcome, author, date and reason stay; the application is not approved."""
        application = self.filed()
        taxes = self.check(application, "taxes").with_user(self.officer)
        taxes._decide("failed", "TARI 2023 not paid")
        self.check(application, "abode").with_user(self.officer).action_pass()

        self.assertEqual((taxes.user_id, bool(taxes.decided_at)), (self.officer, True))
        with self.assertRaises(UserError):
            application.with_user(self.officer).action_approve()

    def test_an_approved_application_gives_a_card(self):
        """R-001-04, R-004-08, R-004-13, R-004-14: number, PIN by SMS, first quarter of the filing."""
        application = self.filed()

        self.approve(application)

        card = application.card_id
        self.assertEqual((application.state, application.decided_by), ("approved", self.officer))
        self.assertEqual((card.state, card.household_id), ("active", application.household_id))
        self.assertEqual((card.phone, card.first_period_id), ("+393471234567", self.q1))
        self.assertEqual(card.holder_id, application.applicant_id)
        self.assertIn("PIN", self.messages(card)[-1])

    def test_accepted_months_later(self):
        """R-004-21, A30, example A2: the first quarter stays the one of the filing."""
        application = self.filed(at=A2)
        self.env.cr.execute("SELECT 1")

        self.approve(application)
        application.card_id.annual_amount = 450
        application.card_id._credit_period(self.q1, datetime(2024, 4, 3, 8, 15))
        application.card_id._credit_period(self.q2, datetime(2024, 4, 3, 8, 15))

        self.assertEqual(application.card_id.balance, 225.0)

    def test_filed_on_the_fifth_of_march(self):
        """Example A4, R-004-22: Q2 only."""
        application = self.filed(at=datetime(2024, 3, 4, 23, 0))
        self.approve(application)
        card = application.card_id
        card.annual_amount = 450

        for period in (self.q1, self.q2):
            card._credit_period(period, datetime(2024, 4, 3, 8, 15))

        self.assertEqual(card.balance, 112.5)

    def test_resident_after_the_cut_off(self):
        """Example A6, R-004-23, A14: with the cut-off rule the household is refused for its residence."""
        family = self.household()
        family.household_member_ids.sudo().write({"valid_from": date(2024, 1, 15)})
        application = self.filed(family)

        residence = self.check(application, "residence")
        self.assertEqual(residence.outcome, "failed")
        self.assertIn("2023", residence.reason)
        with self.assertRaises(UserError):
            self.approve(application)

    def test_resident_at_the_end_of_the_quarter(self):
        """Example A6, A14: with the other rule the first quarter is the one after the arrival."""
        self.terms.residence_rule = "quarter_end"
        family = self.household()
        family.household_member_ids.sudo().write({"valid_from": date(2024, 1, 15)})
        application = self.filed(family)

        self.approve(application)

        self.assertEqual(application.card_id.first_period_id, self.q2)

    def test_not_in_the_registry(self):
        """R-004-10: only resident families; the office is told what to do."""
        application = self.filed(applicant_id=False, fiscal_code=self.fiscal_code(), birth_date="1985-12-10")

        with self.assertRaisesRegex(UserError, "registry"):
            application.with_user(self.officer).action_match()
        with self.assertRaisesRegex(UserError, "registry"):
            self.approve(application)

    def test_found_when_the_registry_arrives(self):
        """R-004-10: matched by fiscal code, checks told by the registry then."""
        code = self.fiscal_code()
        application = self.filed(applicant_id=False, fiscal_code=code, birth_date="1985-12-10")
        self.assertEqual(self.check(application, "residence").outcome, "pending")
        family = self.household(self.person(l10n_it_codice_fiscale=code))

        application.with_user(self.officer).action_match()

        self.assertEqual(application.household_id, family)
        self.assertEqual(self.check(application, "residence").outcome, "passed")

    def test_differences_from_the_registry_are_shown(self):
        """R-004-10, R-004-16: who was declared and is not on file, and the other way round."""
        family = self.household(self.person(name="Anna Verdi"), self.person(name="Luca Verdi"))
        application = self.filed(family, member_ids=[(0, 0, {"name": "Ugo Neri", "birth_date": "2010-01-01"})])

        lines = application.with_user(self.officer).differences.split("\n")

        self.assertEqual(["Ugo Neri" in line for line in lines], [True, False])
        self.assertEqual(["Luca Verdi" in line for line in lines], [False, True])

    def test_a_decision_that_comes_late(self):
        """A30: the office is warned when the credit of the first quarter is about to expire, or has."""
        application = self.filed()

        with freeze_time("2024-09-20 08:00:00"):
            application.invalidate_recordset(["differences"])
            self.assertIn("decide soon", application.differences)
        with freeze_time("2024-10-02 08:00:00"):
            application.invalidate_recordset(["differences"])
            self.assertIn("no longer be given", application.differences)

    def test_only_the_head_is_approved(self):
        """R-004-15: a member who is not the head cannot be the holder."""
        spouse = self.person(name="Anna Bianchi")
        self.household(self.person(), spouse)
        application = self.env["family.card.application"].create(
            {"program_id": self.program.id, **self.declared(spouse)}
        )
        application._file(A2)

        with self.assertRaisesRegex(UserError, "head"):
            self.approve(application)

    def test_a_person_of_another_household(self):
        """R-004-17: somebody declared who lives elsewhere is found by the check of duplicates."""
        other = self.person(name="Luca Neri", birth_date=date(1985, 12, 10))
        self.household(other)
        application = self.filed(
            member_ids=[
                (
                    0,
                    0,
                    {
                        "name": other.name,
                        "fiscal_code": other.l10n_it_codice_fiscale,
                        "birth_date": other.birth_date,
                        "person_id": other.id,
                    },
                )
            ]
        )

        duplicate = self.check(application, "duplicate")
        self.assertEqual(duplicate.outcome, "failed")
        self.assertIn("Luca Neri", duplicate.reason)

    def test_identity_of_a_portal_applicant(self):
        """R-004-11, R-004-101: a typed code links nobody; the officer's check does, with the approval."""
        person = self.person(name="Anna Verdi")
        self.household(person)
        draft = self.portal_draft(person)
        draft._file(A2)
        self.assertFalse(self.citizen_user._citizen())
        self.assertEqual(self.check(draft, "identity").outcome, "pending")

        self.approve(draft)

        self.assertEqual(self.citizen_user._citizen(), person)
        self.assertEqual(draft.consent_ids.partner_id, person)

    def test_a_known_login_needs_no_identity_check(self):
        """R-004-101: an officer established it before."""
        person = self.person(name="Anna Verdi")
        self.household(person)
        self.citizen_user.sudo().citizen_id = person
        draft = self.portal_draft(person)

        draft._file(A2)

        self.assertEqual(self.check(draft, "identity").outcome, "passed")

    def test_clarification_and_answer(self):
        """R-004-13: the citizen is asked by SMS and e-mail, answers, and the office goes on."""
        application = self.filed(email="mario@example.org")
        officer = application.with_user(self.officer)

        asked = officer._ask("Which is your meter number?", date(2024, 4, 20))

        self.assertEqual((application.state, asked.asked_by), ("clarification", self.officer))
        message = self.env["sms.sms"].sudo().search([("number", "=", "+393471234567")], limit=1)
        self.assertIn(application.number, message.body)
        self.assertTrue(self.env["mail.mail"].sudo().search_count([("email_to", "=", "mario@example.org")]))
        with self.assertRaises(UserError):
            officer.action_approve()
        with self.assertRaises(UserError):
            officer._ask("", False)
        asked._answer("Number 12", [("bill.pdf", PDF)])
        self.assertEqual((application.state, asked.answer), ("filed", "Number 12"))
        self.assertEqual(len(application.attachment_ids), 1)
        with self.assertRaises(UserError):
            asked._answer("Again")

    def test_the_answer_may_be_given_at_the_desk(self):
        """R-004-12: an officer writes down the answer."""
        application = self.filed()
        application._ask("Where do you live?", date(2024, 4, 1))
        self.assertTrue(application.clarification_ids.late)
        step = (
            self.env["family.card.application.step"]
            .with_user(self.officer)
            .create({"application_id": application.id, "step": "answer", "text": "Via Roma"})
        )

        step.action_apply()

        self.assertEqual(application.clarification_ids.answered_by, self.officer)
        self.assertEqual(application.state, "filed")

    def test_refused_with_a_reason(self):
        """R-004-13: a refusal says why, and the citizen is told."""
        application = self.filed().with_user(self.officer)
        step = self.env["family.card.application.step"].with_user(self.officer)

        with self.assertRaises(UserError):
            application._refuse(" ")
        step.create({"application_id": application.id, "step": "refuse", "text": "Not resident"}).action_apply()

        self.assertEqual((application.state, application.decision_reason), ("refused", "Not resident"))
        self.assertFalse(application.card_id)
        with self.assertRaises(UserError):
            application.action_approve()

    def test_the_special_card(self):
        """R-004-39: justified request, assessment of the social office, giunta act."""
        application = self.filed(special_requested=True, special_reason="Serious illness in the family")
        with self.assertRaisesRegex(UserError, "special card"):
            self.approve(application)

        application.special_outcome = "granted"
        with self.assertRaisesRegex(UserError, "giunta act"):
            application.with_user(self.officer).action_approve()
        application.write({"social_assessment": "Assessed on 20/03/2024", "special_act_id": self.act.id})
        application.with_user(self.officer).action_approve()

        self.assertEqual((application.card_id.kind, application.card_id.special_act_id), ("special", self.act))

    def test_the_special_card_is_not_granted(self):
        """R-004-39: the household gets the card of everybody."""
        application = self.filed(special_requested=True, special_reason="Because")
        application.special_outcome = "denied"

        self.approve(application)

        self.assertEqual(application.card_id.kind, "standard")

    def test_a_senior_household_gets_its_card(self):
        """R-004-36: the kind that the ages suggest."""
        code = "RSSMRA40T50A001"
        person = self.person(name="Nonna Rosa", l10n_it_codice_fiscale=code + codicefiscale.calc_check_digit(code))
        application = self.filed(self.household(person))

        self.approve(application)

        self.assertEqual(application.card_id.kind, "senior")

    def test_a_quarter_that_the_programme_has_not(self):
        """A13: filed in the last quarter, the first one is next year's, which must be there."""
        application = self.filed(at=datetime(2024, 11, 20, 9, 0))

        with self.assertRaisesRegex(UserError, "quarter"):
            self.approve(application)

        self.assertEqual(application.state, "filed")

    def test_citizens_reach_nothing(self):
        """R-004-101: the portal's login uses controllers, never the models."""
        application = self.filed()
        for record in (application, application.check_ids[:1], self.notice):
            with self.subTest(record._name), self.assertRaises(AccessError):
                record.with_user(self.citizen_user).read([])
        with self.assertRaises(AccessError):
            application.with_user(self.citizen_user).action_approve()
        with self.assertRaises(AccessError):
            self.citizen_user.with_user(self.citizen_user).citizen_id = application.applicant_id
