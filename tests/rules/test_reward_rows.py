"""Rewarded behaviours reported by file, row by row (R-000-17)."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rules_loader import load

rewards = load("ecoupon", "reward_rows")
table = load("ecoupon", "table")

ANNA, MARIO = "RSSMRA80A01H501U", "RSSMRA80A01F205X"
LIMITS = table.Limits(1024 * 1024, 100)
CODES = {"GLASS", "BLOOD"}


def read(text, default=""):
    return rewards.parse(*table.read(text.encode(), LIMITS, rewards.known), CODES, default)


def faults(text, default=""):
    _found, problems = read(text, default)
    return [(problem.row, problem.code) for problem in problems]


def test_rows_become_occurrences():
    """R-000-17: person, behaviour, day, number and proof."""
    found, problems = read(
        f"Codice fiscale;Comportamento;Data;Riferimento;Prova\n{ANNA.lower()};blood;14/06/2026;A1;ricevuta 7\n"
    )

    assert problems == []
    assert found == [rewards.Row(2, ANNA, "BLOOD", date(2026, 6, 14), "A1", "ricevuta 7")]


def test_rows_without_a_behaviour_take_the_one_chosen():
    """R-000-17: a partner that reports one thing leaves the column out."""
    [row], problems = read(f"cf,day,id\n{ANNA},2026-06-14,1\n", default="GLASS")

    assert (row.behaviour, problems) == ("GLASS", [])


@pytest.mark.parametrize(
    ("cells", "code"),
    [
        (",GLASS,2026-06-14,1", "no_fiscal_code"),
        ("RSSMRA80A01H501X,GLASS,2026-06-14,1", "fiscal_code"),
        (f"{ANNA},,2026-06-14,1", "no_behaviour"),
        (f"{ANNA},PAPER,2026-06-14,1", "behaviour"),
        (f"{ANNA},GLASS,,1", "no_day"),
        (f"{ANNA},GLASS,31/02/2026,1", "date"),
        (f"{ANNA},GLASS,2026-06-14,", "no_reference"),
        (f"{ANNA},GLASS,2026-06-14,{'9' * 65}", "long_reference"),
        (f"{ANNA},GLASS,2026-06-14,1,more", "cells"),
    ],
)
def test_each_fault_is_named_by_its_row(cells, code):
    """R-000-17: with one fault no row counts, and the partner reads which one to mend."""
    assert faults(f"cf,behaviour,day,id\n{MARIO},GLASS,2026-06-14,0\n{cells}\n") == [(3, code)]


def test_one_number_twice():
    """R-000-17: one occurrence is rewarded once; the same number of another behaviour is another occurrence."""
    text = f"cf,behaviour,day,id\n{ANNA},GLASS,2026-06-14,1\n{MARIO},BLOOD,2026-06-14,1\n{MARIO},GLASS,2026-06-15,1\n"

    assert faults(text) == [(4, "reference_twice")]


def test_faults_tell_no_fiscal_code():
    """R-000-17, R-004-101: codes in a wrong column are masked in what is shown."""
    _found, problems = read(f"cf,behaviour,day,id\n{ANNA},{MARIO},{ANNA},1\n")

    assert len(problems) == 2
    assert ANNA not in str(problems)
    assert MARIO not in str(problems)


@pytest.mark.parametrize(
    ("header", "code"),
    [("name,surname", "no_columns"), ("cf,day", "missing_columns"), ("cf,cf,day,id", "column_twice")],
)
def test_columns_that_cannot_be_understood(header, code):
    """R-000-17: the file as a whole is refused."""
    with pytest.raises(table.FileError) as caught:
        read(f"{header}\n1\n")

    assert caught.value.code == code


@given(st.lists(st.tuples(*[st.text(max_size=20)] * 5), max_size=6))
def test_any_cells_are_rows_or_faults(cells):
    """R-000-17: whatever a file holds, each row is an occurrence or has a fault, and nothing else is raised."""
    numbered = list(enumerate(cells, start=2))

    found, problems = rewards.parse(["cf", "behaviour", "day", "id", "proof"], numbered, CODES, "GLASS")

    assert {row.number for row in found} | {problem.row for problem in problems} == {
        number for number, _row in numbered
    }
