"""Lists of entitled people, row by row (R-000-31, R-000-32)."""

import io
from datetime import date

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from rules_loader import load

rows_rule = load("ecoupon", "entitlement_rows")
table = load("ecoupon", "table")
person = load("ecoupon", "person")

GOOD, OTHER = "RSSMRA80A01H501U", "RSSMRA80A01F205X"
SECRET = "s" * 64
REGION = "r" * 40
LIMITS = table.Limits(1024 * 1024, 100)
HASH = person.keyed_hash(REGION, GOOD)


def terms(policy=None, full=False):
    keys = {"Region": rows_rule.Key(7, person.check_value(REGION))}
    return rows_rule.Terms(keys, (1, SECRET), {"RDA": 11, "FAM": 12}, policy, full)


def read(text, **kwargs):
    content = text.encode() if isinstance(text, str) else text
    return rows_rule.parse(*table.read(content, LIMITS, rows_rule.known), terms(**kwargs))


def codes(text, **kwargs):
    _rows, problems = read(text, **kwargs)
    return [(problem.row, problem.code, *problem.values) for problem in problems]


def sheet(*rows):
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def test_codes_become_hashes():
    """R-000-31: of a list of fiscal codes only keyed hashes are left."""
    rows, problems = read(f"Codice fiscale;Misura;Dal;Al\n{GOOD.lower()};rda;01/01/2026;31/12/2026\n")

    assert problems == []
    assert rows == [
        rows_rule.Row(2, 1, person.keyed_hash(SECRET, GOOD), 11, date(2026, 1, 1), date(2026, 12, 31), "add")
    ]


def test_hashes_with_their_key():
    """R-000-31: a list of hashes names its key and the key's check value."""
    rows, problems = read(
        f"hash,key,check value,policy,from,to,action\n{HASH.upper()},Region,{person.check_value(REGION)},FAM,2026-01-01,,add\n"
    )

    assert problems == []
    assert rows[0][1:5] == (7, HASH, 12, date(2026, 1, 1))


def test_xlsx():
    """R-000-31: a sheet is known by its content, dates and numbers are taken as the sheet keeps them."""
    content = sheet(["CF", "Policy", "From", "To", "Action"], [GOOD, "RDA", date(2026, 1, 1), None, "Togli"])

    rows, problems = read(content)

    assert problems == []
    assert rows[0].action == "remove"
    assert rows[0].date_from == date(2026, 1, 1)


def test_a_hash_of_another_key():
    """R-000-31: a hash made with another key is told with both check values, and never taken."""
    wrong = person.check_value("another key")

    assert codes(f"hash;key;check;policy;from\n{HASH};Region;{wrong};RDA;2026-01-01\n") == [
        (2, "other_key", "Region", wrong, person.check_value(REGION))
    ]


@pytest.mark.parametrize(
    ("row", "code"),
    [
        (f"{GOOD[:-1]}A;;;;RDA;2026-01-01;;", "fiscal_code"),
        (";;;;RDA;2026-01-01;;", "no_person"),
        (f"{GOOD};{HASH};;;RDA;2026-01-01;;", "code_and_hash"),
        (";abc;Region;;RDA;2026-01-01;;", "hash"),
        (f";{HASH};;;RDA;2026-01-01;;", "no_key"),
        (f";{HASH};Nobody;;RDA;2026-01-01;;", "key"),
        (f";{HASH};Region;;RDA;2026-01-01;;", "other_key"),
        (f"{GOOD};;;;;2026-01-01;;", "no_policy"),
        (f"{GOOD};;;;NONE;2026-01-01;;", "policy"),
        (f"{GOOD};;;;RDA;;;", "no_first_day"),
        (f"{GOOD};;;;RDA;31/02/2026;;", "date"),
        (f"{GOOD};;;;RDA;2026-01-02;2026-01-01;", "reversed"),
        (f"{GOOD};;;;RDA;01/01/0026;;", "date"),
        (f"{GOOD};;;;RDA;2026-01-01;;perhaps", "action"),
        (f"{GOOD};;;;RDA;2026-01-01;;a\x07dd", "characters"),
        (f"{GOOD};;;;RDA", "cells"),
        (f"{GOOD};;;;RDA;2026-01-01;;;more", "cells"),
    ],
)
def test_every_fault_names_its_row(row, code):
    """R-000-31: malformed rows are told by number; one of them and nothing is taken."""
    header = "fiscal code;hash;key;check value;policy;from;to;action"

    found = codes(f"{header}\n{OTHER};;;;RDA;2026-01-01;;\n{row}\n")

    assert [(number, name) for number, name, *_rest in found] == [(3, code)]


def test_a_problem_masks_the_code():
    """R-000-31: what is shown of a wrong code does not tell whose it is."""
    [(_row, _code, shown)] = codes(f"cf;policy;from\n{GOOD[:-1]}A;RDA;2026-01-01\n")

    assert shown == "RSS***********1A"


@pytest.mark.parametrize("code", [GOOD, GOOD.lower(), f"{GOOD[:-1]}A", "RSS MRA 80A01 H501U", GOOD[:-1], "12345678903"])
def test_swapped_columns_mask_the_code(code):
    """R-000-31: of a code in another column no more is shown than of a wrong one in its own."""
    found = codes(
        f"cf;policy;from;action;hash;key;check\n{GOOD};{code};{code};{code};;;\n;RDA;2026-01-01;;{HASH};{code};\n"
    )

    assert [name for _row, name, *_values in found] == ["action", "date", "policy", "key"]
    for *_place, shown in found:
        assert shown == person.mask(shown[:3] + "x" * (len(shown) - 5) + shown[-2:])
        assert person.normalise(code).lower() not in person.normalise(shown).lower()


@given(st.from_regex(r"[A-Z]{6}[0-9]{2}[A-Z][0-9]{2}[A-Z][0-9]{3}[A-Z]", fullmatch=True), st.text(max_size=20))
def test_no_code_is_shown(code, around):
    """R-000-31: whatever stands around a code, it is not shown in full."""
    assert code not in person.hide(f"{around}{code}").upper() or around[-1:].isalnum()


@pytest.mark.parametrize(
    "text", ["RDA_1", "Region 2026", "Regione 2026 old", "31/02/2026", "0026-01-01 00:00:00", "perhaps"]
)
def test_what_is_no_code_is_shown(text):
    """R-000-31: whoever corrects the list sees what is wrong with it."""
    assert person.hide(text) == text


@pytest.mark.parametrize("content", [b" ; \n", b"  ;\n ; \n", sheet([" "])])
def test_only_blanks(content):
    """R-000-31: a file of blanks is empty, also when its cells hold some."""
    with pytest.raises(table.FileError) as caught:
        table.read(content, LIMITS, rows_rule.known)
    assert caught.value.code == "empty"


def test_blanks_before_the_titles():
    """R-000-31: rows of blanks are passed over."""
    rows, problems = read(f" ; ; \ncf;policy;from\n{GOOD};RDA;2026-01-01\n")

    assert (len(rows), problems) == (1, [])


@pytest.mark.parametrize(
    ("first", "second", "twice"),
    [
        ("2026-01-01;;", "2026-01-01;;", True),
        ("2026-01-01;2026-06-30;", "2026-06-30;;", True),
        ("2026-01-01;2026-06-30;", "2026-07-01;;", False),
        ("2026-01-01;;", ";;remove", True),
        (";;remove", ";;remove", True),
        ("2026-01-01;;remove", "2026-02-01;;remove", False),
    ],
)
def test_duplicates(first, second, twice):
    """R-000-31: one person twice for one policy is a mistake unless the days are apart."""
    found = codes(f"cf;policy;from;to;action\n{GOOD};RDA;{first}\n{OTHER};RDA;2026-01-01;;\n{GOOD};RDA;{second}\n")

    assert found == ([(4, "twice", "2")] if twice else [])


def test_two_policies():
    """R-000-32: one person may be entitled by two policies."""
    assert codes(f"cf;policy;from\n{GOOD};RDA;2026-01-01\n{GOOD};FAM;2026-01-01\n") == []


def test_policy_of_the_list():
    """R-000-32: rows without a policy have that of the list."""
    rows, problems = read(f"cf;from\n{GOOD};2026-01-01\n", policy=12)

    assert (rows[0].policy_id, problems) == (12, [])


def test_whole_list():
    """R-000-31: a whole list takes nobody off by name, and that of one policy names no other."""
    text = f"cf;policy;from;action\n{GOOD};RDA;2026-01-01;remove\n{OTHER};FAM;2026-01-01;\n"

    assert codes(text, full=True, policy=11) == [(2, "remove_in_full"), (3, "other_policy", "FAM")]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "empty"),
        ("cf;policy;from\n", "empty"),
        ("a;b\n1;2\n", "no_columns"),
        ("policy;from\nRDA;2026-01-01\n", "missing_columns"),
        ("hash;policy;from\nx;RDA;2026-01-01\n", "missing_columns"),
        ("cf;codice fiscale;from\nx;y;2026-01-01\n", "column_twice"),
        ("cf;from\n" + "x;2026-01-01\n" * 101, "too_many_rows"),
        (b"cf;from\n" + b"x" * 1024 * 1024, "too_large"),
        (b"%PDF-1.7", "binary"),
        (b"\xd0\xcf\x11\xe0 old", "old_excel"),
        (b"PK\x03\x04 not a sheet", "not_a_sheet"),
        ('cf;from\n"x;2026-01-01\n', "broken_quotes"),
    ],
)
def test_files_that_are_no_lists(text, code):
    """R-000-31: a file that cannot be read as a whole is told so."""
    with pytest.raises(table.FileError) as caught:
        read(text)

    assert caught.value.code == code


def test_formulas_are_refused():
    """R-000-31: a computed cell is no date and no code."""
    assert codes(sheet(["cf", "policy", "from"], [GOOD, "RDA", "=TODAY()"]))[0][1] == "formula"


@given(st.binary(max_size=300))
def test_any_bytes(content):
    """R-000-31: whatever is uploaded is read, told row by row or refused as a whole."""
    try:
        rows, problems = read(content)
    except table.FileError:
        return
    assert rows or problems


@given(st.lists(st.lists(st.text(max_size=20), min_size=4, max_size=4), min_size=1, max_size=20))
def test_any_cells(cells):
    """R-000-31: every row is either understood or told; none is passed over."""
    header = ["cf", "policy", "from", "to"]
    numbered = list(enumerate(cells, start=2))

    rows, problems = rows_rule.parse(header, numbered, terms())

    assert {row.number for row in rows} | {problem.row for problem in problems} == {
        number for number, _cells in numbered
    }
