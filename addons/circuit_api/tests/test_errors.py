import json
from unittest.mock import patch
from uuid import uuid4

from psycopg2 import OperationalError

from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import CARD, ApiCase


@tagged("post_install", "-at_install")
class TestErrors(ApiCase):
    def refused(self, body, **headers):
        """Status and code of an authorisation with a strange body."""
        response = self.call("POST", "/authorizations", body, **{"Idempotency_Key": str(uuid4()), **headers})
        return response.status_code, response.json().get("code")

    def test_a_field_that_is_wrong_is_named(self):
        """R-004-70: nothing is guessed, nothing is ignored."""
        wrong = {
            "order_ref": {"order_ref": 7},
            "lines": {"lines": []},
            "lines.0.amount": {"lines": [{"amount": "0"}]},
            "lines.1.amount": {"lines": [{"amount": "1"}, {"amount": 1.5}]},
            "lines.0.activity_id": {"lines": [{"amount": "1.00", "activity_id": 1}]},
            "requested": {"requested": "1e3"},
            "documents.identity": {"documents": {"health_card": True, "identity": "yes"}},
            "identifier": {"identifier": "X" * 65},
            "merchant": {"merchant": 1},
        }
        for field, changes in wrong.items():
            with self.subTest(field):
                problem = self.assertProblem(self.pay(**changes), 422, "INVALID")
                self.assertEqual([error["field"] for error in problem["errors"]], [field])
        self.assertEqual(self.refused([CARD]), (422, "INVALID"))
        self.assertEqual(self.refused({}), (422, "INVALID"))

    def test_the_idempotency_key_is_a_uuid(self):
        """R-004-76: without one a repeated call could debit twice."""
        for header in ({}, {"Idempotency_Key": "1"}, {"Idempotency_Key": f"{uuid4()}x"}):
            with self.subTest(header):
                response = self.call("POST", "/authorizations", CARD, **header)
                problem = self.assertProblem(response, 422, "INVALID")
                self.assertEqual(problem["errors"][0]["field"], "Idempotency-Key")

    def test_what_is_not_json_is_refused(self):
        """Strictly: what two readers could understand differently is no request."""
        bodies = {
            "text": b"identifier=CARD",
            "empty": b"",
            "NaN": b'{"identifier": NaN}',
            "twice": b'{"identifier": "A", "identifier": "B"}',
            "latin-1": '{"identifier": "é"}'.encode("latin-1"),
            "half a character": b'{"identifier": "\\ud800"}',
            "deep": b"[" * 30_000,
            "long number": b'{"identifier": ' + b"9" * 30_000 + b"}",
        }
        for name, body in bodies.items():
            with self.subTest(name):
                self.assertEqual(self.refused(body), (400, "MALFORMED"))

    def test_other_types_of_content_are_refused(self):
        """415."""
        for kind in ("text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", ""):
            with self.subTest(kind):
                self.assertEqual(
                    self.refused(json.dumps(CARD).encode(), Content_Type=kind), (415, "UNSUPPORTED_MEDIA_TYPE")
                )

    def test_large_bodies_are_refused(self):
        """413, before they are read."""
        self.assertEqual(self.refused(b" " * 40_000), (413, "TOO_LARGE"))

    def test_other_methods_are_refused(self):
        """405, with what the address knows."""
        response = self.call("DELETE", f"/authorizations/{uuid4()}")

        self.assertProblem(response, 405, "METHOD_NOT_ALLOWED")
        self.assertEqual(response.headers["Allow"], "GET")
        self.assertEqual(self.call("OPTIONS", "/authorizations").status_code, 405)

    def test_other_addresses_are_not_found(self):
        """404 in JSON, never a page of Odoo."""
        for path in (
            "",
            "/",
            "/nothing",
            "/authorizations/",
            f"/authorizations/{uuid4()}/merchants",
            "/key/1",
            "/%00",
            "/a%2fb",
            "/authorizations/%0a%c3%b7/more/void",
            "/line%0abreak%0a",
        ):
            with self.subTest(path):
                self.assertProblem(self.call("GET", path), 404, "NOT_FOUND")

    def test_a_browser_of_another_site_is_not_helped(self):
        """Server to server: no CORS, no cookie, nothing kept by proxies."""
        response = self.call("GET", "/key", Origin="https://evil.example")

        self.assertNotIn("Access-Control-Allow-Origin", response.headers)
        self.assertNotIn("Set-Cookie", response.headers)
        self.assertEqual(response.headers["Cache-Control"], "no-store")

    def test_a_failure_of_ours_shows_nothing(self):
        """500 and 503 as problems: no trace, no page."""
        till = type(self.env["circuit.till"])
        for error, expected in (
            (ZeroDivisionError("secret"), (500, "INTERNAL")),
            (OperationalError("x"), (503, "BUSY")),
        ):
            with (
                self.subTest(expected),
                patch.object(till, "_authorize", side_effect=error),
                mute_logger("odoo.http", "odoo.service.model"),
            ):
                response = self.pay()
                self.assertProblem(response, *expected)
                self.assertNotIn("secret", response.text)
