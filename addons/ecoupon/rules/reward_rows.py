"""The rows of a partner's file of rewarded behaviours: from cells to people, codes and days, every fault named by its
row (R-000-17)."""

from collections.abc import Collection, Iterable, Sequence
from datetime import date
from typing import NamedTuple

from . import person, rows
from .rows import Problem
from .table import FileError

#: Titles as people write them, without blanks, accents and punctuation.
HEADERS = {
    "fiscal_code": "codicefiscale cf fiscalcode taxcode",
    "behaviour": "comportamento codicecomportamento azione behaviour behaviourcode behavior code codice",
    "day": "data giorno quando date day on",
    "reference": "riferimento numero protocollo id reference number occurrence",
    "evidence": "prova attestazione documento evidence proof document",
}
_FIELD = rows.words(HEADERS)
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
    return rows.known(titles, _FIELD)


def map_header(header: Sequence[str]) -> dict[str, int]:
    """Which column holds what.

    :param header: titles
    :return: field to position
    :raises FileError: ``no_columns``, ``column_twice`` or ``missing_columns``
    """
    columns = rows.columns(header, _FIELD)
    missing = [field for field in REQUIRED if field not in columns]
    if missing:
        raise FileError("missing_columns", *missing)
    return columns


class Terms(NamedTuple):
    """What a file is read by: behaviours that are recorded by file, in capitals, and the one of rows that name none, or
    empty."""

    codes: Collection[str]
    default: str


def parse(header: Sequence[str], numbered: Iterable[tuple[int, Sequence]], codes: Collection[str], default: str):
    """Read the rows of a file (R-000-17).

    :param header: titles
    :param numbered: number of the row and its cells
    :param codes: behaviours that are recorded by file, in capitals
    :param default: behaviour of rows that name none, or ""
    :return: (list of Row, list of Problem); with problems no row counts
    :raises FileError: see :func:`map_header`
    """
    found, problems = rows.read(header, numbered, map_header(header), _Reader, Terms(codes, default))
    seen = {}
    for row in found:
        first = seen.setdefault((row.behaviour, row.reference), row.number)
        if first != row.number:
            problems.append(Problem(row.number, "reference_twice", (str(first),)))
    return found, sorted(problems)


class _Reader(rows.RowReader):
    """An occurrence."""

    def row(self):
        row = Row(
            self.number, self.person(), self.behaviour(), self.occurred(), self.reference(), self.text("evidence")[:200]
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
        code = (self.text("behaviour") or self.terms.default).upper()
        if not code:
            self.fault("no_behaviour")
        elif code not in self.terms.codes:
            self.fault("behaviour", code)
        return code

    def reference(self):
        text = self.text("reference")
        if not text:
            self.fault("no_reference")
        elif len(text) > LONGEST:
            self.fault("long_reference", LONGEST)
        return text

    def occurred(self):
        faults = len(self.problems)
        day = self.day("day")
        if day is None and len(self.problems) == faults:
            self.fault("no_day")
        return day
