"""Persons of the lists of entitled people (R-000-31)."""

import hashlib
import hmac

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rules_loader import load

person = load("ecoupon", "person")
GOOD = "RSSMRA80A01H501U"


def test_hash_is_hmac_sha256_of_the_normalised_code():
    """R-000-31: what the Region computes with openssl is what the server computes."""
    expected = hmac.new(b"secret", GOOD.encode(), hashlib.sha256).hexdigest()
    assert person.keyed_hash("secret", " rss mra-80a01.h501u* ") == expected


@given(st.text(min_size=1, max_size=40), st.text(min_size=1, max_size=40))
def test_other_key_other_hash(one, other):
    """R-000-31: lists of two keys never meet by chance."""
    same = person.keyed_hash(one, GOOD) == person.keyed_hash(other, GOOD)
    # HMAC fills short keys with zero bytes
    assert same == (one.rstrip("\0") == other.rstrip("\0"))


@given(st.text(max_size=40))
def test_validate_takes_only_codes(text):
    """R-000-31: anything else is refused with no exception of another kind."""
    try:
        code = person.validate(text)
    except ValueError:
        assert not person.is_valid(text)
    else:
        assert code == person.normalise(text)
        assert person.is_valid(text)


@pytest.mark.parametrize("text", [GOOD, "rssmra80a01h501u", "RSS MRA 80A01 H501U", "12345678903"])
def test_good_codes(text):
    """R-000-31: as typed, as scanned, and provisional."""
    assert person.is_valid(text)


@pytest.mark.parametrize("text", ["", "RSSMRA80A01H501A", "RSSMRA80A01H501", "12345678901", "١٢٣٤٥٦٧٨٩٠٣"])
def test_bad_codes(text):
    """R-000-31: wrong check character, too short, other scripts' digits."""
    assert not person.is_valid(text)


@given(st.text(min_size=1, max_size=64))
def test_check_value_says_little(secret):
    """R-000-31: a check value is short, hexadecimal and not the hash of anybody."""
    value = person.check_value(secret)
    assert len(value) == 8
    assert int(value, 16) >= 0
    assert not person.is_valid(person.PROBE)


@given(st.text(max_size=70))
def test_read_hash(text):
    """R-000-31: a hash is 64 hexadecimal digits, however written."""
    value = person.read_hash(text)
    assert value is None or (len(value) == 64 and value == text.strip().lower())
    assert person.read_hash(person.keyed_hash("a", GOOD).upper()) == person.keyed_hash("a", GOOD)


@given(st.text(max_size=20))
def test_mask(code):
    """R-000-31: a masked code shows five characters at most."""
    masked = person.mask(code)
    assert len(masked) == len(code)
    assert len(code) <= 5 or masked[3:-2] == "*" * (len(code) - 5)
