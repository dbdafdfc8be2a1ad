"""The rows of a partner's file of rewarded behaviours: from cells to people, codes and days, every fault named by its
row (R-000-17)."""

from collections.abc import Collection, Iterable, Sequence
from datetime import date, datetime
from typing import NamedTuple

from . import person
from .entitlement_rows import SHOWN, YEARS, Problem, _plain, _read_day
from .table import FileError, Formula

#: Titles as people write them, without blanks, accents and punctuation.
HEADERS = {
    "fiscal_code": "codicefiscale cf fiscalcode taxcode",
    "behaviour": "comportamento codicecomportamento azione behaviour behaviourcode behavior code codice",
    "day": "data giorno quando date day on",
    "reference": "riferimento numero protocollo id reference number occurrence",
    "evidence": "prova attestazione documento evidence proof document",
}
_FIELD = {title: field for field, titles in HEADERS.items() for title in titles.split()}
REQUIRED = ("fiscal_code", "day", "reference")
LONGEST = 64


class Row(NamedTuple):
    """An occurrence of the file."""

    number: int
    fiscal_code: str
    behaviour: str
    day: date
    reference: str
    evidence: str


def known(titles: Sequence[str]) -> int:
    """How many titles of a header are understood."""
    return sum(_plain(title) in _FIELD for title in titles)


def map_header(header: Sequence[str]) -> dict[str, int]:
    """Which column holds what.

    :param header: titles
    :return: field to position
    :raises FileError: ``no_columns``, ``column_twice`` or ``missing_columns``
    """
    columns = {}
    for position, title in enumerate(header):
        field = _FIELD.get(_plain(title))
        if field in columns:
            raise FileError("column_twice", field)
        if field:
            columns[field] = position
    if not columns:
        raise FileError("no_columns")
    missing = [field for field in REQUIRED if field not in columns]
    if missing:
        raise FileError("missing_columns", *missing)
    return columns


def parse(header: Sequence[str], rows: Iterable[tuple[int, Sequence]], codes: Collection[str], default: str):
    """Read the rows of a file (R-000-17).

    :param header: titles
    :param rows: number of the row and its cells
    :param codes: behaviours that are recorded by file, in capitals
    :param default: behaviour of rows that name none, or ""
    :return: (list of Row, list of Problem); with problems no row counts
    :raises FileError: see :func:`map_header`
    """
    columns, width = map_header(header), len(header)
    found, problems, seen = [], [], {}
    for number, cells in rows:
        if any(cell not in ("", None) for cell in cells[width:]) or len(cells) < width:
            problems.append(Problem(number, "cells", (width,)))
            continue
        reader = _Reader(number, {field: cells[position] for field, position in columns.items()}, codes, default)
        row = reader.row()
        problems += reader.problems
        if row:
            first = seen.setdefault((row.behaviour, row.reference), number)
            if first != number:
                problems.append(Problem(number, "reference_twice", (str(first),)))
            found.append(row)
    return found, sorted(problems)


class _Reader:
    """One row."""

    def __init__(self, number, cells, codes, default):
        self.number, self.cells, self.codes, self.default, self.problems = number, cells, codes, default, []

    def fault(self, code, *values):
        self.problems.append(Problem(self.number, code, tuple(person.hide(str(value))[:SHOWN] for value in values)))

    def text(self, field):
        cell = self.cells.get(field)
        if isinstance(cell, Formula):
            self.fault("formula")
            return ""
        if isinstance(cell, float) and cell.is_integer():
            cell = int(cell)
        text = "" if cell is None else " ".join(str(cell).split())
        if not text.isprintable():
            self.fault("characters")
            return ""
        return text

    def row(self):
        row = Row(
            self.number, self.person(), self.behaviour(), self.day(), self.reference(), self.text("evidence")[:200]
        )
        return None if self.problems else row

    def person(self):
        code = self.text("fiscal_code")
        if not code:
            if not self.problems:
                self.fault("no_fiscal_code")
        elif person.is_valid(code):
            return person.validate(code)
        else:
            self.fault("fiscal_code", person.mask(person.normalise(code)[:16]))
        return ""

    def behaviour(self):
        code = (self.text("behaviour") or self.default).upper()
        if not code:
            self.fault("no_behaviour")
        elif code not in self.codes:
            self.fault("behaviour", code)
        return code

    def reference(self):
        text = self.text("reference")
        if not text:
            self.fault("no_reference")
        elif len(text) > LONGEST:
            self.fault("long_reference", LONGEST)
        return text

    def day(self):
        cell = self.cells.get("day")
        if isinstance(cell, datetime | date):
            day = cell.date() if isinstance(cell, datetime) else cell
        else:
            text = self.text("day")
            if not text:
                self.fault("no_day")
                return None
            day = _read_day(text)
        if day is None or day.year not in YEARS:
            self.fault("date", str(cell))
            return None
        return day
