from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import TransactionCase, new_test_user, tagged

VATS = {"it": "12345670017", "de": "DE123456788", "ch": "CHE-123.456.788 TVA"}


class JoinCase(TransactionCase):
    """A circuit with published terms, and a company that fills in the form."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        env = cls.env
        region, operator = env["res.partner"].create(
            [{"name": "Regione", "is_company": True}, {"name": "Gestore s.p.a.", "is_company": True}]
        )
        cls.circuit = env["circuit.circuit"].create(
            {"name": "Circuito di prova", "promoter_id": region.id, "operator_id": operator.id}
        )
        cls.terms = env["ecoupon.join.terms"].create(
            {"circuit_id": cls.circuit.id, "date_from": "2020-01-01", "text": "<p>The same for everybody.</p>"}
        )
        cls.activity = env.ref("merchant_circuit.activity_grocery")
        cls.officer = new_test_user(env, "join-officer", groups="merchant_circuit.group_officer")
        cls.requests = env["ecoupon.join.request"]

    def form(self, country="it", **changes):
        """What a company fills in.

        :return: dict
        """
        return {
            "name": "Pasticceria Viola s.r.l.",
            "vat": VATS[country],
            "country_id": self.env.ref(f"base.{country}").id,
            "city": "Bergamo",
            "email": "viola@example.org",
            "contact": "Anna Viola",
            "role_accept": True,
            "role_issue": True,
            "activity_id": self.activity.id,
            "has_shop": True,
            **changes,
        }

    def file(self, country="it", address="203.0.113.5", terms=None, **changes):
        """Send the form as the page does.

        :return: ecoupon.join.request
        """
        terms = self.terms.id if terms is None else terms
        return self.requests._file(self.circuit, self.form(country, **changes), terms, address)


@tagged("post_install", "-at_install")
class TestJoin(JoinCase):
    def test_everybody_gets_the_same_terms(self):
        """R-000-37: one set of terms is in force, and every request names it."""
        first = self.file()
        second = self.file("de", name="Zürcher GmbH")

        self.assertEqual((first | second).terms_id, self.terms)
        self.assertEqual((first | second).mapped("state"), ["received", "received"])

    def test_terms_are_accepted_as_they_are_now(self):
        """R-000-37: neither without, nor with those that were replaced while one was reading."""
        old = self.terms
        self.terms.copy({"date_from": self.circuit._local_today()})

        for terms, words in ((0, "accept them"), (old.id, "have changed")):
            with self.subTest(terms=terms), self.assertRaisesRegex(UserError, words):
                self.file(terms=terms)

    def test_accepted_terms_stay(self):
        """R-000-37: what a company agreed to is not rewritten behind its back."""
        self.file()

        with self.assertRaises(UserError):
            self.terms.text = "<p>Something else.</p>"

    def test_nobody_joins_without_published_terms(self):
        """R-000-37."""
        self.terms.unlink()

        with self.assertRaisesRegex(UserError, "not published"):
            self.file()

    def test_accepted_company_gets_a_draft_agreement(self):
        """R-000-02, R-000-37: a merchant with its places, and an agreement that is still to be signed."""
        request = self.file(url="https://viola.example.com")

        agreement = self.requests.browse(request.with_user(self.officer).action_accept() and request.id).agreement_id

        self.assertEqual((request.state, agreement.state, agreement.signatory), ("accepted", "draft", "Anna Viola"))
        self.assertEqual(sorted(agreement.merchant_id.place_ids.mapped("kind")), ["online", "physical"])
        self.assertEqual((agreement.role_accept, agreement.role_distribute, agreement.role_issue), (True, False, True))
        self.assertFalse(agreement._acts("issue"))

    def test_company_that_is_known_is_not_doubled(self):
        """Its VAT number finds it, with or without the country before it."""
        known = self.env["res.partner"].create(
            {"name": "Viola", "is_company": True, "vat": "IT12345670017", "country_id": self.env.ref("base.it").id}
        )
        request = self.file()

        request.action_accept()

        self.assertEqual(request.agreement_id.merchant_id, known)
        self.assertEqual(known.name, "Viola")

    def test_office_elsewhere_in_italy_issues(self):
        """R-000-28: the registered office is in Rome."""
        request = self.file(city="Roma", state_id=self.env.ref("base.state_it_rm").id, has_shop=False)
        request.action_accept()
        request.agreement_id.action_sign()

        self.assertTrue(request.agreement_id._acts("issue"))

    def test_office_abroad_issues(self):
        """R-000-28: and one in Germany, one in Switzerland."""
        for country in ("de", "ch"):
            with self.subTest(country=country):
                request = self.file(country, name=f"Firma {country}", city="Berlin")
                request.action_accept()
                request.agreement_id.action_sign()

                self.assertTrue(request.agreement_id._acts("issue"))
                self.assertEqual(request.agreement_id.merchant_id.country_id, self.env.ref(f"base.{country}"))

    def test_vat_number_has_its_country_s_form(self):
        """R-000-37: a clear sentence, nothing half-written."""
        before = self.requests.search_count([])

        for country, vat in (("it", "12345670018"), ("it", "x"), ("de", "123"), ("it", "<script>")):
            with (
                self.subTest(vat=vat),
                self.assertRaisesRegex(ValidationError, "not a VAT number"),
                self.cr.savepoint(),
            ):
                self.file(country, vat=vat)

        self.assertEqual(self.requests.search_count([]), before)

    def test_bad_input_is_refused(self):
        """R-000-37: each with a sentence that says what to do."""
        cases = {
            "at least one": {"role_accept": False, "role_issue": False},
            "e-mail": {"email": "nobody"},
            "web shop": {"url": "javascript:alert(1)"},
            "at most 120": {"name": "x" * 121},
            "who signs": {"contact": "  "},
            "province": {"country_id": self.env.ref("base.de").id, "vat": VATS["de"]}
            | {"state_id": self.env.ref("base.state_it_mi").id},
            "mainly does": {"activity_id": False},
        }
        for words, changes in cases.items():
            with self.subTest(words), self.assertRaisesRegex(UserError, words), self.cr.savepoint():
                self.file(**changes)

    def test_refusal_carries_a_reason(self):
        """R-000-37: it is kept and mailed; without one nobody is refused."""
        request = self.file()
        wizard = self.env["circuit.reason"].with_user(self.officer)
        values = {"step": "refuse_join", "join_request_id": request.id}

        with self.assertRaises(UserError):
            wizard.create({**values, "reason": "   "}).action_apply()
        wizard.create({**values, "reason": "The activity is excluded by article 3 of the terms."}).action_apply()

        self.assertEqual((request.state, request.decided_by_id), ("refused", self.officer))
        mail = self.env["mail.mail"].search([("model", "=", request._name), ("res_id", "=", request.id)], limit=1)
        self.assertIn("article 3", mail.body_html)
        self.assertEqual(mail.email_to, "viola@example.org")

    def test_decisions_go_through_the_buttons(self):
        """R-000-37: no form, import or remote call refuses without a reason."""
        request = self.file().with_user(self.officer)

        for vals in ({"state": "refused"}, {"refusal": "x"}, {"agreement_id": False}):
            with self.subTest(vals=vals), self.assertRaises(AccessError):
                request.write(vals)

    def test_decided_once(self):
        """Neither accepted nor refused again."""
        request = self.file()
        request._refuse("Not a company")

        with self.assertRaisesRegex(UserError, "decided already"):
            request.action_accept()

    def test_what_was_decided_on_stays(self):
        """R-000-37: nobody rewrites a request after its answer; its activities and messages go on."""
        request = self.file().with_user(self.officer)
        request.note = "They open in May"
        request._refuse("Not a company")

        for vals in ({"name": "Other"}, {"vat": "x"}, {"terms_id": self.terms.id}, {"note": "x"}, {"role_issue": True}):
            with self.subTest(vals=vals), self.assertRaisesRegex(UserError, "was decided"):
                request.write(vals)
        request.message_post(body="They have called")

    def test_category_follows_the_activity(self):
        """R-000-37: the macro-category is that of the corrected activity."""
        request = self.file()
        other = self.env["circuit.activity"].search(
            [("category_id", "not in", [False, request.category_id.id])], limit=1
        )

        request.activity_id = other

        self.assertEqual(request.category_id, other.category_id)

    def test_refused_company_may_ask_again(self):
        """R-000-37: once the reason is gone."""
        self.file()._refuse("The VAT number was closed")

        self.assertEqual(self.file().state, "received")

    def test_one_request_at_a_time(self):
        """A second press of the button, or a member that asks again, makes no second request."""
        request = self.file()

        with self.assertRaisesRegex(UserError, "received already") as caught:
            self.file(vat="IT 123.456.700 17")
        self.assertNotIn(request.number, str(caught.exception))
        request.action_accept()
        with self.assertRaisesRegex(UserError, "an agreement to sign"):
            self.file()
        request.agreement_id.action_sign()
        with self.assertRaisesRegex(UserError, "member of the circuit already"):
            self.file()

    def test_one_network_does_not_flood(self):
        """R-000-37: too many an hour from one place wait; others do not."""
        self.env["ir.config_parameter"].set_param("ecoupon.join_requests_per_hour", "1")
        self.file()

        with self.assertRaisesRegex(UserError, "Too many"):
            self.file("de", name="Other GmbH")
        with self.assertRaisesRegex(UserError, "Too many"):  # nor is anybody told who has asked
            self.file()
        self.assertTrue(self.file("de", address="198.51.100.7", name="Other GmbH"))

    def test_requests_of_another_company(self):
        """Each operator sees the requests and terms of its own circuits."""
        self.file()
        company = self.env["res.company"].create({"name": "Altra Regione"})
        elsewhere = new_test_user(
            self.env,
            "join-elsewhere",
            groups="merchant_circuit.group_officer",
            company_id=company.id,
            company_ids=[Command.set(company.ids)],
        )

        self.assertFalse(self.requests.with_user(elsewhere).search([]))
        self.assertFalse(self.env["ecoupon.join.terms"].with_user(elsewhere).search([]))

    def test_region_reads_and_does_not_decide(self):
        """R-000-01: the operator admits, the Region looks."""
        region = new_test_user(self.env, "join-region", groups="ecoupon.group_region")
        request = self.file().with_user(region)

        self.assertEqual(request.name, "Pasticceria Viola s.r.l.")
        with self.assertRaises(AccessError):
            request.action_accept()


@tagged("post_install", "-at_install")
class TestTerritory(JoinCase):
    def test_provinces_of_lombardy(self):
        """R-000-29: one button sets the twelve provinces."""
        self.circuit.action_territory_lombardy()

        plates = {"BG", "BS", "CO", "CR", "LC", "LO", "MB", "MI", "MN", "PV", "SO", "VA"}
        self.assertEqual(set(self.circuit.territory_state_ids.mapped("code")), plates)
        self.assertEqual(self.circuit.territory_state_ids.country_id.code, "IT")
