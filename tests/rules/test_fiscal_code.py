"""Fiscal codes as typed, scanned and stored."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rules_loader import load
from stdnum.it import codicefiscale

fiscal_code = load("family_card", "fiscal_code")

TODAY = date(2024, 4, 3)
GOOD = "RSSMRA85T10A562S"
CHILD = "RSSMRA23A41C986N"
OMOCODIA = "RSSMRA85T1LA56NK"


@pytest.mark.parametrize(
    "typed",
    [GOOD, GOOD.lower(), f"*{GOOD}*", " RSS MRA 85T10 A562S\r\n", "rss-mra-85t10-a562s", f"\t{GOOD}."],
)
def test_a_code_is_brought_to_its_stored_form(typed):
    """domain.md 3.3: readers of Code 39 send start and stop marks."""
    assert fiscal_code.validate(typed) == GOOD


def test_a_code_changed_for_omocodia_is_good():
    """Must be shown 6."""
    assert fiscal_code.validate(OMOCODIA) == OMOCODIA
    assert fiscal_code.gender(OMOCODIA) == "M"
    assert fiscal_code.birth_date(OMOCODIA, TODAY) == date(1985, 12, 10)


def test_a_child_of_2023_is_not_read_as_1923():
    """Must be shown 6: two digits tell no century."""
    assert fiscal_code.birth_date(CHILD, TODAY) == date(2023, 1, 1)
    assert fiscal_code.gender(CHILD) == "F"


def test_the_birth_date_on_file_decides_the_century():
    """Somebody of 101 years."""
    assert fiscal_code.birth_date(CHILD, TODAY, stored=date(1923, 1, 1)) == date(1923, 1, 1)
    with pytest.raises(ValueError):
        fiscal_code.birth_date(CHILD, TODAY, stored=date(1923, 1, 2))


@pytest.mark.parametrize(
    "bad",
    [
        "",
        "RSSMRA85T10A562X",
        "RSSMRA85T10A562",
        "RSSMRA85T99A562S",
        "12345678901",
        "RSSMRA8５T10A562S",
        "X" * 500,
        "'; DROP",
    ],
)
def test_bad_codes_are_refused_without_repeating_them(bad):
    """Must be shown 6: a clear refusal, no fiscal code in the message."""
    with pytest.raises(ValueError) as error:
        fiscal_code.validate(bad)
    assert not bad or bad not in str(error.value)


def test_provisional_codes_only_when_asked_for():
    """domain.md 3.3: 11 digits, check digit only."""
    assert fiscal_code.validate("93000000005", provisional=True) == "93000000005"
    for code, provisional in (("93000000005", False), ("93000000006", True)):
        with pytest.raises(ValueError):
            fiscal_code.validate(code, provisional)
    for tell in (fiscal_code.gender, lambda code: fiscal_code.birth_date(code, TODAY)):
        with pytest.raises(ValueError):
            tell("93000000005")


def test_mask_shows_the_first_three_and_the_last_two():
    """COMMON: RSS***********2S."""
    assert fiscal_code.mask(GOOD) == "RSS***********2S"
    assert fiscal_code.mask("93000000005") == "930******05"
    assert fiscal_code.mask("RSS") == "***"


@st.composite
def people(draw):
    birth = draw(st.dates(min_value=date(1925, 1, 1), max_value=TODAY))
    sex = draw(st.sampled_from("MF"))
    letters = draw(st.text("BCDFGHJKLMNPQRSTVWXYZ", min_size=6, max_size=6))
    day = birth.day + (40 if sex == "F" else 0)
    body = f"{letters}{birth:%y}{'ABCDEHLMPRST'[birth.month - 1]}{day:02d}C986"
    swapped = draw(st.sets(st.sampled_from([6, 7, 9, 10, 12, 13, 14])))
    digits = dict(zip("0123456789", "LMNPQRSTUV", strict=True))
    body = "".join(digits[c] if i in swapped else c for i, c in enumerate(body))
    return birth, sex, body + codicefiscale.calc_check_digit(body)


@given(people())
def test_every_code_tells_birth_date_and_gender_with_any_omocodia(person):
    """Up to 128 variants of the same person."""
    birth, sex, code = person

    assert fiscal_code.validate(code.lower()) == code
    assert fiscal_code.gender(code) == sex
    assert fiscal_code.birth_date(code, TODAY) == birth
    assert fiscal_code.birth_date(code, TODAY, stored=birth) == birth
    assert len(fiscal_code.mask(code)) == 16
    assert code[3:14] not in fiscal_code.mask(code)


@given(st.text(max_size=40))
def test_any_text_is_valid_or_not_but_never_a_crash(text):
    assert fiscal_code.is_valid(text) in (True, False)
    assert fiscal_code.looks_like(text) in (True, False)


def test_variants_for_omocodia_share_their_base():
    """domain.md 3.3: RSSMRA85T10A562S and its variants are one name, birth and place."""
    assert fiscal_code.base("RSSMRA85T1LA56NK") == fiscal_code.base("RSSMRA85T10A562S") == "RSSMRA85T10A562"
    assert fiscal_code.base("12345678901") == "12345678901"
