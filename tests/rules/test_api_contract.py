"""The rules of the API: keys, schemas, and how a request finds its call."""

import json
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rules_loader import load

contract = load("circuit_api", "contract")
credential = load("circuit_api", "credential")
schema = load("circuit_api", "schema")
DOCUMENT = json.loads((Path(__file__).parents[2] / "addons/circuit_api/data/openapi.json").read_text())
CALLS = contract.operations(DOCUMENT)
KEY = "0b4f7c52-8f0e-4c39-9a4f-6a3c9d2f5e11"


def request_schema(name):
    return {"$ref": f"#/components/schemas/{name}"}


def test_keys_are_new_each_time_and_found_in_a_header():
    """SEC: 238 secret bits, a prefix for people."""
    keys = {credential.generate() for _time in range(200)}
    assert len(keys) == 200
    for key in keys:
        assert re.fullmatch(r"cck_[A-Za-z0-9]{8}_[A-Za-z0-9]{40}", key)
        assert key.startswith(credential.prefix(key))
        assert credential.from_header(f"Bearer {key}") == key == credential.from_header(f"bearer  {key} ")


@given(st.text())
def test_what_is_no_key_is_none(text):
    """SEC: whatever a header holds."""
    assert credential.from_header(text) is None
    assert credential.from_header(f"Bearer {text}") is None


def test_the_digest_depends_on_the_servers_secret():
    """SEC: a copy of the table alone finds no key."""
    key = credential.generate()
    digests = {credential.digest(secret, key) for secret in ("a", "b")}
    assert len(digests) == 2
    assert key not in "".join(digests)


AMOUNTS = {
    True: ["0.01", "0.1", "1", "30.00", "9999999.99"],
    False: ["0", "0.0", "0.00", "-1", "1,5", "1.234", "01", "1e3", "NaN", "", " 1", "1\n", "10000000", "٣"],
}


@pytest.mark.parametrize(("good", "text"), [(good, text) for good, texts in AMOUNTS.items() for text in texts])
def test_amounts_are_positive_decimals(good, text):
    """R-004-70: more than 0, at most two decimals."""
    assert (schema.problems(DOCUMENT, request_schema("Amount"), text) == []) is good


@given(st.decimals("0.01", "9999999.99", places=2))
def test_every_amount_can_be_said(amount):
    """R-004-70."""
    assert schema.problems(DOCUMENT, request_schema("Amount"), str(amount)) == []


_json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
)


@given(_json)
def test_any_body_is_judged_without_a_failure(body):
    """R-004-70: bad input of any form is answered."""
    found = schema.problems(DOCUMENT, request_schema("AuthorizationRequest"), body)
    assert found
    assert all(isinstance(field, str) and isinstance(keyword, str) for field, keyword, _argument in found)


def test_a_keyword_that_is_not_checked_is_an_error():
    """R-004-70: the document cannot promise what the server ignores."""
    with pytest.raises(ValueError, match="oneOf"):
        schema.problems({}, {"oneOf": []}, 1)


@given(st.binary())
def test_any_bytes_are_decoded_or_refused(raw):
    """R-004-70."""
    try:
        value = contract.decode(raw)
    except ValueError:
        return
    assert json.loads(raw) == value


@pytest.mark.parametrize(
    ("method", "path", "name"),
    [
        ("POST", "/authorizations", "authorize"),
        ("GET", f"/authorizations/{KEY}", "status"),
        ("POST", f"/authorizations/{KEY}/capture", "capture"),
        ("POST", f"/authorizations/{KEY}/void", "void"),
        ("POST", "/refunds", "refund"),
        ("GET", f"/refunds/{KEY}", "refund_status"),
        ("POST", "/identify", "identify"),
    ],
)
def test_a_request_finds_its_call(method, path, name):
    """R-004-70."""
    call, names, _methods = contract.match(CALLS, method, path)
    assert call.name == name
    assert names == ({"key": KEY} if KEY in path else {})


@given(st.sampled_from(["GET", "PUT", "HEAD", "TRACE", "x"]), st.text())
def test_another_address_or_method_finds_none(method, rest):
    """R-004-70."""
    assert contract.match(CALLS, method, f"/elsewhere{rest}") == (None, {}, [])
    assert contract.match(CALLS, "DELETE", "/authorizations") == (None, {}, ["POST"])
