"""PINs and their digests."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rules_loader import load

pin = load("family_card", "pin")

pins = st.text("0123456789", min_size=4, max_size=12)


@given(st.integers(4, 12))
def test_a_drawn_pin_has_the_length_and_is_not_trivial(length):
    """R-004-74."""
    code = pin.generate(length)

    assert len(code) == length
    assert pin.is_well_formed(code)
    assert not pin.is_trivial(code)


@pytest.mark.parametrize("code", ["11111", "12345", "98765", "89012", "21098", "0000"])
def test_trivial_pins_are_known(code):
    assert pin.is_trivial(code)


@pytest.mark.parametrize("code", ["48213", "11112", "13579", "12346"])
def test_other_pins_are_not_trivial(code):
    assert not pin.is_trivial(code)


@pytest.mark.parametrize("length", [0, 3, 13, -1])
def test_impossible_lengths_are_refused(length):
    with pytest.raises(ValueError):
        pin.generate(length)


@pytest.mark.parametrize("text", ["", "123", "1" * 13, "12a45", " 12345", "１２３４５", "12.45", "-1234"])
def test_what_cannot_be_a_pin(text):
    """Must be shown 6: empty or long PIN."""
    assert not pin.is_well_formed(text)


@given(pins, pins)
def test_digests_agree_only_for_the_same_pin_salt_and_secret(code, other):
    expected = pin.digest("secret", "salt", code)

    assert pin.matches(expected, pin.digest("secret", "salt", other)) == (code == other)
    assert not pin.matches(expected, pin.digest("secret", "other salt", code))
    assert not pin.matches(expected, pin.digest("other secret", "salt", code))
    assert len(expected) == 64


def test_salts_differ():
    assert pin.new_salt() != pin.new_salt()
