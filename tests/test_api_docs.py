"""docs/api.md says what the API answers."""

import json
import re
import sys

from support.server import ROOT

sys.path.insert(0, str(ROOT / "tests" / "rules"))
from rules_loader import load

PAGE = (ROOT / "docs" / "api.md").read_text(encoding="utf-8")
DOCUMENT = json.loads((ROOT / "addons" / "circuit_api" / "data" / "openapi.json").read_text(encoding="utf-8"))
#: Refusals that the API words as a problem, see controllers/api.py.
BY_HTTP = {"BAD_REQUEST", "BAD_AMOUNT", "KEY_CONFLICT", "KEY_USED", "TOO_MANY"}
#: Refusals of calls that only the web till has.
ELSEWHERE = {"TOO_LATE"}


def part(title):
    """The text under a title."""
    return PAGE.split(f"\n## {title}\n")[1].split("\n## ")[0]


def test_every_refusal_is_explained():
    """R-004-76: each code a program may get."""
    explained = set(re.findall(r"^\| `([A-Z_]+)` \|", part("Refusals"), re.MULTILINE))
    assert {code.value for code in load("merchant_circuit", "refusals").Code} - BY_HTTP - ELSEWHERE == explained


def test_every_problem_is_explained():
    """R-004-70: code and status as in the OpenAPI document."""
    explained = set(re.findall(r"^\| \d+ \| `([A-Z_]+)` \|", part("Problems"), re.MULTILINE))
    assert explained == set(DOCUMENT["components"]["schemas"]["Problem"]["properties"]["code"]["enum"])


def test_every_scope_is_explained():
    """R-004-70: with the calls it opens."""
    table = dict(re.findall(r"^\| `([a-z]+)` \| (.*) \|$", part("A key"), re.MULTILINE))
    for path, item in DOCUMENT["paths"].items():
        for method, operation in item.items():
            for scope in [role for need in operation.get("security", []) for role in need["apiKey"]]:
                assert f"`{method.upper()} {path}`" in table[scope]


def test_the_example_is_sixty_lines():
    """Issue 4: short enough to be read."""
    assert len((ROOT / "docs" / "api_client.py").read_text(encoding="utf-8").splitlines()) <= 60
