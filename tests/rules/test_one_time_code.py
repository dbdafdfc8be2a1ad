"""One-time codes: 56 characters that a till reads, nobody can make and nothing can be read out of."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rules_loader import load

code = load("merchant_circuit", "one_time_code")
till = load("merchant_circuit", "till")

nonces = st.binary(min_size=16, max_size=16)
secrets = st.text(min_size=1)


@given(secrets, nonces)
def test_what_was_signed_here_is_read_here(secret, nonce):
    """R-004-74: and fits into what a till may send, in upper case."""
    text = code.encode(secret, nonce)

    assert code.decode(secret, text) == nonce
    assert re.fullmatch(r"CC1\.[A-Z2-7]{52}", text)
    assert len(text) == code.LENGTH <= till.MAX_TEXT
    assert text.upper() == text


@given(nonces, secrets, secrets)
def test_another_installations_code_is_forged(nonce, mine, theirs):
    """R-004-74: each server has its own secret."""
    if mine != theirs:
        assert code.decode(mine, code.encode(theirs, nonce)) is None


@given(secrets, nonces, st.integers(0, 55), st.sampled_from("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"))
def test_one_code_has_one_spelling(secret, nonce, place, letter):
    """R-004-83: no changed character passes, not even among the bits that base32 leaves over."""
    text = code.encode(secret, nonce)
    changed = text[:place] + letter + text[place + 1 :]

    assert code.decode(secret, changed) == (nonce if changed == text else None)


@given(secrets, st.text(), st.booleans())
def test_any_other_text_is_no_code(secret, text, prefixed):
    """R-004-74: whatever is scanned, there is an answer and no crash."""
    assert code.decode(secret, code.PREFIX + text if prefixed else text) is None


@given(nonces)
def test_only_a_digest_is_stored(nonce):
    """R-004-74: what the database holds does not make a code."""
    stored = code.digest(nonce)

    assert re.fullmatch(r"[0-9a-f]{64}", stored)
    assert nonce.hex() not in stored


def test_nonces_are_long_and_differ():
    """R-004-74: 128 bits each."""
    drawn = {code.new_nonce() for _n in range(100)}

    assert len(drawn) == 100
    assert {len(nonce) for nonce in drawn} == {16}
    with pytest.raises(ValueError):
        code.encode("secret", b"short")
