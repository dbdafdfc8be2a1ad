"""The OpenAPI document as the routes read it: which calls there are, what they need and what they may carry."""

import json
import re
from typing import NamedTuple

from .schema import problems

SCHEME = "apiKey"


class Operation(NamedTuple):
    """One call: method and path with its names in braces, the scope a key needs (None: no key at all; "": any key),
    the schema of its body (None: it has none), and the schemas of its parameters by (place, name)."""

    name: str
    method: str
    path: str
    scope: str | None
    body: dict | None
    parameters: dict

    @property
    def pattern(self):
        """Regular expression of the path; every name takes what is between two slashes."""
        return re.compile(re.sub(r"\\\{(\w+)\\\}", r"(?P<\1>[^/]+)", re.escape(self.path)))


def operations(document):
    """The calls of an OpenAPI document.

    :param dict document: the document
    :return: list of Operation
    """
    found = []
    for path, item in document["paths"].items():
        for method, operation in item.items():
            security = operation.get("security", document.get("security", []))
            roles = security[0].get(SCHEME, []) if security else None
            content = operation.get("requestBody", {}).get("content", {})
            parameters = [_follow(document, parameter) for parameter in operation.get("parameters", [])]
            found.append(
                Operation(
                    operation["operationId"],
                    method.upper(),
                    path,
                    None if roles is None else next(iter(roles), ""),
                    content["application/json"]["schema"] if content else None,
                    {(parameter["in"], parameter["name"]): parameter["schema"] for parameter in parameters},
                )
            )
    return found


def match(calls, method, path):
    """Find the call meant.

    :param calls: list of Operation
    :param str method: of HTTP
    :param str path: of the address
    :return: (Operation or None, dict of the names in the path, methods the path has)
    """
    here = [(call, found) for call in calls if (found := call.pattern.fullmatch(path))]
    methods = [call.method for call, _found in here]
    for call, found in here:
        if call.method == method:
            return call, found.groupdict(), methods
    return None, {}, methods


def decode(raw):
    """A body out of its bytes, strictly: what two readers could understand differently is refused.

    :param bytes raw: the body
    :return: decoded JSON
    :raise ValueError: not JSON in UTF-8; NaN, a name given twice, half a character, too deep or a number too long
    """
    try:
        value = json.loads(raw.decode(), object_pairs_hook=_once, parse_constant=_no_constant)
        json.dumps(value, ensure_ascii=False).encode()
    except RecursionError:
        raise ValueError("nested too deeply") from None
    return value


def check(document, operation, headers, body):
    """What is wrong with a request.

    :param dict document: the OpenAPI document
    :param Operation operation: the call
    :param headers: mapping of the request's headers
    :param body: decoded body, None where the call has none
    :return: list of (field, keyword, argument), see ``schema.problems``
    """
    found = []
    for (place, name), schema in operation.parameters.items():
        if place == "header":
            value = headers.get(name)
            if value is None:
                found.append((name, "required", name))
            else:
                found += problems(document, schema, value, name)
    if operation.body is not None:
        found += problems(document, operation.body, body)
    return found


def _follow(document, node):
    while "$ref" in node:
        target = document
        for part in node["$ref"].removeprefix("#/").split("/"):
            target = target[part]
        node = target
    return node


def _once(pairs):
    if len({name for name, _value in pairs}) < len(pairs):
        raise ValueError("a name is given twice")
    return dict(pairs)


def _no_constant(word):
    raise ValueError(f"{word} is not JSON")
