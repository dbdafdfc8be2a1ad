"""What citizens type into the portal's form."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rules_loader import load

form = load("family_card_portal", "form")
web_link = load("family_card_portal", "web_link")


@given(
    st.dates(min_value=date(1000, 1, 1)), st.sampled_from(["{:%d/%m/%Y}", "{:%d.%m.%Y}", "{:%d%m%Y}", "{:%Y-%m-%d}"])
)
def test_every_date_is_read_as_people_write_it(day, shape):
    """R-004-11: whatever the sign between the parts."""
    assert form.parse_date(f" {shape.format(day)} ") == day


@given(st.dates(min_value=date(1000, 1, 1)))
def test_what_is_shown_is_read_again(day):
    """Nothing changes by going back and forth."""
    assert form.parse_date(form.show_date(day)) == day


@given(st.text())
def test_other_texts_are_no_dates(text):
    """A date or nothing, never an error."""
    assert form.parse_date(text) is None or isinstance(form.parse_date(text), date)


@pytest.mark.parametrize("text", ["31/02/2024", "29/02/2023", "00/01/2024", "1/13/2024", "10/12/85", "٠١/٠١/١٩٨٥", ""])
def test_days_that_do_not_exist_are_refused(text):
    """R-004-11."""
    assert form.parse_date(text) is None


@pytest.mark.parametrize(
    "name", ["Anna D'Angelo", "Maria José Núñez", "Šárka Ó Briain", "Rossi-Bianchi Pier", "李 小龍"]
)
def test_names_of_people_are_accepted(name):
    """R-004-16: also those that are not Italian."""
    assert form.is_name(name)


@given(st.sampled_from("=+-@\t\r"), st.text(max_size=20))
def test_nothing_a_table_would_compute_is_a_name(sign, rest):
    """A spreadsheet runs what begins like that."""
    assert not form.is_name(sign + rest)


@pytest.mark.parametrize("name", ["", "A", "<b>Anna</b>", "Anna1", "x" * 101, "Anna\nRossi", "Anna;Rossi", "..Anna"])
def test_other_texts_are_no_names(name):
    """R-004-16."""
    assert not form.is_name(name)


@pytest.mark.parametrize(
    ("text", "right"),
    [
        ("a@b.it", True),
        ("a.b+c@d.e.it", True),
        ("a@b", False),
        ("a@b.it,c@d.it", False),
        ("@b.it", False),
        ("a b@c.it", False),
    ],
)
def test_one_mail_address(text, right):
    """One, not a list."""
    assert form.is_email(text) is right


@pytest.mark.parametrize("url", ["https://example.org/a?b=c", "http://example.org", "https://[2001:db8::1]/x"])
def test_web_pages_may_be_linked(url):
    """R-001-23, R-004-07."""
    assert web_link.is_safe(url)


@pytest.mark.parametrize(
    "url",
    [
        "",
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        " https://example.org",
        "https://a b",
        "data:text/html,x",
        "//x.org",
    ]
    + ["https://", "https://user@example.org", "https://[", "file:///etc/passwd", "https://example.org/" + "x" * 500],
)
def test_anything_else_is_no_link(url):
    """R-001-23: nothing that runs, nothing that hides where it leads."""
    assert not web_link.is_safe(url)


@given(st.text())
def test_a_link_is_judged_without_error(text):
    """Whatever the office pastes."""
    assert web_link.is_safe(text) in (True, False)
