"""Exports in which no text is computed as a formula."""

import csv
import io
from datetime import date, datetime
from decimal import Decimal

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from rules_loader import load

safe_sheet = load("stored_value", "safe_sheet")

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)
risky = st.builds(
    lambda blank, sign, rest: blank + sign + rest,
    st.sampled_from(["", " ", "  "]),
    st.sampled_from(["=", "+", "-", "@", "\t", "\r"]),
    texts,
)


@given(risky)
def test_what_looks_like_a_formula_is_neutralised(text):
    assert safe_sheet.safe_cell(text) == "'" + text


@given(texts)
def test_a_safe_cell_never_begins_a_formula_and_loses_nothing(text):
    cell = safe_sheet.safe_cell(text)

    assert not cell.lstrip(" ").startswith(("=", "+", "-", "@", "\t", "\r"))
    assert cell in (text, "'" + text)


@given(st.lists(texts, min_size=1, max_size=4))
def test_csv_gives_back_every_text(row):
    content = safe_sheet.write_csv(["h"] * len(row), [row]).decode("utf-8-sig")

    read = list(csv.reader(io.StringIO(content, newline=""), delimiter=";"))

    assert read[1:] == [[safe_sheet.safe_cell(text) for text in row]]


@given(st.one_of(risky, st.just('=HYPERLINK("http://x")'), st.just("{=1+1}"), st.just("http://example.org")))
def test_xlsx_cells_are_text(text):
    content = safe_sheet.write_xlsx(["Name"], [[text]])

    cell = openpyxl.load_workbook(io.BytesIO(content)).active["A2"]

    assert cell.data_type == "s"
    assert cell.hyperlink is None


def test_numbers_and_dates_keep_their_type():
    row = [Decimal("41.25"), 3, date(2024, 4, 3), datetime(2024, 4, 3, 10, 15), None, "Rossi", True]

    content = safe_sheet.write_xlsx(list("ABCDEFG"), [row], "Cards")

    page = openpyxl.load_workbook(io.BytesIO(content)).active
    assert page.title == "Cards"
    assert [cell.value for cell in page[2]] == [
        41.25,
        3,
        datetime(2024, 4, 3),
        datetime(2024, 4, 3, 10, 15),
        None,
        "Rossi",
        True,
    ]
    text = safe_sheet.write_csv(list("ABCDEFG"), [row]).decode("utf-8-sig")
    assert text.splitlines()[1] == "41.25;3;2024-04-03;2024-04-03 10:15:00;;Rossi;True"


@pytest.mark.parametrize("rows", [[], [["a"]] * 3])
def test_any_number_of_rows(rows):
    page = openpyxl.load_workbook(io.BytesIO(safe_sheet.write_xlsx(["Name"], rows))).active

    assert page.max_row == 1 + len(rows)
