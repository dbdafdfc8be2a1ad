import json
from uuid import uuid4

from odoo.tests import HttpCase, new_test_user

from odoo.addons.merchant_circuit.tests.common import SECRET, TillCase

from ..models.circuit_api_key import SCOPES

CARD = {"identifier": "CARD", "secret": SECRET, "order_ref": "order-1", "lines": [{"amount": "30.00"}]}


class ApiCase(TillCase, HttpCase):
    """Two merchants with a key each, and an account of 41.25 that may pay half of a purchase."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.keys = cls.env["circuit.api.key"]
        cls.key, cls.text = cls.keys._issue(cls.merchant, "Web shop", SCOPES)
        cls.other_key, cls.other_text = cls.keys._issue(cls.other_merchant, "Other shop", SCOPES)
        cls.officer = new_test_user(cls.env, "api-officer", groups="merchant_circuit.group_officer")

    def call(self, method, path, body=None, text=None, **headers):
        """Call the API.

        :param body: what is sent as JSON, bytes as they are, None nothing
        :param str text: API key; "" none
        :return: requests.Response
        """
        text = self.text if text is None else text
        headers = {name.replace("_", "-"): value for name, value in headers.items()}
        if text:
            headers.setdefault("Authorization", f"Bearer {text}")
        if body is not None:
            headers.setdefault("Content-Type", "application/json")
        data = body if body is None or isinstance(body, bytes) else json.dumps(body)
        self.env.flush_all()
        return self.opener.request(
            method, f"{self.base_url()}/circuit/v1{path}", data=data, headers=headers, timeout=30, allow_redirects=False
        )

    def pay(self, key=None, text=None, lang="en", **changes):
        """Authorise the common purchase over the API and return the response."""
        return self.call(
            "POST",
            "/authorizations",
            {**CARD, **changes},
            text,
            Idempotency_Key=key or str(uuid4()),
            Accept_Language=lang,
        )

    def settle(self, paid, text=None, **changes):
        """Capture what was authorised and return the response."""
        body = {"order_ref": "order-1", "amount": paid["amount"], **changes}
        return self.call("POST", f"/authorizations/{paid['key']}/capture", body, text)

    def assertProblem(self, response, status, code):  # noqa: N802
        """The response is a problem and nothing else."""
        self.assertEqual((response.status_code, response.headers["Content-Type"]), (status, "application/problem+json"))
        problem = response.json()
        self.assertEqual((problem["status"], problem["code"]), (status, code))
        self.assertEqual(problem["type"], f"urn:civic-circuit:problem:{code.lower().replace('_', '-')}")
        self.assertNotIn("Traceback", response.text)
        return problem
