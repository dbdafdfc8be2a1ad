from odoo import fields, http
from odoo.exceptions import AccessError, ValidationError
from odoo.tests import HttpCase, new_test_user, tagged

from .common import TillCase


@tagged("post_install", "-at_install")
class TestOffer(TillCase, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        user = new_test_user(cls.env, "shop-user", groups="base.group_portal", password="shop-password")
        user.sudo().merchant_id = cls.merchant
        cls.foreign = cls.env["circuit.offer"].create(
            {"agreement_id": cls.other_agreement.id, "name": "Nails at half price"}
        )

    def setUp(self):
        super().setUp()
        self.authenticate("shop-user", "shop-password")

    def post(self, address, **data):
        """Send a form as the browser does."""
        data["csrf_token"] = http.Request.csrf_token(self)
        return self.url_open(address, data=data)

    def own(self):
        """Advantages of the merchant."""
        return self.env["circuit.offer"].search([("merchant_id", "=", self.merchant.id)])

    def test_a_merchant_publishes_an_advantage(self):
        """R-004-104: title, text and dates from the merchant's own area, at once in the public list."""
        self.post(
            "/merchant/offers/new", name="10% off on bread", text="On Mondays", date_from="2024-01-01", date_to=""
        )

        offer = self.own()
        self.assertEqual((offer.name, offer.text, offer.state), ("10% off on bread", "On Mondays", "published"))
        self.assertIn(offer, self.circuit._offers_on(fields.Date.today()))
        self.assertIn("10% off on bread", self.url_open("/merchant/offers").text)

    def test_a_merchant_changes_and_withdraws_its_own(self):
        """R-004-104."""
        self.post("/merchant/offers/new", name="10% off", text="", date_from="2024-01-01", date_to="")
        offer = self.own()
        self.post(f"/merchant/offers/{offer.id}", name="20% off", text="", date_from="2024-01-01", date_to="2099-12-31")
        changed = offer.name
        self.post(f"/merchant/offers/{offer.id}/withdraw")

        self.assertEqual((changed, offer.state), ("20% off", "withdrawn"))
        self.assertFalse(self.circuit._offers_on(fields.Date.today()) & offer)

    def test_another_merchants_advantage_is_not_found(self):
        """R-004-104: a merchant edits only its own."""
        for address in (f"/merchant/offers/{self.foreign.id}", "/merchant/offers/99999999"):
            with self.subTest(address):
                self.assertEqual(self.url_open(address).status_code, 404)
                self.assertEqual(self.post(address, name="Mine now", date_from="2024-01-01").status_code, 404)
        self.assertEqual(self.post(f"/merchant/offers/{self.foreign.id}/withdraw").status_code, 404)
        self.assertEqual((self.foreign.name, self.foreign.state), ("Nails at half price", "published"))

    def test_another_merchants_agreement_is_refused(self):
        """R-004-104: an advantage is published for one's own shop."""
        self.post(
            "/merchant/offers/new", name="x", text="", date_from="2024-01-01", agreement_id=self.other_agreement.id
        )

        self.assertFalse(self.own())
        self.assertEqual(self.env["circuit.offer"].search_count([("merchant_id", "=", self.other_merchant.id)]), 1)

    def test_bad_input_publishes_nothing(self):
        """Clear words, nothing half-written."""
        good = {"name": "10% off", "text": "", "date_from": "2024-01-01", "date_to": ""}
        cases = (
            {"name": "  "},
            {"name": "x" * 81},
            {"text": "x" * 601},
            {"date_from": "31/12/2024"},
            {"date_from": "2024-02-30"},
            {"date_from": ""},
            {"date_from": "0001-01-01"},
            {"date_to": "2023-12-31"},
            {"date_to": "soon"},
        )
        for change in cases:
            with self.subTest(change):
                page = self.post("/merchant/offers/new", **{**good, **change})
                self.assertEqual(page.status_code, 200)
                self.assertIn('role="alert"', page.text)
        self.assertFalse(self.own())

    def test_staff_approve_first_where_the_circuit_says_so(self):
        """R-004-104: moderation is a parameter of the circuit."""
        self.circuit.moderate_offers = True
        officer = new_test_user(self.env, "officer", groups="merchant_circuit.group_officer")
        self.post("/merchant/offers/new", name="10% off", text="", date_from="2024-01-01", date_to="")
        offer = self.own()
        today = fields.Date.today()
        before = self.circuit._offers_on(today) & offer
        offer.with_user(officer).action_approve()
        after = self.circuit._offers_on(today) & offer
        self.post(f"/merchant/offers/{offer.id}", name="90% off", text="", date_from="2024-01-01", date_to="")

        self.assertEqual((before, after, offer.state), (offer.browse(), offer, "waiting"))

    def test_without_an_agreement_nothing_is_published(self):
        """R-004-104: operators that joined."""
        self.agreement.action_end()

        page = self.post("/merchant/offers/new", name="10% off", text="", date_from="2024-01-01", date_to="")

        self.assertIn('role="alert"', page.text)
        self.assertFalse(self.own())

    def test_who_is_no_merchant_finds_no_page(self):
        """Default deny."""
        new_test_user(self.env, "citizen", groups="base.group_portal", password="citizen-password")
        self.authenticate("citizen", "citizen-password")

        for address in (
            "/merchant/offers",
            "/merchant/offers/new",
            f"/merchant/offers/{self.foreign.id}",
            "/merchant/help",
        ):
            with self.subTest(address):
                self.assertEqual(self.url_open(address).status_code, 404)

    def test_rights_on_the_model(self):
        """R-004-104: no merchant, citizen or employee writes past the pages; the state has its buttons."""
        for group in ("base.group_user", "base.group_portal"):
            user = new_test_user(self.env, f"offer-{group}", groups=group)
            with self.subTest(group), self.assertRaises(AccessError):
                self.foreign.with_user(user).read(["name"])
        officer = new_test_user(self.env, "officer-3", groups="merchant_circuit.group_officer")
        with self.assertRaises(AccessError):
            self.foreign.with_user(officer).write({"state": "refused"})
        with self.assertRaises(ValidationError):
            self.foreign.with_user(officer).write({"name": " "})

    def test_another_municipality_sees_no_advantage(self):
        """R-003-08."""
        company = self.env["res.company"].create({"name": "Comune di Viggiano"})
        stranger = new_test_user(
            self.env,
            "officer-4",
            groups="merchant_circuit.group_officer",
            company_id=company.id,
            company_ids=[(6, 0, company.ids)],
        )
        self.assertFalse(self.env["circuit.offer"].with_user(stranger).search([]))
