"""Sheets of printed coupons (R-000-05)."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rules_loader import load

sheet = load("ecoupon", "sheet")
words = st.text(st.characters(codec="utf-8", exclude_categories=("Cs",)), max_size=120)


@settings(max_examples=15, deadline=None)
@given(st.builds(sheet.Words, words, words, words, words, words))
def test_any_words_fit(said):
    """R-000-05: however long a name is, and in whatever letters, there is a sheet."""
    assert sheet.draw(["EC-0123-4567-89AB-CDEF"], said, 1).startswith(b"%PDF")


@pytest.mark.parametrize(("coupons", "pages"), [(1, 1), (24, 1), (25, 2), (49, 3)])
def test_twenty_four_a_page(coupons, pages):
    """R-000-05: no page is empty and no coupon is left out."""
    content = sheet.draw(["EC-0123-4567-89AB-CDEF"] * coupons, sheet.Words("a", "b", "c", "d", "e"), 1)

    assert content.count(b"/Type /Page\n") == pages
