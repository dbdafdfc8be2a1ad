import json

from odoo.exceptions import AccessError, UserError
from odoo.tests import HttpCase, new_test_user, tagged

from odoo.addons.circuit_api.rules import schema
from odoo.addons.ecoupon.tests.entitlement_common import CODES
from odoo.addons.ecoupon.tests.wallet_common import WalletCase

from ..controllers.entitlements import DOCUMENT


@tagged("post_install", "-at_install")
class TestRewardApi(HttpCase, WalletCase):
    """A partner's program reports behaviours, each once."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.reporter = new_test_user(cls.env, "bike-company", groups="base.group_portal")
        cls.ride = cls.make_behaviour(
            name="Bike to work", code="BIKE", amount=2, evidence="api", reporter_ids=cls.reporter.partner_id.ids
        )
        cls.text = cls.key_for(cls.reporter.partner_id)

    @classmethod
    def key_for(cls, partner, user=None):
        """A key as the Region makes it."""
        wizard = cls.env["ecoupon.api.key.new"].with_user(user or cls.region)
        wizard = wizard.create({"name": "bikes", "partner_id": partner.id, "days": 30})
        return wizard._make()["context"]["default_key"]

    def report(self, text=None, **changes):
        """Report a ride of Anna."""
        body = {
            "circuit": str(self.circuit.id),
            "behaviour": "BIKE",
            "fiscal_code": CODES[0],
            "day": self.today.isoformat(),
            "reference": "ride-1",
            **changes,
        }
        self.env.flush_all()
        return self.opener.request(
            "POST",
            f"{self.base_url()}/ecoupon/v1/rewards",
            data=json.dumps(body),
            headers={"Content-Type": "application/json", "Authorization": f"Bearer {text or self.text}"},
            timeout=30,
        )

    def invalid(self, response, words):
        """The response says what is wrong."""
        self.assertEqual(response.status_code, 422, response.text)
        self.assertIn(words, response.text)

    def test_reported(self):
        """R-000-17: the wallet is credited once, however often the same occurrence is reported."""
        first, again = self.report(), self.report()

        self.assertEqual((first.status_code, again.status_code), (201, 200), first.text + again.text)
        self.assertEqual(first.json(), again.json())
        answer = DOCUMENT["components"]["schemas"]["Rewarded"]
        self.assertEqual(schema.problems(DOCUMENT, answer, first.json()), [])
        self.assertEqual((first.json()["status"], first.json()["amount"]), ("credited", "2.00"))
        reward = self.env["ecoupon.reward"].search([("behaviour_id", "=", self.ride.id)])
        self.assertEqual((reward.channel, reward.reporter_id), ("api", self.reporter.partner_id))
        self.assertEqual(self.held(), 2)

    def test_an_empty_budget_tells_nobody(self):
        """R-000-15, R-000-17: once the budget is used up, who is entitled and who is not get the same answer."""
        self.ride.budget = 2
        self.report()

        told = {self.report(fiscal_code=code, reference="ride-2").text for code in (CODES[0], CODES[3])}

        self.assertEqual(len(told), 1)
        self.assertIn("used up", told.pop())

    def test_the_reference_of_something_else(self):
        """R-000-17: another citizen or another day under a known reference is refused."""
        self.report()

        self.assertEqual(self.report(fiscal_code=CODES[3]).json()["code"], "KEY_CONFLICT")
        self.assertEqual(self.report(day="2026-01-02").status_code, 409)
        self.assertEqual(self.held(), 2)

    def test_what_is_not_rewarded(self):
        """R-000-15, R-000-17: a sentence; the same for who is unknown and who is not entitled."""
        self.ride.most_times = 1
        self.report()

        self.invalid(self.report(reference="ride-2"), "at most 1 times a year")
        self.invalid(self.report(reference="ride-3", fiscal_code=CODES[3]), "Nobody with a wallet")
        self.invalid(self.report(reference="ride-4", fiscal_code="RSSMRA80A01H501X"), "not valid")
        self.invalid(self.report(reference="ride-5", day="2026-02-31"), "no such day")
        self.invalid(self.report(reference="ride-6", behaviour="SWIM"), "no such behaviour")
        self.invalid(self.report(reference="two words"), "reference")
        self.entitlement.removed_at = self.later()
        self.invalid(self.report(reference="ride-7", day="2025-01-02"), "Nobody with a wallet")

    def test_only_partners_that_the_region_named(self):
        """R-000-17, R-000-18: by their key; who is no longer named reports nothing, and no key of another scope does."""
        self.assertEqual(self.report("x" * 40).status_code, 401)
        other = (
            self.env["res.users.apikeys"].with_user(self.region).sudo()._generate("ecoupon.entitlements", "t", False)
        )
        self.assertEqual(self.report(other).status_code, 401)
        self.ride.with_user(self.region).reporter_ids = [(5,)]
        self.assertEqual(self.report().status_code, 403)

    def test_who_makes_keys(self):
        """R-000-18: the Region, for partners that report something and have a login."""
        with self.assertRaises(AccessError):
            self.key_for(self.reporter.partner_id, self.officer)
        with self.assertRaisesRegex(UserError, "No behaviour names"):
            self.key_for(self.town)
        self.ride.with_user(self.region).reporter_ids = [(4, self.town.id)]
        with self.assertRaisesRegex(UserError, "no access to the portal"):
            self.key_for(self.town)

    def test_the_example_of_the_document(self):
        """R-000-17: it is what it says."""
        content = DOCUMENT["paths"]["/rewards"]["post"]["requestBody"]["content"]["application/json"]

        for example in content["examples"].values():
            self.assertEqual(schema.problems(DOCUMENT, content["schema"], example["value"]), [])
