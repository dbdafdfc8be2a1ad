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


def test_waits_of_the_default_terms():
    """R-004-74: nothing after the first wrong PIN, then half a minute, two, eight …"""
    assert [pin.wait(failures, 30, 4) for failures in range(6)] == [0, 0, 30, 120, 480, 1920]


@given(st.integers(0, 10**6), st.integers(0, 3600), st.integers(1, 10))
def test_waits_grow_and_end(failures, base, factor):
    """R-004-74: never shorter after one more wrong PIN, never longer than a day, off with 0."""
    now, after = pin.wait(failures, base, factor), pin.wait(failures + 1, base, factor)

    assert 0 <= now <= after <= pin.MAX_WAIT
    if base == 0 or failures < 2:
        assert now == 0
    elif after < pin.MAX_WAIT:
        assert after == now * factor


@given(st.integers(0, 3600), st.integers(1, 10), st.integers(1, 60))
def test_the_list_of_waits_says_the_same(base, factor, failures):
    """R-004-74: its last entry holds for all that follow."""
    row = pin.waits(base, factor)

    assert row[min(failures, len(row)) - 1] == pin.wait(failures, base, factor)
    assert len(row) <= 20


@given(st.integers(0, 3600), st.integers(1, 10))
def test_the_balance_page_always_slows_down(base, factor):
    """R-004-85: a page without a limit of tries ends at one try a day, whatever the programme says."""
    row = pin.page_waits(base, factor)

    assert row[-1] == pin.MAX_WAIT
    assert row[0] == 0
