from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rules_loader import load

words = load("merchant_settlement", "words")


@pytest.mark.parametrize(
    ("amount", "text"),
    [
        ("0.00", "zero/00"),
        ("1.00", "uno/00"),
        ("3.05", "tre/05"),
        ("23.10", "ventitré/10"),
        ("66.25", "sessantasei/25"),
        ("180.00", "centottanta/00"),
        ("1001.00", "milleuno/00"),
        ("1003.00", "milletré/00"),
        ("1234.56", "milleduecentotrentaquattro/56"),
        ("101023.08", "centounomilaventitré/08"),
        ("1000001.00", "unmilioneuno/00"),
        ("-8.00", "meno otto/00"),
    ],
)
def test_italian_amounts(amount, text):
    """R-004-96: as public bodies write them, in one word, cents as figures."""
    assert words.amount_in_words(Decimal(amount), "it_IT") == text


def test_languages_without_words_get_english():
    """R-004-96: a language that nobody taught it."""
    assert words.amount_in_words(Decimal("2.50"), "xx_YY") == "two/50"


@given(st.decimals("-9999999", "9999999", places=2))
def test_every_amount_has_words_and_its_cents(amount):
    """R-004-96: no amount fails, and the cents are those of the amount."""
    text = words.amount_in_words(amount)

    assert text.endswith(f"/{int(abs(amount) * 100) % 100:02d}")
    assert text.startswith("meno ") == (amount < 0)


@given(st.integers(0, 9999999), st.integers(0, 9999999))
def test_two_amounts_have_different_words(one, other):
    """R-004-96: words decide where figures are doubted."""
    assert (words.amount_in_words(Decimal(one)) == words.amount_in_words(Decimal(other))) == (one == other)
