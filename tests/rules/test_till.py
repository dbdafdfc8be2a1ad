"""What a till sends: money, keys, lines, requests and their fingerprints (merchant_circuit)."""

import json
from decimal import Decimal
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rules_loader import load

till = load("merchant_circuit", "till")
refusals = load("merchant_circuit", "refusals")

KEY = "0d9f7a5e-4a52-4c5b-9d8e-5f5b2f6f7a10"
TERMINAL = till.Terminal(7, 1, "pos", "pos.config,3", "pos.session,9")

cents = st.integers(-99_999_999_999, 99_999_999_999)
amounts = cents.map(lambda value: Decimal(value).scaleb(-2))
wire_lines = st.lists(
    st.fixed_dictionaries(
        {"amount": amounts.map("{:.2f}".format), "activity_id": st.none() | st.integers(1, 2**31 - 1)}
    ),
    min_size=1,
    max_size=8,
)
# what JSON can carry, and what a careless client makes of it
anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=70),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=12), inner, max_size=3),
    max_leaves=6,
)


def request(**changes):
    """A valid request, with changes; a name set to ... is left out."""
    body = {
        "key": KEY,
        "identifier": "RSSMRA80A01C345S",
        "secret": "48213",
        "lines": [{"amount": "18.00", "activity_id": 4}, {"amount": "12.00", "activity_id": None}],
        "requested": None,
        "order_ref": "order-1",
        **changes,
    }
    return {name: value for name, value in body.items() if value is not ...}


# ----------------------------------------------------------------------- keys


@given(st.uuids())
def test_a_key_is_a_uuid_in_lower_case(key):
    """One key, one spelling: otherwise the same key could debit twice."""
    assert till.parse_key(str(key).upper()) == till.parse_key(str(key)) == str(key)


@pytest.mark.parametrize(
    "value",
    [
        "",
        "1",
        KEY + "0",
        KEY[:-1],
        " " + KEY,
        KEY + "\n",
        KEY.replace("-", ""),
        "{" + KEY + "}",
        "urn:uuid:" + KEY,
        KEY.replace("0", "٠"),
        KEY.replace("a", "g"),
        None,
        7,
        UUID(KEY),
        [KEY],
        {},
    ],
)
def test_what_is_not_a_key_is_refused(value):
    """Bad input of issue 2: an unknown form of key."""
    with pytest.raises(ValueError, match="key"):
        till.parse_key(value)


# ---------------------------------------------------------------------- lines


@given(wire_lines)
def test_lines_are_read_one_by_one(rows):
    """Amounts and activities arrive as they were sent, in order."""
    lines = till.parse_lines(rows)
    assert [(f"{line.amount:.2f}", line.activity_id) for line in lines] == [
        (row["amount"], row["activity_id"]) for row in rows
    ]


@pytest.mark.parametrize(
    "rows",
    [
        None,
        [],
        (),
        "18.00",
        {"amount": "1.00"},
        [None],
        ["1.00"],
        [{}],
        [{"amount": 18}],
        [{"amount": 18.0}],
        [{"amount": "1.00", "activity_id": "4"}],
        [{"amount": "1.00", "activity_id": 4.0}],
        [{"amount": "1.00", "activity_id": True}],
        [{"amount": "1.00"}, {"amount": "NaN"}],
        [{"amount": "1.00"}] * 501,
    ],
)
def test_malformed_lines_are_refused(rows):
    """Bad input of issue 2: nothing half-read gets through."""
    with pytest.raises(ValueError, match=r"line|amount|activity"):
        till.parse_lines(rows)


# ------------------------------------------------------------------- requests


def test_a_request_becomes_plain_values():
    """R-004-72: identifier, secret, lines, wish and order of one purchase."""
    purchase = till.parse_request(request(identifier=" *rssmra80a01c345s*\r\n", requested="12.00", key=KEY.upper()))
    assert purchase == till.Purchase(
        KEY,
        (till.Line(Decimal("18.00"), 4), till.Line(Decimal("12.00"), None)),
        Decimal("12.00"),
        "order-1",
        "RSSMRA80A01C345S",
        "48213",
    )
    assert purchase.total == Decimal("30.00")


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"key": ...}, "BAD_REQUEST"),
        ({"key": "1"}, "BAD_REQUEST"),
        ({"identifier": ...}, "BAD_REQUEST"),
        ({"identifier": 80}, "BAD_REQUEST"),
        ({"identifier": "A" * 65}, "BAD_REQUEST"),
        ({"secret": None}, "BAD_REQUEST"),
        ({"secret": 48213}, "BAD_REQUEST"),
        ({"secret": "4" * 65}, "BAD_REQUEST"),
        ({"documents": "yes"}, "BAD_REQUEST"),
        ({"documents": {"health_card": "true"}}, "BAD_REQUEST"),
        ({"documents": {"passport": True}}, "BAD_REQUEST"),
        ({"order_ref": None}, "BAD_REQUEST"),
        ({"order_ref": "x" * 65}, "BAD_REQUEST"),
        ({"order_ref": "a\x00b"}, "BAD_REQUEST"),
        ({"order_ref": "a\ud800b"}, "BAD_REQUEST"),
        ({"lines": ...}, "BAD_AMOUNT"),
        ({"lines": []}, "BAD_AMOUNT"),
        ({"lines": [{"amount": "NaN"}]}, "BAD_AMOUNT"),
        ({"lines": [{"amount": "0.00"}]}, "BAD_AMOUNT"),
        ({"lines": [{"amount": "-1.00"}]}, "BAD_AMOUNT"),
        ({"lines": [{"amount": "5.00"}, {"amount": "-5.00"}]}, "BAD_AMOUNT"),
        ({"requested": "0"}, "BAD_AMOUNT"),
        ({"requested": "-0.01"}, "BAD_AMOUNT"),
        ({"requested": "1e9"}, "BAD_AMOUNT"),
        ({"requested": 15}, "BAD_AMOUNT"),
        ({"requested": ""}, "BAD_AMOUNT"),
    ],
)
def test_a_bad_request_has_a_code(changes, code):
    """Bad input of issue 2: each a clear refusal, nothing raised."""
    assert till.parse_request(request(**changes)) == refusals.Refusal(refusals.Code(code))


@pytest.mark.parametrize("body", [None, [], "text", 7])
def test_a_request_that_is_no_object_is_refused(body):
    """Bad input of issue 2."""
    assert till.parse_request(body).code == refusals.Code.BAD_REQUEST


@given(
    st.sampled_from(["key", "identifier", "secret", "documents", "lines", "requested", "order_ref"]).flatmap(
        lambda name: st.tuples(st.just(name), anything)
    )
)
def test_no_value_in_any_place_raises(change):
    """Whatever stands in one place of the request, the answer is a purchase or a refusal, and
    PostgreSQL can store what is kept of it."""
    name, value = change
    answer = till.parse_request(request(**{name: value}))
    if isinstance(answer, refusals.Refusal):
        assert answer.code in (refusals.Code.BAD_REQUEST, refusals.Code.BAD_AMOUNT)
        return
    assert answer.total > 0
    assert answer.requested is None or answer.requested > 0
    answer.order_ref.encode()
    assert "\x00" not in answer.order_ref


@pytest.mark.parametrize("text", [None, 7, "x" * 65, "a\x00b", "a\ud800b", "a\nb", "\u202eb"])
def test_what_cannot_be_kept_is_no_reference(text):
    """A name the database cannot store must not become an error page (found by Hypothesis)."""
    with pytest.raises(ValueError, match="reference"):
        till.parse_reference(text)


@given(anything)
def test_no_body_raises(body):
    """A body of any shape that lacks what is needed is a bad request."""
    assert isinstance(till.parse_request(body), refusals.Refusal)


# --------------------------------------------------------------- fingerprints


@given(wire_lines.flatmap(lambda rows: st.tuples(st.just(rows), st.permutations(rows))))
def test_the_order_of_lines_does_not_matter(both):
    """The till may sort the receipt between authorisation and capture."""
    one, other = both
    assert till.lines_digest(till.parse_lines(one)) == till.lines_digest(till.parse_lines(other))


@given(wire_lines, wire_lines)
def test_other_goods_have_another_digest(one, other):
    """What was authorised must be what is sold: equal digests mean the same lines."""

    def bag(rows):
        return sorted((row["activity_id"] or 0, Decimal(row["amount"])) for row in rows)

    same = till.lines_digest(till.parse_lines(one)) == till.lines_digest(till.parse_lines(other))
    assert same == (bag(one) == bag(other))


def test_spelling_of_an_amount_does_not_change_the_digest():
    """ "12", "12.0" and "12.00" are the same goods."""
    digests = {till.lines_digest(till.parse_lines([{"amount": text}])) for text in ("12", "12.0", "12.00")}
    assert len(digests) == 1


@pytest.mark.parametrize(
    "changes",
    [
        {"identifier": "BNCLGU75B02C345K"},
        {"order_ref": "order-2"},
        {"requested": "15.00"},
        {"documents": {"health_card": True, "identity": True}},
        {"documents": {"identity": True}},
        {"lines": [{"amount": "30.00", "activity_id": 4}]},
        {"lines": [{"amount": "18.00", "activity_id": 5}, {"amount": "12.00", "activity_id": None}]},
    ],
)
def test_any_change_of_content_changes_the_fingerprint(changes):
    """The same key with other content is refused (KEY_CONFLICT)."""
    before, after = till.parse_request(request()), till.parse_request(request(**changes))
    assert till.fingerprint(TERMINAL, before) != till.fingerprint(TERMINAL, after)


@pytest.mark.parametrize("change", [{"merchant_id": 8}, {"ref": "pos.config,4"}])
def test_another_till_has_another_fingerprint(change):
    """A key belongs to the till that made it."""
    purchase = till.parse_request(request())
    assert till.fingerprint(TERMINAL, purchase) != till.fingerprint(TERMINAL._replace(**change), purchase)


@given(st.text(max_size=64), st.text(max_size=64))
def test_the_secret_is_never_in_the_fingerprint(one, other):
    """R-004-74: nothing made of the PIN is stored with a transaction."""
    prints = {till.fingerprint(TERMINAL, till.parse_request(request(secret=secret))) for secret in (one, other)}
    assert len(prints) == 1


@given(wire_lines, st.text(max_size=20), st.text(max_size=20))
def test_fields_cannot_flow_into_each_other(rows, order, identifier):
    """Moving a character from one field to the next makes another request."""
    lines = till.parse_lines(rows)
    one = till.Purchase(KEY, lines, None, order + "A", identifier, "")
    other = till.Purchase(KEY, lines, None, order, "A" + identifier, "")
    assert till.fingerprint(TERMINAL, one) != till.fingerprint(TERMINAL, other)


def test_a_fingerprint_is_a_sha256():
    """64 hexadecimal digits, nothing of the content readable."""
    text = till.fingerprint(TERMINAL, till.parse_request(request()))
    assert len(text) == 64
    assert "RSSMRA" not in json.dumps(text).upper()
    int(text, 16)


# ------------------------------------------------------------------ documents


@pytest.mark.parametrize(
    ("wire", "complete"),
    [
        (None, False),
        ({}, False),
        ({"health_card": True}, False),
        ({"identity": True}, False),
        ({"health_card": True, "identity": False}, False),
        ({"health_card": True, "identity": True}, True),
    ],
)
def test_both_documents_are_needed(wire, complete):
    """R-001-12: tessera sanitaria and identity document."""
    assert till.parse_request(request(documents=wire)).documents.complete is complete


def test_the_secret_may_be_empty():
    """R-001-15: fiscal code and amount are enough where documents are shown."""
    assert till.parse_request(request(secret="")).secret == ""


PIN, DOCUMENTS = frozenset({"pin"}), frozenset({"documents"})


@pytest.mark.parametrize(
    ("found", "checks", "complete", "told"),
    [
        pytest.param("UNKNOWN_OR_PIN", PIN, False, "UNKNOWN_OR_PIN", id="PIN"),
        pytest.param("DOCUMENTS", PIN, False, "UNKNOWN_OR_PIN", id="a voucher at a shop of PINs"),
        pytest.param("UNKNOWN_OR_PIN", DOCUMENTS, False, "DOCUMENTS", id="unknown, nothing seen"),
        pytest.param("UNKNOWN_OR_PIN", DOCUMENTS, True, "UNKNOWN", id="unknown, both seen"),
        pytest.param("DOCUMENTS", PIN | DOCUMENTS, False, "DOCUMENTS", id="both kinds, documents missing"),
        pytest.param("UNKNOWN_OR_PIN", PIN | DOCUMENTS, True, "UNKNOWN_OR_PIN", id="both kinds, PIN missing"),
        pytest.param("BAD_IDENTIFIER", DOCUMENTS, False, "BAD_IDENTIFIER", id="no code at all"),
    ],
)
def test_what_is_told_of_who_is_not_identified(found, checks, complete, told):
    """B09, R-001-15: where one kind of card is taken, unknown and known codes get the same answer."""
    seen = till.Documents(complete, complete)
    assert till.unproven(refusals.Code(found), checks, seen) == refusals.Code(told)
