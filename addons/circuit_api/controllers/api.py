"""The public contract for external tills and shops on the web. The OpenAPI document says which calls there are and
what they carry; who asks is read from the key, and merchant, company and activity are never named by the caller."""

import json
from datetime import datetime

from odoo import fields, http
from odoo.http import Response, request
from odoo.tools import file_open

from odoo.addons.merchant_circuit.rules.refusals import Code

from ..rules import contract, schema
from .dispatcher import CircuitApiDispatcher
from .problem import ProblemError, answer, problem

MAX_BODY = 32 * 1024
PREFIX = "/circuit/v1"
with file_open("circuit_api/data/openapi.json") as source:
    DOCUMENT = json.load(source)
CALLS = contract.operations(DOCUMENT)
#: Refusals of the till contract that HTTP has its own words for; every other one is an answer (200).
BY_HTTP = {
    Code.BAD_REQUEST: "INVALID",
    Code.BAD_AMOUNT: "INVALID",
    Code.KEY_CONFLICT: "KEY_CONFLICT",
    Code.KEY_USED: "KEY_USED",
    Code.TOO_MANY: "TOO_MANY",
}
#: Calls that make something: 201 where they did, so that a caller who looks at nothing else takes no refusal for money.
MAKING = ("authorize", "refund")
#: What an answer of the till contract may say outside.
TOLD = ("amount", "eligible", "balance", "account", "reference", "holder", "instrument")
#: What it says of some instruments only.
TOLD_OF_SOME = ("vat_treatment",)
REFUSED = ("code", "message", "limit", "until", "clause", "possible", "account", "left")


class CircuitApi(http.Controller):
    @http.route(
        [PREFIX, f"{PREFIX}/<anything:rest>"],
        type=CircuitApiDispatcher.routing_type,
        auth="none",
        save_session=False,
        readonly=False,
        max_content_length=MAX_BODY,
    )
    def call(self, rest=""):
        """Every call of the API (R-004-70): which one is found in the document.

        :param str rest: address after ``/circuit/v1``
        :return: Response, always JSON
        """
        headers = {}
        try:
            operation, names = self._operation(f"/{rest}" if rest else "")
            if operation.scope is None:
                return getattr(self, f"_{operation.name}")()
            caller = Caller(operation, headers)
            body = caller.body(operation)
            reply = getattr(self, f"_{operation.name}")(caller, body, **names)
            if operation.name not in MAKING or reply["status"] == "refused":
                return answer(reply, headers=headers)
            return answer(reply, 201, {**headers, "Location": f"{PREFIX}{operation.path}/{reply['key']}"})
        except ProblemError as error:
            return problem(request.env, error.code, error.detail, error.errors, headers | error.headers)

    @staticmethod
    def _operation(path):
        operation, names, methods = contract.match(CALLS, request.httprequest.method, path)
        if not methods:
            raise ProblemError("NOT_FOUND")
        if not operation:
            raise ProblemError("METHOD_NOT_ALLOWED", headers={"Allow": ", ".join(methods)})
        return operation, names

    # ------------------------------------------------------------------ calls

    @staticmethod
    def _openapi():
        with file_open("circuit_api/data/openapi.json", "rb") as document:
            return Response(document.read(), content_type="application/json; charset=utf-8")

    @staticmethod
    def _key(caller, _body):
        facts = caller.facts
        activities = caller.env["circuit.activity"].search([])
        return {
            "shop": facts.shop,
            "name": facts.name,
            "scopes": sorted(facts.scopes),
            "expires_at": instant(facts.expires_at),
            "requests_per_minute": facts.per_minute,
            "activities": [{"code": activity.code, "name": activity.name} for activity in activities],
        }

    @staticmethod
    def _identify(caller, body):
        reply = caller.till._lookup(caller.terminal, body["identifier"])
        return caller.told(reply) if reply["status"] == "refused" else reply

    @staticmethod
    def _authorize(caller, body):
        activities = caller.env["circuit.activity"]._by_code()
        lines = []
        for number, line in enumerate(body["lines"]):
            code = line.get("activity")
            if code is not None and code not in activities:
                message = caller.env._("There is no such activity; GET %s/key lists them.", PREFIX)
                raise ProblemError("INVALID", errors=[(f"lines.{number}.activity", message)])
            lines.append({"amount": line["amount"], "activity_id": activities.get(code)})
        wish = {
            "key": caller.key,
            "identifier": body["identifier"],
            "secret": body.get("secret", ""),
            "documents": body.get("documents"),
            "lines": lines,
            "requested": body.get("requested"),
            "order_ref": body["order_ref"],
        }
        return caller.told(caller.till._authorize(caller.terminal, wish))

    @staticmethod
    def _status(caller, _body, key):
        transaction = caller.till._own_payment(caller.terminal, key)
        if not transaction:
            raise ProblemError("UNKNOWN_KEY")
        return caller.told(transaction._till_reply())

    @staticmethod
    def _capture(caller, body, key):
        return caller.told(caller.till._confirm(caller.terminal, key, body["order_ref"], body["amount"]))

    @staticmethod
    def _void(caller, _body, key):
        if schema.problems(DOCUMENT, {"$ref": "#/components/schemas/Key"}, key):
            raise ProblemError("UNKNOWN_KEY")
        return caller.told(caller.till._annul(caller.terminal, key))

    @staticmethod
    def _refund(caller, body):
        wish = {**body, "key": caller.key}
        return caller.refunded(caller.till._give_back(caller.terminal, wish), body["origin_key"])

    @staticmethod
    def _refund_status(caller, _body, key):
        transaction = caller.till._own_payment(caller.terminal, key, "refund")
        if not transaction:
            raise ProblemError("UNKNOWN_KEY")
        return caller.refunded(transaction._till_reply(), transaction.origin_id.key)


class Caller:
    """Who asks, with a valid key that allows the call and has requests left."""

    def __init__(self, operation, headers):
        """Read the key of the request and count the request.

        :param Operation operation: the call
        :param dict headers: filled with what the answer tells of the key's rate
        :raise ProblemError: UNAUTHORIZED, TOO_MANY or FORBIDDEN
        """
        now = fields.Datetime.now()
        # sudo: the caller is nobody to Odoo; the key alone says for whom it may ask
        keys = request.env["circuit.api.key"].sudo()
        self.facts = keys._check(request.httprequest.headers.get("Authorization"), now)
        if not self.facts:
            raise ProblemError("UNAUTHORIZED", headers={"WWW-Authenticate": 'Bearer realm="circuit"'})
        self.env = self._environment(keys.env)
        allowance = self.env["circuit.api.rate"]._count(self.facts.id, self.facts.per_minute)
        headers["RateLimit-Limit"] = str(allowance.limit)
        headers["RateLimit-Remaining"] = str(allowance.left)
        headers["RateLimit-Reset"] = str(allowance.reset)
        if not allowance.allowed:
            raise ProblemError("TOO_MANY", headers={"Retry-After": str(allowance.reset)})
        if operation.scope and operation.scope not in self.facts.scopes:
            raise ProblemError("FORBIDDEN", self.env._("The key lacks the scope “%s”.", operation.scope))
        self.terminal = self.facts.terminal(now)
        self.key = None

    def _environment(self, env):
        """With the rights of the system, as the user that stands for all programs outside, in the shop's time."""
        user = env["ir.model.data"]._xmlid_to_res_id("circuit_api.user_api")
        context = {"allowed_company_ids": [self.facts.company_id], "tz": self.facts.tz}
        return env(user=user, su=True, context={**request.env.context, **context})

    @property
    def till(self):
        """The till contract."""
        return self.env["circuit.till"]

    def body(self, operation):
        """Read and check what was sent.

        :param Operation operation: the call
        :return: decoded body, None where the call has none
        :raise ProblemError: UNSUPPORTED_MEDIA_TYPE, MALFORMED or INVALID
        """
        sent, body = request.httprequest, None
        if operation.body is not None:
            if sent.mimetype != "application/json":
                raise ProblemError("UNSUPPORTED_MEDIA_TYPE")
            try:
                body = contract.decode(sent.get_data())
            except ValueError:
                raise ProblemError("MALFORMED") from None
        wrong = contract.check(DOCUMENT, operation, sent.headers, body)
        if wrong:
            raise ProblemError("INVALID", errors=[(field, self._sentence(*rest)) for field, *rest in wrong[:20]])
        self.key = sent.headers.get("Idempotency-Key")
        return body

    def _sentence(self, keyword, argument):
        """What is wrong with a field."""
        _ = self.env._
        return {
            "required": _("This field is missing."),
            "additionalProperties": _("There is no such field."),
            "type": _("This must be of type %s.", argument),
            "enum": _("This must be one of: %s.", argument),
            "pattern": _("This must match %s.", argument),
            "minLength": _("At least %s characters.", argument),
            "maxLength": _("At most %s characters.", argument),
            "minItems": _("At least %s of them.", argument),
            "maxItems": _("At most %s of them.", argument),
        }[keyword]

    def told(self, reply):
        """An answer of the till contract in the words of the document.

        :param dict reply: of ``circuit.till``
        :return: dict
        :raise ProblemError: a code that HTTP has its own word for
        """
        code = reply.get("code")
        if code == Code.NO_ORIGIN and "status" not in reply:
            raise ProblemError("UNKNOWN_KEY")
        if code and ("status" not in reply or code in BY_HTTP):
            headers = {"Retry-After": str(seconds_until(reply.get("until")))} if code == "TOO_MANY" else {}
            raise ProblemError(BY_HTTP.get(code, code), reply.get("message"), headers=headers)
        body = {"status": reply["status"]}
        if reply.get("key") or self.key:
            body["key"] = reply.get("key") or self.key.lower()
        if reply["status"] == "refused":
            return body | {name: reply[name] for name in REFUSED if reply.get(name) is not None}
        if "amount" in reply:
            body |= {name: reply[name] for name in TOLD_OF_SOME if name in reply}
            body |= {name: reply[name] for name in TOLD} | {
                "currency": self.facts.currency,
                "expires_at": reply["expires_at"],
            }
        return body

    def refunded(self, reply, origin_key):
        """An answer about a refund: what went back, and what is left on the card's account.

        :param dict reply: of ``circuit.till``
        :param str origin_key: key of the payment
        :return: dict
        """
        body = self.told(reply)
        body["origin_key"] = origin_key.lower()
        if body["status"] == "captured":
            body["status"] = "refunded"
        body.pop("eligible", None)
        body.pop("expires_at", None)
        return body


def instant(moment):
    """An instant of the database as RFC 3339 writes it.

    :param datetime moment: naive UTC, or None
    :return: str or None
    """
    return f"{moment:%Y-%m-%dT%H:%M:%SZ}" if isinstance(moment, datetime) else None


def seconds_until(text):
    """How long a caller has to wait.

    :param str text: instant as the till contract writes it, or None
    :return: seconds, at least 1
    """
    if not text:
        return 1
    then = datetime.fromisoformat(text).replace(tzinfo=None)
    return max(1, int((then - fields.Datetime.now()).total_seconds()) + 1)
