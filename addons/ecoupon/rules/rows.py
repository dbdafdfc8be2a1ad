"""What the files of the Region and of its partners have in common: titles of columns, cells, days, and faults that name
their row."""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import NamedTuple

from . import person
from .table import FileError, Formula

_ITALIAN = re.compile(r"(\d{1,2})[./-](\d{1,2})[./-](\d{4})")
_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ]00:00(?::00(?:\.0+)?)?)?")
YEARS = range(1990, 2201)
SHOWN = 40


class Problem(NamedTuple):
    """A fault: row as people count them, code, and what to show with it."""

    row: int
    code: str
    values: tuple = ()


def plain(text) -> str:
    """A word without case, blanks, accents and punctuation."""
    text = str(text).casefold()
    if text.isascii() and text.isalnum():
        return text
    return "".join(char for char in unicodedata.normalize("NFKD", text) if char.isalnum())


def words(lists: Mapping[str, str]) -> dict[str, str]:
    """What each word means.

    :param lists: meaning to its plain words, separated by blanks
    :return: plain word to meaning
    """
    return {word: meaning for meaning, listed in lists.items() for word in listed.split()}


def known(titles: Sequence[str], fields: Mapping[str, str]) -> int:
    """How many titles of a header are understood.

    :param fields: plain title to field
    """
    return sum(plain(title) in fields for title in titles)


def columns(header: Sequence[str], fields: Mapping[str, str]) -> dict[str, int]:
    """Which column holds what.

    :param header: titles
    :param fields: plain title to field
    :return: field to position
    :raises FileError: ``no_columns`` or ``column_twice``
    """
    found = {}
    for position, title in enumerate(header):
        field = fields.get(plain(title))
        if field in found:
            raise FileError("column_twice", field)
        if field:
            found[field] = position
    if not found:
        raise FileError("no_columns")
    return found


class RowReader:
    """One row: its cells by field, and the faults found in them. Subclasses say what a row is."""

    def __init__(self, number, cells, terms):
        """Take a row.

        :param int number: as people count them
        :param cells: dict of field to cell
        :param terms: what rows of this kind are read by
        """
        self.number, self.cells, self.terms, self.problems = number, cells, terms, []

    def row(self):
        """The row, None with problems."""
        raise NotImplementedError

    def fault(self, code, *values):
        """Note a fault; fiscal codes among the values are masked."""
        self.problems.append(Problem(self.number, code, tuple(person.hide(str(value))[:SHOWN] for value in values)))

    def text(self, field) -> str:
        """A cell as text with single blanks; empty also where there is a fault."""
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

    def day(self, field) -> date | None:
        """A cell as a day; None also where it is empty or there is a fault."""
        cell = self.cells.get(field)
        if isinstance(cell, datetime | date):
            day = cell.date() if isinstance(cell, datetime) else cell
        else:
            text = self.text(field)
            if not text:
                return None
            day = _read_day(text)
        if day is None or day.year not in YEARS:
            self.fault("date", str(cell))
            return None
        return day


def read(header: Sequence[str], rows: Iterable[tuple[int, Sequence]], places: Mapping[str, int], reader, terms):
    """Read the rows of a file.

    :param header: titles
    :param rows: number of the row and its cells
    :param places: field to position
    :param reader: subclass of :class:`RowReader`
    :param terms: what it reads by
    :return: (list of rows, list of Problem)
    """
    found, problems, width = [], [], len(header)
    for number, cells in rows:
        if any(cell not in ("", None) for cell in cells[width:]) or len(cells) < width:
            problems.append(Problem(number, "cells", (width,)))
            continue
        one = reader(number, {field: cells[position] for field, position in places.items()}, terms)
        row = one.row()
        problems += one.problems
        if row:
            found.append(row)
    return found, problems


def _read_day(text):
    """A date as Italians or machines write it, None when there is no such day."""
    if match := _ITALIAN.fullmatch(text):
        day, month, year = map(int, match.groups())
    elif match := _ISO.fullmatch(text):
        year, month, day = map(int, match.groups())
    else:
        return None
    try:
        return date(year, month, day)
    except ValueError:
        return None
