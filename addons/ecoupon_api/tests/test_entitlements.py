import json
from unittest.mock import patch

from odoo.tests import HttpCase, tagged

from odoo.addons.circuit_api.rules import schema
from odoo.addons.ecoupon.models import ecoupon_entitlement_list_apply
from odoo.addons.ecoupon.rules import person
from odoo.addons.ecoupon.tests.entitlement_common import CODES, EntitlementCase

from ..controllers.entitlements import CALLS, DOCUMENT, SCOPE, EntitlementApi

ANNA = {"fiscal_code": CODES[0], "policy": "TRDA", "from": "2026-01-01"}


@tagged("post_install", "-at_install")
class TestEntitlementApi(HttpCase, EntitlementCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.text = cls.key_of(cls.region)

    @classmethod
    def key_of(cls, user, scope=SCOPE):
        """An API key of a user."""
        return cls.env["res.users.apikeys"].with_user(user).sudo()._generate(scope, "test", False)

    def call(self, method, path, body=None, text=None, **headers):
        """Call the API."""
        headers = {name.replace("_", "-"): value for name, value in headers.items()}
        if text != "":
            headers["Authorization"] = f"Bearer {text or self.text}"
        if body is not None:
            headers.setdefault("Content-Type", "application/json")
        self.env.flush_all()
        data = body if isinstance(body, bytes | None) else json.dumps(body)
        return self.opener.request(
            method, f"{self.base_url()}/ecoupon/v1{path}", data=data, headers=headers, timeout=30
        )

    def deliver(self, *people, key="list-0001", text=None, **changes):
        """Deliver a list."""
        body = {"circuit": str(self.circuit.id), "mode": "change", "people": list(people), **changes}
        return self.call("POST", "/entitlement-lists", body, text, Idempotency_Key=key)

    def assertProblem(self, response, status, code):  # noqa: N802
        """The response is a problem and nothing else."""
        self.assertEqual((response.status_code, response.headers["Content-Type"]), (status, "application/problem+json"))
        self.assertEqual(response.json()["code"], code)
        return response.json()

    def test_delivered(self):
        """R-000-31: a list by API takes effect at once, in the name of the key's user."""
        self.prove()

        response = self.deliver(ANNA)

        self.assertEqual(response.status_code, 201, response.text)
        told = response.json()
        self.assertEqual((told["status"], told["rows"], told["added"], told["removed"]), ("applied", 1, 1, 0))
        self.assertTrue(self.holds())
        record = self.env["ecoupon.entitlement.list"].search([("reference", "=", "list-0001")])
        self.assertEqual((record.channel, record.applied_by_id), ("api", self.region))

    def test_ended(self):
        """R-000-31: end dates by API."""
        self.prove()
        self.deliver(ANNA)

        ended = self.deliver(
            {"fiscal_code": CODES[0], "policy": "TRDA", "to": "2026-06-30", "action": "remove"}, key="list-0002"
        )
        self.assertEqual(ended.json()["changed"], 1)
        self.assertTrue(self.holds())

    def test_removed(self):
        """R-000-31: who is taken off by API is entitled no longer."""
        self.prove()
        self.deliver(ANNA)

        removed = self.deliver({"fiscal_code": CODES[0], "policy": "TRDA", "action": "remove"}, key="list-0002")

        self.assertEqual((removed.status_code, removed.json()["removed"]), (201, 1))
        self.assertFalse(self.holds())

    def test_whole_list(self):
        """R-000-31: the whole list by API."""
        self.deliver(ANNA)

        response = self.deliver(
            {"fiscal_code": CODES[2], "from": "2026-01-01"}, key="list-0002", mode="full", policy="trda"
        )

        self.assertEqual((response.json()["added"], response.json()["removed"]), (1, 1))

    def test_twice_is_once(self):
        """R-000-31: a repeated request is not applied again, and another one under its key is refused."""
        first = self.deliver(ANNA)

        again = self.deliver(ANNA)

        self.assertEqual((again.status_code, again.json()), (201, first.json()))
        self.assertEqual(self.env["ecoupon.entitlement.list"].search_count([("reference", "=", "list-0001")]), 1)
        self.assertProblem(self.deliver({**ANNA, "from": "2026-02-01"}), 409, "KEY_CONFLICT")

    def test_mistakes(self):
        """R-000-31: each mistake is told with the person it is in; nothing is applied, nothing is left."""
        response = self.deliver(
            ANNA,
            {**ANNA, "fiscal_code": "TSTMRA80A01H501A"},
            {**ANNA, "policy": "NONE"},
            ANNA,
            {**ANNA, "fiscal_code": CODES[2], "from": "2026-02-01", "to": "2026-01-01"},
        )

        errors = self.assertProblem(response, 422, "INVALID")["errors"]
        self.assertEqual([error["field"] for error in errors], ["people.1", "people.2", "people.3", "people.4"])
        self.assertNotIn("TSTMRA80A01H501A", response.text)
        self.assertFalse(self.env["ecoupon.entitlement"].search([("circuit_id", "=", self.circuit.id)]))
        self.assertFalse(self.env["ecoupon.entitlement.list"].search([("circuit_id", "=", self.circuit.id)]))

    def test_a_policy_is_named_by_its_whole_code(self):
        """R-000-31: signs that stand for others in a search are none in a code."""
        for policy in ("%", "T___", "TRD_"):
            with self.subTest(policy):
                response = self.deliver(ANNA, mode="full", policy=policy)
                errors = self.assertProblem(response, 422, "INVALID")["errors"]
                self.assertEqual([error["field"] for error in errors], ["policy"])
        self.assertProblem(self.deliver(ANNA, policy="TRDA\0"), 422, "INVALID")
        self.policy.code = " trda  2 "
        self.assertEqual(self.policy.code, "TRDA 2")
        self.assertEqual(self.deliver({**ANNA, "policy": "TRDA 2"}, policy="trda 2").status_code, 201)

    def test_characters(self):
        """R-000-31: signs that no database keeps are told with their person."""
        errors = self.assertProblem(self.deliver({**ANNA, "policy": "TR\x01DA"}), 422, "INVALID")["errors"]

        self.assertIn("people.0", errors[0]["field"])

    def test_hash_of_another_key(self):
        """R-000-31: hashes made with another key are refused."""
        secret = "k" * 40
        key = self.env["ecoupon.entitlement.key"]._make(self.circuit, "Region 2026", secret)
        one = {
            "hash": person.keyed_hash(secret, CODES[0]),
            "key": "Region 2026",
            "policy": "TRDA",
            "from": "2026-01-01",
        }

        wrong = self.deliver({**one, "check": person.check_value("other")})
        right = self.deliver({**one, "check": key.check_value})

        self.assertRegex(self.assertProblem(wrong, 422, "INVALID")["errors"][0]["message"], "another key")
        self.assertEqual(right.status_code, 201)

    def test_background(self):
        """R-000-31: a long list is taken and applied later; its status can be asked for."""
        with patch.object(ecoupon_entitlement_list_apply, "DIRECT_ROWS", 0):
            response = self.deliver(ANNA)

        self.assertEqual((response.status_code, response.json()["status"]), (202, "queued"))
        status = self.call("GET", response.headers["Location"].removeprefix("/ecoupon/v1"))
        self.assertEqual((status.status_code, status.json()["status"]), (200, "queued"))
        self.assertProblem(self.call("GET", "/entitlement-lists/nothing-here"), 404, "UNKNOWN_KEY")

    def test_circuits(self):
        """R-000-32: policies and keys as lists name them; no secret among them."""
        self.env["ecoupon.entitlement.key"]._make(self.circuit, "Region 2026", "k" * 40)

        told = self.call("GET", "/circuits").json()["circuits"]

        [mine] = [one for one in told if one["circuit"] == str(self.circuit.id)]
        self.assertIn({"code": "TRDA", "name": "Reddito di Autonomia"}, mine["policies"])
        self.assertEqual(mine["keys"], [{"name": "Region 2026", "check": person.check_value("k" * 40)}])

    def test_who_may(self):
        """R-000-31, R-000-12: only keys of the Region's users, made for this API."""
        self.assertProblem(self.deliver(ANNA, text=""), 401, "UNAUTHORIZED")
        self.assertProblem(self.deliver(ANNA, text="x" * 40), 401, "UNAUTHORIZED")
        self.assertProblem(self.deliver(ANNA, text=self.key_of(self.region, "rpc")), 401, "UNAUTHORIZED")
        for user in (self.officer, self.citizen):
            self.assertProblem(self.deliver(ANNA, text=self.key_of(user)), 403, "FORBIDDEN")
        self.assertFalse(self.env["ecoupon.entitlement"].search([("circuit_id", "=", self.circuit.id)]))

    def test_bad_requests(self):
        """R-000-31: what is no list is answered with a problem."""
        path = "/entitlement-lists"
        headers = {"Idempotency_Key": "list-0001"}
        self.assertProblem(self.call("POST", path, b"{", **headers), 400, "MALFORMED")
        self.assertProblem(
            self.call("POST", path, b"{}", Content_Type="text/plain", **headers), 415, "UNSUPPORTED_MEDIA_TYPE"
        )
        self.assertProblem(self.call("POST", path, {}, **headers), 422, "INVALID")
        self.assertProblem(self.deliver(), 422, "INVALID")
        self.assertProblem(self.deliver({**ANNA, "more": 1}), 422, "INVALID")
        self.assertProblem(self.deliver(ANNA, circuit="999999999"), 422, "INVALID")
        self.assertProblem(self.deliver(ANNA, policy="NONE"), 422, "INVALID")
        self.assertProblem(self.deliver(ANNA, key="x"), 422, "INVALID")
        self.assertProblem(self.call("GET", "/people"), 404, "NOT_FOUND")
        self.assertProblem(self.call("DELETE", path), 405, "METHOD_NOT_ALLOWED")

    def test_document(self):
        """R-000-31: the document is the contract: every call exists, every example is accepted."""
        served = self.call("GET", "/openapi.json", text="")
        self.assertEqual((served.status_code, served.json()), (200, DOCUMENT))
        for call in CALLS:
            self.assertTrue(callable(getattr(EntitlementApi, f"_{call.name}")))
        content = DOCUMENT["paths"]["/entitlement-lists"]["post"]["requestBody"]["content"]["application/json"]
        for example in content["examples"].values():
            self.assertEqual(schema.problems(DOCUMENT, content["schema"], example["value"]), [])

    def test_key_of_the_region(self):
        """R-000-31: a user of the Region makes a key that opens these calls and nothing else."""
        wizard = self.env["ecoupon.api.key.new"].with_user(self.region).create({"name": "Register"})

        text = wizard._make()["context"]["default_key"]

        self.assertEqual(self.call("GET", "/circuits", text=text).status_code, 200)
        keys = self.env["res.users.apikeys"]
        self.assertFalse(keys._check_credentials(scope="rpc", key=text))
