"""What a company that asks to join may write (R-000-37)."""

from hypothesis import given
from hypothesis import strategies as st
from rules_loader import load

join = load("ecoupon", "join")


@given(st.text(alphabet="0123456789 .-", min_size=11, max_size=30))
def test_compact_keeps_the_characters_that_count(text):
    """R-000-37: blanks, points and hyphens are how people write, not what they mean."""
    assert join.compact(text) == "".join(char for char in text if char.isdigit())


@given(st.text(alphabet="0123456789", min_size=4, max_size=14), st.sampled_from(("IT", "DE", "FR", "GR")))
def test_number_with_and_without_its_country_is_one(number, country):
    """R-000-37: the same company is found either way."""
    prefix = "EL" if country == "GR" else country

    assert join.bare(f"{prefix}{number}", country) == join.bare(number, country) == number


@given(st.sampled_from(sorted(join.LENGTHS)), st.integers(0, 400))
def test_first_text_that_is_too_long_is_named(name, size):
    """R-000-37: the sentence can say which field."""
    too_long = size > join.LENGTHS[name]

    assert join.too_long({name: "x" * size}) == (name if too_long else "")


def test_shapes_of_numbers():
    """R-000-37: no markup, no line breaks."""
    for text in ("IT12345670017", "CHE-123.456.788 TVA", "12/345/67890"):
        assert join.VAT_SHAPE.fullmatch(text)
    for text in ("", "x", "<b>123</b>", "123\n456", "1" * 31, " 123456"):
        assert not join.VAT_SHAPE.fullmatch(text)
