"""The file of the registry of residents: every fault is named, nothing is guessed."""

import io
import time
import zipfile
from datetime import date

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from rules_loader import load

registry = load("family_card", "registry_file")
table = load("family_card", "registry_table")

AS_OF = date(2024, 4, 3)
LIMITS = registry.Limits(5_000_000, 200_000)
HEAD = "codice famiglia;codice fiscale;cognome;nome;data di nascita;parentela"
ROSSI = "F1;RSSMRA85T10A562S;Rossi;Mario;10/12/1985;IS"


def parse(*lines, header=HEAD, encoding="utf-8", limits=LIMITS):
    return registry.parse("\r\n".join([header, *lines]).encode(encoding), limits, AS_OF)


def faults(*lines, **kwargs):
    return [(p.row, p.column, p.code) for p in parse(*lines, **kwargs).problems]


def refused(content, limits=LIMITS):
    with pytest.raises(registry.FileError) as error:
        registry.parse(content, limits, AS_OF)
    return error.value.code


def sheet(*rows):
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def test_a_good_row():
    [row] = parse(ROSSI).rows

    assert (row.number, row.household, row.name, row.birth_date, row.relation) == (
        2,
        "F1",
        "Mario Rossi",
        date(1985, 12, 10),
        "head",
    )


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_encodings(encoding):
    assert parse("F1;;Cantù;Niccolò;1/2/1980;figlio", encoding=encoding).rows[0].name == "Niccolò Cantù"


@pytest.mark.parametrize("mark", [",", "\t", "|"])
def test_separators_are_found(mark):
    assert parse(ROSSI.replace(";", mark), header=HEAD.replace(";", mark)).rows[0].name == "Mario Rossi"


def test_english_headers_and_unknown_columns():
    header = "Household code,Fiscal code,Full name,Birth date,Relation,Shoe size"

    parsed = parse("F1,,Anna Bianchi,1980-02-01,Head,38", header=header)

    assert parsed.rows[0].birth_date == date(1980, 2, 1)
    assert parsed.ignored == ["Shoe size"]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty"),
        (b" \r\n ", "empty"),
        (HEAD.encode(), "empty"),
        (b"a;b;c\r\n1;2;3", "no_columns"),
        (b"codice famiglia;cognome;nome\r\nF1;a;b", "missing_columns"),
        ((HEAD + ";surname\r\n").encode(), "column_twice"),
        (b"\x00\x01\x02", "binary"),
        (b"%PDF-1.7 1 0 obj", "binary"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "binary"),
        (b"<html><table><tr><td>codice famiglia</td></tr></table></html>", "binary"),
        (b"\xef\xbb\xbf<?xml version='1.0'?><a/>", "binary"),
        ((HEAD + f"\r\n{ROSSI}").encode("utf-16-le"), "binary"),
        (HEAD.encode() + b"\r\nF1;;Cant\xc3\xb9;b;1/1/1980;IS\r\nF1;;\xe8\x9d;b;1/1/1980;IS", "encoding"),
        (HEAD.encode() + b"\r\nF1;;\x81;b;1/1/1980;IS", "encoding"),
        (b"\xd0\xcf\x11\xe0rest", "old_excel"),
        (b"PK\x03\x04nonsense", "not_a_sheet"),
        ((HEAD + '\r\nF1;;"Rossi;Mario').encode(), "broken_quotes"),
    ],
)
def test_files_that_cannot_be_read(content, code):
    assert refused(content) == code


def test_another_zip_is_not_a_sheet():
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("word/document.xml", "x")

    assert refused(stream.getvalue()) == "not_a_sheet"


def repacked(content, **entries):
    """A zip file with some entries replaced or added."""
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as source, zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in source.namelist():
            if name not in entries:
                archive.writestr(name, source.read(name))
        for name, text in entries.items():
            archive.writestr(name, text)
    return stream.getvalue()


SHEET = "xl/worksheets/sheet1.xml"
SPREADSHEET = (
    '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>{}</sheetData></worksheet>'
)


def good_sheet():
    return sheet(HEAD.split(";"), ["F1", None, "Rossi", "Mario", "01/01/2000", "IS"])


def test_a_bomb_is_too_large():
    """Issue 3, must be shown 4: thirty kilobytes that unpack to thirty megabytes."""
    bomb = repacked(good_sheet(), **{SHEET: SPREADSHEET.format("0" * 30_000_000)})

    started = time.monotonic()
    assert refused(bomb) == "too_large"
    assert time.monotonic() - started < 1


def test_a_bomb_of_entities_is_no_sheet():
    """Issue 3, must be shown 4: billion laughs."""
    entities = '<!ENTITY a0 "lol">' + "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 9}">' for n in range(1, 10))
    cell = '<row><c t="inlineStr"><is><t>&a9;</t></is></c></row>'
    bomb = f'<?xml version="1.0"?><!DOCTYPE x [{entities}]>' + SPREADSHEET.format(cell)

    assert refused(repacked(good_sheet(), **{SHEET: bomb})) == "not_a_sheet"


def test_a_sheet_with_macros():
    """Issue 3, must be shown 4."""
    assert refused(repacked(good_sheet(), **{"xl/vbaProject.bin": b"\xd0\xcf\x11\xe0"})) == "macros"


def test_a_sheet_that_was_cut_short():
    """Issue 3, must be shown 4."""
    assert refused(good_sheet()[:-400]) == "not_a_sheet"


def test_line_ends_of_an_old_macintosh():
    assert registry.parse(f"{HEAD}\r{ROSSI}\r".encode(), LIMITS, AS_OF).count == 1


def test_limits():
    assert refused((HEAD + f"\r\n{ROSSI}" * 3).encode(), registry.Limits(10_000, 2)) == "too_many_rows"
    assert refused((HEAD + f"\r\n{ROSSI}").encode(), registry.Limits(10, 2)) == "too_large"


@pytest.mark.parametrize("day", ["30/02/2024", "31/12/24", "2024-13-01", "yesterday", "1/1/2024/5"])
def test_impossible_dates(day):
    assert faults(f"F1;;Rossi;Mario;{day};IS") == [(2, "birth_date", "date")]


def test_dates_out_of_reach():
    assert faults("F1;;Rossi;Mario;04/04/2024;IS") == [(2, "birth_date", "future")]
    assert faults("F1;;Rossi;Mario;01/01/1789;IS") == [(2, "birth_date", "too_old")]
    header = HEAD + ";dal;al;data decesso"
    assert faults("F1;;Rossi;Mario;01/01/2000;IS;01/01/1999;01/01/1998;", header=header) == [
        (2, "first", "before_birth"),
        (2, "last", "before_birth"),
        (2, "last", "before_first"),
    ]


@pytest.mark.parametrize("cell", ['=HYPERLINK("x")', "+39", "-1", "@SUM(A1)"])
def test_formulas_in_a_text(cell):
    quoted = '"' + cell.replace('"', '""') + '"'
    assert faults(f"F1;;{quoted};Mario;01/01/2000;IS") == [(2, "last_name", "formula")]


def test_formulas_and_dates_in_a_sheet():
    header = HEAD.split(";")
    parsed = registry.parse(
        sheet(header, ["F1", None, "=1+1", "Mario", date(2000, 1, 1), "IS"], [2, None, "Rossi", "Anna", "1/1/2000"]),
        LIMITS,
        AS_OF,
    )

    assert [(p.row, p.column, p.code) for p in parsed.problems] == [(2, "last_name", "formula")]
    assert (parsed.rows[0].household, parsed.rows[0].birth_date, parsed.rows[0].relation) == (
        "2",
        date(2000, 1, 1),
        None,
    )


def test_mixed_separators_are_named():
    assert faults(ROSSI, "F2,,Bianchi,Anna,01/01/2000,IS") == [(3, "row", "cells")]


def test_codes():
    """domain.md 3.3; the code itself is never repeated."""
    [problem] = parse("F1;RSSMRA85T10A562X;Rossi;Mario;10/12/1985;IS").problems
    assert (problem.code, problem.value) == ("fiscal_code", "RSS***********2X")
    assert faults("F1;RSSMRA85T10A562S;Rossi;Mario;11/12/1985;IS") == [(2, "birth_date", "contradicts")]
    assert not faults("F1;RSSMRA23A41C986N;Rossi;Maria;01/01/2023;figlia")


def test_the_same_person_twice():
    assert faults(ROSSI, ROSSI) == [(3, "fiscal_code", "twice")]
    assert faults(ROSSI, "F2;RSSMRA85T1LA56NK;ROSSI;MARIO;10/12/1985;IS") == [(3, "fiscal_code", "variant")]
    assert faults(ROSSI, "F2;;Mario;Rossi;10/12/1985;IS") == [(3, "name", "same_person")]
    other = parse(ROSSI, "F2;RSSMRA85T1LA56NK;Russo;Mara;10/12/1985;IS").problems
    assert [p.level for p in other] == ["warning"]


def test_missing_values_and_unknown_relations():
    assert faults(";;;;01/01/2000;pirate") == [
        (2, "last_name", "required"),
        (2, "household", "required"),
        (2, "relation", "relation"),
    ]


def test_names_are_compared_without_accents_and_order():
    assert registry.name_key("D'Alò  Niccolò") == registry.name_key("NICCOLO DALO")


@given(st.text(max_size=20))
def test_an_exported_cell_is_never_a_formula(text):
    assert registry.safe_cell(text)[:1] not in ("=", "+", "-", "@", "\t")


@given(st.binary(max_size=300))
def test_any_bytes_get_an_answer(content):
    try:
        parsed = registry.parse(content, LIMITS, AS_OF)
    except registry.FileError:
        return
    assert parsed.count


@given(st.lists(st.text(max_size=12), max_size=6))
def test_any_cells_get_an_answer(cells):
    joined = ";".join('"' + cell.replace('"', '""') + '"' for cell in cells)
    try:
        parse(joined)
    except (registry.FileError, UnicodeEncodeError):
        return
