"""Answers in JSON, and what is answered when there is nothing to answer: problem+json (RFC 9457)."""

import json

from odoo.http import Response
from odoo.tools.translate import LazyTranslate

_lt = LazyTranslate(__name__)

#: Code of a problem: HTTP status and title. The document of the API lists the same ones.
PROBLEMS = {
    "MALFORMED": (400, _lt("The request is not JSON")),
    "UNAUTHORIZED": (401, _lt("The API key is missing or not valid")),
    "FORBIDDEN": (403, _lt("The API key does not allow this")),
    "NOT_FOUND": (404, _lt("There is no such address")),
    "UNKNOWN_KEY": (404, _lt("The shop has no operation with this key")),
    "METHOD_NOT_ALLOWED": (405, _lt("The address does not know this method")),
    "KEY_CONFLICT": (409, _lt("The key is in use for something else")),
    "KEY_USED": (409, _lt("The operation was voided or has expired")),
    "CAPTURED": (409, _lt("The payment was captured already")),
    "MISMATCH": (409, _lt("Order or amount are not those authorised")),
    "TOO_LARGE": (413, _lt("The request is too large")),
    "UNSUPPORTED_MEDIA_TYPE": (415, _lt("The request must be application/json")),
    "INVALID": (422, _lt("A field of the request is not valid")),
    "TOO_MANY": (429, _lt("Too many requests")),
    "INTERNAL": (500, _lt("The server has failed")),
    "BUSY": (503, _lt("The server is busy")),
}


class ProblemError(Exception):
    """Ends a call with a problem, see :func:`problem`."""

    def __init__(self, code, detail=None, errors=(), headers=()):
        super().__init__(code)
        self.code, self.detail, self.errors, self.headers = code, detail, errors, dict(headers)


def answer(body, status=200, headers=(), mimetype="application/json"):
    """An answer that nobody keeps.

    :param dict body: what is said
    :return: Response
    """
    return Response(
        json.dumps(body, ensure_ascii=False),
        status=status,
        headers=[("Cache-Control", "no-store"), *dict(headers).items()],
        content_type=f"{mimetype}; charset=utf-8" if mimetype == "application/json" else mimetype,
    )


def problem(env, code, detail=None, errors=(), headers=()):
    """A problem as RFC 9457 wants it; never a trace, never a page.

    :param env: whose language is spoken; None: English
    :param str code: one of ``PROBLEMS``
    :param str detail: what to do about it
    :param errors: (field, message) of each field that is not valid
    :return: Response
    """
    status, title = PROBLEMS[code]
    body = {
        "type": f"urn:civic-circuit:problem:{code.lower().replace('_', '-')}",
        "title": env._(title) if env else title._source,
        "status": status,
        "code": code,
    }
    if detail:
        body["detail"] = detail
    if errors:
        body["errors"] = [{"field": field, "message": message} for field, message in errors]
    return answer(body, status, headers, "application/problem+json")
