"""Applications: filing instants, completeness, matching with the registry (examples 4.3)."""

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rules_loader import load

rules = load("family_card", "application")
periods = load("family_card", "periods")
uploads = load("family_card", "uploads")

ROME = "Europe/Rome"
OPENS = date(2024, 2, 5)
Q = periods.Quarter
WINDOWS = (periods.Window(OPENS, date(2024, 3, 4), Q(2024, 1)),)
TODAY = date(2024, 4, 3)
days = st.dates(min_value=date(2000, 1, 1), max_value=date(2100, 12, 31))
names = st.text(st.characters(categories=("Lu", "Ll")), min_size=1, max_size=12)


def head(**vals):
    return rules.Declared(
        **{"name": "Anna", "fiscal_code": "", "birth_date": date(1985, 1, 1), "relation": "head"} | vals
    )


def child(**vals):
    return head(**{"name": "Luca", "birth_date": date(2015, 1, 1), "relation": "child"} | vals)


@pytest.mark.parametrize(
    ("at", "reason", "quarter"),
    [
        (datetime(2024, 2, 4, 22, 59, 59), "not_open", None),
        (datetime(2024, 2, 4, 23, 0), None, Q(2024, 1)),
        (datetime(2024, 3, 4, 22, 59, 59), None, Q(2024, 1)),
        (datetime(2024, 3, 4, 23, 0), None, Q(2024, 2)),
        (datetime(2024, 4, 20, 10, 0), None, Q(2024, 3)),
        (datetime(2024, 12, 31, 22, 59, 59), None, Q(2025, 1)),
        (datetime(2024, 12, 31, 23, 0), "closed", None),
    ],
)
def test_filing_instants(at, reason, quarter):
    """Examples A1 to A4; R-004-20, R-004-21, R-004-22, A13."""
    filing = rules.filing(at, ROME, OPENS, date(2024, 12, 31), WINDOWS)
    assert (filing.reason, filing.quarter, filing.open) == (reason, quarter, reason is None)


def test_no_first_day_no_applications():
    """R-004-20."""
    assert rules.filing(datetime(2024, 3, 1), ROME, None) == (False, "not_set", None)


@given(days, st.integers(0, 86399), days, st.one_of(st.none(), days))
def test_open_from_midnight_to_midnight(day, second, opens, closes):
    """R-004-20: accepted exactly on the local days between the first and the last, at every second of them."""
    at = periods.midnight(day, ROME) + timedelta(seconds=second)
    local = periods.local_day(at, ROME)
    filing = rules.filing(at, ROME, opens, closes)
    assert filing.open == (opens <= local and (closes is None or local <= closes))
    if filing.open:
        assert filing.quarter.start > local
        assert filing.quarter == periods.quarter_of(local).plus(1)


@given(st.lists(st.tuples(days, days).map(sorted), max_size=6))
def test_overlapping_windows_are_found(pairs):
    """A13: as a day-by-day look would find them."""
    windows = [periods.Window(first, last, Q(2024, 1)) for first, last in pairs]
    naive = any(a.first <= b.last and b.first <= a.last for i, a in enumerate(windows) for b in windows[i + 1 :])
    assert rules.overlapping(windows) == naive


@pytest.mark.parametrize(
    ("number", "mobile"),
    [("+393471234567", True), ("+390971123456", False), ("+4915112345678", True), ("347", False), ("", False)],
)
def test_mobile_numbers(number, mobile):
    """R-004-18."""
    assert rules.is_mobile(number) is mobile


@pytest.mark.parametrize(
    ("members", "codes"),
    [
        ([head(), child()], []),
        ([head(relation="spouse"), child()], ["no_head"]),
        ([head(dropped=True)], ["no_head"]),
        ([head(), child(relation="head")], ["two_heads"]),
        ([head(), child(name=" ")], ["no_name"]),
        ([head(), child(fiscal_code="RSSMRA")], ["bad_code"]),
        ([head(), child(birth_date=None)], ["no_birth"]),
        ([head(), child(birth_date=TODAY + timedelta(1))], ["born_later"]),
        ([head(), child(fiscal_code="RSSMRA85T10A562S")], ["wrong_birth"]),
        ([head(), child(), child(name="LUCA")], ["twice"]),
    ],
)
def test_problems_of_a_declared_household(members, codes):
    """R-004-15, R-004-16."""
    assert [code for code, _name in rules.problems(members, TODAY)] == codes


def test_a_person_is_found_by_code_else_by_name_and_birth():
    """R-004-10, R-004-16: a code decides; without one name and birth date do, when only one person fits."""
    born = date(2015, 1, 1)
    registry = [
        rules.Known(1, "ROSSI ANNA", "A", date(1985, 1, 1)),
        rules.Known(2, "Rossi Lùca", "", born),
        rules.Known(3, "Rossi Sara", "", born),
        rules.Known(4, "Sara Rossi", "", born),
    ]
    declared = [
        head(name="Anyone", fiscal_code="A"),
        child(name="Luca Rossi"),
        child(name="Sara Rossi"),
    ]
    assert rules.match(declared, registry) == ({0: 1, 1: 2}, (2,), (3, 4))


@given(
    st.lists(st.tuples(names, st.sampled_from(["", "A", "B", "C"]), days), max_size=6),
    st.lists(st.tuples(names, st.sampled_from(["", "A", "B", "C"]), days), max_size=6),
)
def test_nobody_is_matched_twice(declared, registry):
    """R-004-16: each person of the registry at most once, everybody is accounted for."""
    people = [rules.Declared(name, code, birth, "other") for name, code, birth in declared]
    known = [rules.Known(i, name, code, birth) for i, (name, code, birth) in enumerate(registry)]
    found = rules.match(people, known)
    assert len(set(found.persons.values())) == len(found.persons)
    assert set(found.persons) | set(found.unknown) == set(range(len(people)))
    assert set(found.persons.values()) | set(found.not_declared) == {person.id for person in known}


@given(st.binary(max_size=40), st.text(max_size=60))
def test_uploads_are_known_by_content(content, name):
    """R-004-11: a name has no say, and a stored name holds no folder."""
    found = uploads.kind(content)
    assert (found is not None) == content.startswith((b"%PDF-", b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n"))
    safe = uploads.safe_name(name, ".pdf")
    assert not set("/\\") & set(safe)
    assert safe.endswith(".pdf")
    assert len(safe) <= 90
