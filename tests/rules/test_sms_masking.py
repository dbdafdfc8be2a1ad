"""Secrets in text messages and what counts as a number (sms_gateway)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rules_loader import load

masking = load("sms_gateway", "masking")
phone = load("sms_gateway", "phone")


def test_pin_becomes_five_dots():
    """R-004-74."""
    assert masking.mask("PIN 48213. Non comunicarlo.", "48213") == "PIN •••••. Non comunicarlo."


def test_dots_do_not_tell_the_length():
    """A longer PIN is masked the same way."""
    assert masking.mask("PIN 4821377", "4821377") == masking.mask("PIN 48213", "48213")


def test_pin_inside_a_longer_number_is_left_alone():
    """A phone number that happens to contain the digits stays readable."""
    assert masking.mask("PIN 48213, tel. 0974821399", "48213") == "PIN •••••, tel. 0974821399"


@pytest.mark.parametrize(("body", "secret"), [("PIN 1", ""), ("PIN 1", "48213"), ("tel. 0974821399", "48213")])
def test_secret_that_cannot_be_hidden_is_refused(body, secret):
    """Nobody may believe that something is hidden when it is not."""
    with pytest.raises(ValueError, match="secret"):
        masking.mask(body, secret)


@given(pin=st.from_regex(r"[0-9]{5,8}", fullmatch=True), before=st.text(max_size=40), after=st.text(max_size=40))
def test_no_word_of_the_masked_text_is_the_secret(pin, before, after):
    """R-004-74, for every text around the PIN."""
    masked = masking.mask(f"{before} {pin} {after}", pin)
    assert f" {pin} " not in masked


@pytest.mark.parametrize("number", ["+39 333 123 4567", "0039-3331234567", "333.1234567", "(0971) 965701"])
def test_usual_spellings_are_diallable(number):
    """Numbers come as people write them."""
    assert phone.is_diallable(number)


@pytest.mark.parametrize("number", [None, "", "12", "+39", "abc", "333123456789012345", "33312x4567"])
def test_nonsense_is_not_diallable(number):
    """The message becomes an error instead of a silent loss."""
    assert not phone.is_diallable(number)
