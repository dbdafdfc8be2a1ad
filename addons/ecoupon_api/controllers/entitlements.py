"""Lists of entitled people from the Region's own systems. The OpenAPI document says which calls there are and what
they carry; in whose name is read from the key."""

import hashlib
import json
import re

from psycopg2.errors import UniqueViolation

from odoo import http
from odoo.http import Response, request
from odoo.tools import file_open, mute_logger

from odoo.addons.circuit_api.controllers.api import Caller
from odoo.addons.circuit_api.controllers.dispatcher import CircuitApiDispatcher
from odoo.addons.circuit_api.controllers.problem import ProblemError, answer, problem
from odoo.addons.circuit_api.rules import contract

from .rewards import REWARD_SCOPE, RewardCalls

PREFIX = "/ecoupon/v1"
MAX_BODY = 32 * 1024 * 1024
#: Of the API keys of Odoo's users.
SCOPE = "ecoupon.entitlements"
_BEARER = re.compile(r"bearer +([!-~]{20,200}) *", re.ASCII | re.IGNORECASE)
with file_open("ecoupon_api/data/openapi.json") as source:
    DOCUMENT = json.load(source)
CALLS = contract.operations(DOCUMENT)


class EntitlementApi(RewardCalls, http.Controller):
    @http.route(
        [PREFIX, f"{PREFIX}/<anything:rest>"],
        type=CircuitApiDispatcher.routing_type,
        auth="none",
        save_session=False,
        readonly=False,
        max_content_length=MAX_BODY,
    )
    def call(self, rest=""):
        """Every call (R-000-31): which one is found in the document.

        :param str rest: address after ``/ecoupon/v1``
        :return: Response, always JSON
        """
        try:
            operation, names, methods = contract.match(CALLS, request.httprequest.method, f"/{rest}" if rest else "")
            if not methods:
                raise ProblemError("NOT_FOUND")
            if not operation:
                raise ProblemError("METHOD_NOT_ALLOWED", headers={"Allow": ", ".join(methods)})
            if operation.scope is None:
                return getattr(self, f"_{operation.name}")()
            caller = CALLERS[operation.scope]()
            return getattr(self, f"_{operation.name}")(caller, caller.body(operation), **names)
        except ProblemError as error:
            return problem(request.env, error.code, error.detail, error.errors, error.headers)

    @staticmethod
    def _openapi():
        with file_open("ecoupon_api/data/openapi.json", "rb") as document:
            return Response(document.read(), content_type="application/json; charset=utf-8")

    @staticmethod
    def _circuits(caller, _body):
        policies = caller.env["ecoupon.policy"]
        found = []
        for circuit in caller.env["circuit.circuit"].search([]):
            keys = caller.env["ecoupon.entitlement.key"].search([("circuit_id", "=", circuit.id), ("own", "=", False)])
            mine = policies.search([("company_id", "=", circuit.company_id.id)])
            found.append(
                {
                    "circuit": str(circuit.id),
                    "name": circuit.name,
                    "policies": [{"code": policy.code, "name": policy.name} for policy in mine],
                    "keys": [{"name": key.name, "check": key.check_value} for key in keys],
                }
            )
        return answer({"circuits": found})

    @staticmethod
    def _deliver(caller, body):
        env, digest = caller.env, hashlib.sha256(request.httprequest.get_data()).hexdigest()
        circuit = env["circuit.circuit"].search([("id", "=", int(body["circuit"]))])
        if not circuit:
            raise ProblemError("INVALID", errors=[("circuit", env._("There is no such circuit."))])
        lists = env["ecoupon.entitlement.list"]
        record = lists.search([("circuit_id", "=", circuit.id), ("reference", "=", caller.key)])
        if record:
            if record.file_digest != digest:
                raise ProblemError("KEY_CONFLICT")
            return caller.told(record)
        wish = {"mode": body["mode"], "people": body["people"]}
        if "policy" in body:
            domain = [
                ("company_id", "=", circuit.company_id.id),
                ("code", "=", env["ecoupon.policy"]._clean(body["policy"])),
            ]
            wish["policy_id"] = env["ecoupon.policy"].search(domain, limit=1).id
            if not wish["policy_id"]:
                raise ProblemError("INVALID", errors=[("policy", env._("There is no such policy."))])
        try:
            with mute_logger("odoo.sql_db"), env.cr.savepoint():
                record, mistakes = lists._deliver(circuit, wish, caller.key, digest)
        except UniqueViolation:
            # the same request at the same instant: the other one wins, and answers the repetition
            raise ProblemError("BUSY", headers={"Retry-After": "1"}) from None
        if mistakes:
            raise ProblemError("INVALID", errors=[(f"people.{index}", sentence) for index, sentence in mistakes])
        return caller.told(record)

    @staticmethod
    def _status(caller, _body, key):
        record = caller.env["ecoupon.entitlement.list"].search([("reference", "=", key)], limit=1)
        if not record:
            raise ProblemError("UNKNOWN_KEY", caller.env._("No list was delivered with this key."))
        return answer(record._told())


class RegionCaller:
    """Who asks: a user of the Region, by an API key; with the rights of that user and no more."""

    key_scope = SCOPE

    def __init__(self):
        """Read the key of the request.

        :raise ProblemError: UNAUTHORIZED or FORBIDDEN
        """
        match = _BEARER.fullmatch(request.httprequest.headers.get("Authorization") or "")
        # sudo: the caller is nobody to Odoo; the key alone says who it is
        env = request.env["res.users.apikeys"].sudo().env
        uid = match and env["res.users.apikeys"]._check_credentials(scope=self.key_scope, key=match[1])
        if not uid:
            raise ProblemError("UNAUTHORIZED", headers={"WWW-Authenticate": 'Bearer realm="ecoupon"'})
        user = env["res.users"].browse(uid)
        context = {**request.env.context, "allowed_company_ids": user.company_ids.ids, "tz": user.tz}
        self.env = env(user=uid, su=False, context=context)
        self.check()
        self.key = None

    def check(self):
        """Whether the key's user may ask.

        :raise ProblemError: FORBIDDEN
        """
        if not self.env.user.has_group("ecoupon.group_region"):
            raise ProblemError("FORBIDDEN", self.env._("Only users of the Region deliver lists."))

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
            raise ProblemError(
                "INVALID", errors=[(field, Caller._sentence(self, *rest)) for field, *rest in wrong[:200]]
            )
        self.key = sent.headers.get("Idempotency-Key")
        return body

    @staticmethod
    def told(record):
        """The answer to a delivery: applied, or left to the background.

        :param record: ecoupon.entitlement.list
        """
        where = {"Location": f"{PREFIX}/entitlement-lists/{record.reference}"}
        return answer(record._told(), 201 if record.state == "applied" else 202, where)


class ReporterCaller(RegionCaller):
    """Who asks: a user of a partner that reports behaviours (R-000-17). Has no rights but to report."""

    key_scope = REWARD_SCOPE

    def check(self):
        """Whether the partner reports anything.

        :raise ProblemError: FORBIDDEN
        """
        self.partner = self.env.user.partner_id.commercial_partner_id
        # sudo: the partner's user has no rights on behaviours
        behaviours = self.env["ecoupon.behaviour"].sudo()
        if not behaviours.search_count([("reporter_ids", "in", self.partner.ids), ("evidence", "=", "api")], limit=1):
            raise ProblemError("FORBIDDEN", self.env._("The Region has not named you for any behaviour."))


#: Who may make the calls of a scope.
CALLERS = {"entitlements": RegionCaller, "rewards": ReporterCaller}
