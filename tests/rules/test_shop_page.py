"""What a shopkeeper writes on the shop's page, and which cards the shop takes (merchant_circuit, family_card)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rules_loader import load

page = load("merchant_circuit", "shop_page")
admission = load("merchant_circuit", "admission")


@given(st.text(max_size=700))
def test_texts_are_plain_and_stay_as_they_are(text):
    """R-004-91: cleaned once is cleaned for good, nothing that does not print is left."""
    try:
        clean = page.plain(text, 600)
    except ValueError:
        assert len(text) > 600
        return
    assert page.plain(clean, 600) == clean
    assert all(char == "\n" or char.isprintable() for char in clean)
    assert "\n\n\n" not in clean


def test_long_texts_are_refused():
    """Bad input."""
    with pytest.raises(ValueError, match="too long"):
        page.plain("x" * 601, 600)


@pytest.mark.parametrize(
    "text", ["", "+39 0971 111111", "0971/111.111", "(0971) 111111"[1:].replace(")", ""), "112 34"]
)
def test_phone_numbers(text):
    """R-004-91."""
    assert page.phone(f" {text} ") == text


@pytest.mark.parametrize("text", ["call me", "<b>1</b>", "+", "1", "0971\x00111", "1" * 31, "０９７１１１１"])
def test_what_is_no_phone_number(text):
    """Bad input."""
    with pytest.raises(ValueError, match="not a phone number"):
        page.phone(text)


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("", ""),
        ("rossi.example", "https://rossi.example"),
        ("www.rossi.example:8080/pane?q=1", "https://www.rossi.example:8080/pane?q=1"),
        ("http://rossi.example/", "http://rossi.example/"),
        (" https://rossi.example ", "https://rossi.example"),
    ],
)
def test_sites(text, address):
    """R-004-91."""
    assert page.website(text) == address


@pytest.mark.parametrize(
    "text",
    [
        "javascript:alert(1)",
        "JavaScript:1",
        "data:text/html,x",
        "mailto:a@example.org",
        "//",
        "https://",
        "https://localhost",
        "https://user:secret@rossi.example",
        "https://rossi.example/<script>",
        "https://rossi.example/\x00",
        "https://rossi.example:port",
        "https://[::1",
        "file:///etc/passwd",
        "https://rossi.example/" + "x" * 200,
        'https://rossi.example/" onclick="x',
    ],
)
def test_what_is_no_site(text):
    """Bad input: nothing that a browser would run, no names inside the own network."""
    with pytest.raises(ValueError, match="not an address"):
        page.website(text)
    assert not page.is_safe_link(text)


@given(st.text())
def test_an_accepted_site_is_a_safe_link(text):
    """R-004-91."""
    try:
        clean = page.website(text)
    except ValueError:
        return
    assert clean == "" or page.is_safe_link(clean)


ANSWERS = st.lists(st.dictionaries(st.integers(1, 6), st.sampled_from(["special", "none"])), max_size=4)


@given(ANSWERS)
def test_a_shop_takes_what_any_programme_lets_it_take(answers):
    """R-004-40, R-004-79."""
    found = admission.widest(answers)
    for activity in range(1, 7):
        levels = [answer.get(activity, "all") for answer in answers]
        expected = next((level for level in ("all", "special", "none") if level in levels), "all")
        assert found.get(activity, "all") == expected
