from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import HttpCase, new_test_user, tagged

from .common import PromotionCase


@tagged("post_install", "-at_install")
class TestConsent(PromotionCase):
    def test_consent_keeps_its_words(self):
        """R-000-34: what was agreed to, when and how, whatever the circuit asks later."""
        words = self.consent.wording

        self.circuit.newsletter_wording = "Something wider."

        self.assertTrue(words)
        self.assertEqual((self.consent.wording, self.consent.how), (words, "portal"))
        self.assertTrue(self.consent.given_at)

    def test_asking_twice_changes_nothing(self):
        """R-000-34."""
        self.assertEqual(self.consents._give(self.circuit, self.anna), self.consent)

    def test_nobody_puts_another_name_in_it(self):
        """R-000-34: not by remote call either."""
        officer = new_test_user(self.env, "rewriting", groups="merchant_circuit.group_officer")
        somebody = self.env["res.partner"].create({"name": "Bruno"})
        for values in ({"partner_id": somebody.id}, {"reference": "another paper"}):
            with self.subTest(values), self.assertRaises(AccessError):
                self.consent.with_user(officer).write(values)

    def test_given_again_is_a_new_consent(self):
        """R-000-34: what was withdrawn stays on record."""
        self.consent._withdraw("portal")

        again = self.consents._give(self.circuit, self.anna)

        self.assertNotEqual(again, self.consent)
        self.assertEqual(self.consent.withdrawn_how, "portal")

    def test_consent_is_of_one_circuit(self):
        """R-000-34: agreeing here is not agreeing there."""
        other = self.env["circuit.circuit"].create({"name": "Another circuit"})

        self.assertFalse(self.consents._of(other, self.anna))

    def test_nowhere_to_write_to(self):
        """R-000-34: a clear sentence."""
        with self.assertRaisesRegex(UserError, "e-mail"):
            self.consents._give(self.circuit, self.env["res.partner"].create({"name": "Carla"}))

    def test_office_needs_the_paper(self):
        """R-000-34: and writes neither when nor how."""
        officer = new_test_user(self.env, "consent-officer", groups="merchant_circuit.group_officer")
        consents = self.consents.with_user(officer)
        values = {"circuit_id": self.circuit.id, "partner_id": self.bruno.id}

        with self.assertRaisesRegex(UserError, "kept"), self.cr.savepoint():
            consents.create(values)
        with self.assertRaises(AccessError), self.cr.savepoint():
            consents.create({**values, "how": "portal"})
        paper = consents.create({**values, "reference": "Folder 12"})
        with self.assertRaises(AccessError):
            paper.given_at = "2020-01-01"

        self.assertEqual(paper.how, "office")

    def test_region_does_not_read_who_agreed(self):
        """R-000-34: the Region promotes; addresses are not its own."""
        region = new_test_user(self.env, "consent-region", groups="ecoupon.group_region")

        with self.assertRaises(AccessError):
            self.consents.with_user(region).search([])
        self.assertEqual(self.newsletter.with_user(region).recipient_count, 1)

    def test_records_of_another_company(self):
        """Consents, newsletters and results stay with their own office."""
        company = self.env["res.company"].create({"name": "Altra Regione"})
        elsewhere = new_test_user(
            self.env,
            "consent-elsewhere",
            groups="merchant_circuit.group_officer",
            company_id=company.id,
            company_ids=[Command.set(company.ids)],
        )

        for model in ("ecoupon.consent", "ecoupon.newsletter", "ecoupon.promotion.report"):
            with self.subTest(model):
                self.assertFalse(self.env[model].with_user(elsewhere).search([]))


@tagged("post_install", "-at_install")
class TestConsentPages(PromotionCase, HttpCase):
    def login(self):
        """Bruno, who has not agreed, logs in."""
        user = new_test_user(self.env, "bruno", groups="base.group_portal", password="bruno-password", lang="en_US")
        user.partner_id.email = "bruno@example.org"
        self.authenticate("bruno", "bruno-password")
        return user.partner_id

    def choose(self, wanted):
        """Press a button of the page."""
        token = self.url_open("/my/coupons/newsletter").text.split('name="csrf_token" value="')[1].split('"')[0]
        data = {"csrf_token": token, "circuit": self.circuit.id, "wanted": wanted}
        return self.url_open("/my/coupons/newsletter", data=data)

    def test_citizen_agrees_and_stops(self):
        """R-000-34: in the citizen's own area, for each circuit."""
        partner = self.login()

        self.choose("yes")
        given = self.consents._of(self.circuit, partner)
        self.choose("no")

        self.assertTrue(given)
        self.assertEqual(given.withdrawn_how, "portal")
        self.assertFalse(self.consents._of(self.circuit, partner))

    def test_page_needs_a_login(self):
        """R-000-34: nobody agrees for somebody else."""
        self.assertIn("/web/login", self.url_open("/my/coupons/newsletter").url)

    def test_link_asks_before_it_stops(self):
        """R-000-34: mail scanners look at every link; only the button withdraws, without login."""
        path = self.consent._stop_url().removeprefix(self.consent.get_base_url())

        looked = self.url_open(path)
        before = self.consent.withdrawn_at
        self.url_open(path, data={"List-Unsubscribe": "One-Click"})
        self.env.invalidate_all()

        self.assertEqual((looked.status_code, bool(before)), (200, False))
        self.assertEqual(self.consent.withdrawn_how, "link")

    def test_no_such_link(self):
        """Guesses find nothing."""
        for token in ("x", "0" * 200, "%00"):
            self.assertEqual(self.url_open(f"/coupons/newsletter/stop/{token}").status_code, 404)
