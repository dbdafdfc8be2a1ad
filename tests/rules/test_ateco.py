import pytest
from hypothesis import given
from hypothesis import strategies as st
from rules_loader import load

ateco = load("merchant_circuit", "ateco")

TABLE = [("47.11", "grocery"), ("47.2", "food"), ("47.26", "tobacco"), ("93.1", "sport"), ("10", "manufacturing")]


def test_the_longest_prefix_suggests():
    """R-004-42, A26: a tobacconist (47.26) is no greengrocer (47.2); sport and manufacturing are known."""
    cases = {
        "47.26.00": "tobacco",
        "47.21": "food",
        "471140": "grocery",
        "93.13.00": "sport",
        "10.71.10": "manufacturing",
    }
    for code, activity in cases.items():
        assert ateco.suggest(code, TABLE) == activity


def test_no_suggestion_is_no_error():
    """A26: only a suggestion."""
    for code in ("01.11", "", None, "abc", "1", "47.2.", "４７.26"):
        assert ateco.suggest(code, TABLE) is None


@given(st.text(max_size=12))
def test_only_codes_are_codes(text):
    """A26: two to six digits, or a clear refusal."""
    try:
        digits = ateco.normalise(text)
    except ValueError:
        return
    assert digits.isascii()
    assert digits.isdigit()
    assert 2 <= len(digits) <= 6


def test_what_is_no_code_is_refused():
    """A26."""
    for text in ("4", "47.", "47-11", "4711400", "47.111.1", "abc"):
        with pytest.raises(ValueError):
            ateco.normalise(text)
