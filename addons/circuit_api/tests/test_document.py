from odoo.tests import TransactionCase, tagged

from odoo.addons.merchant_circuit.rules.refusals import Code

from ..controllers.api import CALLS, DOCUMENT, REFUSED, CircuitApi
from ..controllers.problem import PROBLEMS
from ..models.circuit_api_key import SCOPES
from ..rules import schema


@tagged("post_install", "-at_install")
class TestDocument(TransactionCase):
    def test_every_call_of_the_document_exists(self):
        """R-004-70: the document is the contract."""
        for call in CALLS:
            with self.subTest(call.name):
                self.assertTrue(callable(getattr(CircuitApi, f"_{call.name}")))
                self.assertTrue(call.scope is None or call.scope == "" or call.scope in SCOPES)
        self.assertEqual({call.scope for call in CALLS} - {None, ""}, set(SCOPES))

    def test_every_problem_is_in_the_document(self):
        """R-004-70: code and status."""
        documented = {
            example["value"]["code"]: example["value"]["status"]
            for response in DOCUMENT["components"]["responses"].values()
            for example in response["content"]["application/problem+json"]["examples"].values()
        }
        here = {code: status for code, (status, _title) in PROBLEMS.items()}

        self.assertEqual(documented.items() - here.items(), set())
        # what no documented call answers
        self.assertEqual(here.keys() - documented.keys(), {"NOT_FOUND", "METHOD_NOT_ALLOWED"})
        self.assertEqual(set(DOCUMENT["components"]["schemas"]["Problem"]["properties"]["code"]["enum"]), here.keys())

    def test_the_examples_of_the_requests_are_accepted(self):
        """R-004-70: what a reader copies works."""
        for path, item in DOCUMENT["paths"].items():
            for operation in item.values():
                content = operation.get("requestBody", {}).get("content", {}).get("application/json")
                for name, example in (content or {}).get("examples", {}).items():
                    with self.subTest(path=path, example=name):
                        self.assertEqual(schema.problems(DOCUMENT, content["schema"], example["value"]), [])

    def test_a_refusal_says_nothing_else(self):
        """R-004-76: what a refusal may carry is in the document, and its code has the documented form."""
        documented = DOCUMENT["components"]["schemas"]["Refused"]["properties"]

        self.assertEqual(set(REFUSED) | {"status", "key", "origin_key"}, documented.keys())
        for code in Code:
            self.assertRegex(code, documented["code"]["pattern"])
