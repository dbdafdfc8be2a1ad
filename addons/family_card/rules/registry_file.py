"""A file of the registry of residents: from bytes to rows of people, with every fault named by row and column."""

import re
import unicodedata
from collections.abc import Sequence
from datetime import date, datetime
from typing import NamedTuple

from . import fiscal_code
from .registry_table import FileError, Formula, Limits, read_table

__all__ = ["FileError", "Limits", "Parsed", "Problem", "Row", "name_key", "parse", "safe_cell"]

ERROR = "error"
WARNING = "warning"

# Headers as people write them, without blanks, accents and punctuation.
HEADERS = {
    "household": "codicefamiglia numerofamiglia famiglia idfamiglia household householdcode householdnumber",
    "fiscal_code": "codicefiscale cf fiscalcode taxcode",
    "last_name": "cognome surname lastname familyname",
    "first_name": "nome name firstname givenname",
    "full_name": "cognomeenome nomeecognome nominativo fullname",
    "birth_date": "datadinascita datanascita natoil birthdate dateofbirth",
    "relation": "parentela relazione relazionediparentela rapportodiparentela relation relationship",
    "street": "indirizzo via address street",
    "zip": "cap zip zipcode postcode",
    "city": "comune citta city municipality",
    "first": "dal decorrenza dataingresso dataimmigrazione from since memberfrom",
    "last": "al datauscita dataemigrazione to until memberuntil",
    "death_date": "datadecesso datadimorte decesso datamorte deathdate dateofdeath",
}
_FIELD = {header: field for field, headers in HEADERS.items() for header in headers.split()}
REQUIRED = ("household", "fiscal_code", "birth_date", "relation")

RELATIONS = {
    "head": "intestatario intestatarioscheda intestatariodellascheda capofamiglia is head headofhousehold",
    "spouse": "moglie marito coniuge convivente compagno compagna unitocivilmente unitacivilmente spouse wife"
    " husband partner spouseorpartner",
    "child": "figlio figlia figlioa son daughter child",
    "foster": "affido inaffido affidato affidata minoreinaffido minoreinaffidamento minoreaffidato minoreaffidata"
    " figlioinaffido figliainaffido foster fosterchild",
    "parent": "padre madre genitore father mother parent",
    "relative": "fratello sorella nonno nonna nipote pronipote zio zia cugino cugina suocero suocera genero nuora"
    " cognato cognata patrigno matrigna figliastro figliastra altroparente parente brother sister grandfather"
    " grandmother grandparent grandchild nephew niece uncle aunt cousin relative otherrelative",
    "other": "altro altra nonparente tutore badante other none",
}
_RELATION = {word: relation for relation, words in RELATIONS.items() for word in words.split()}
_DATE = re.compile(r"(\d{1,2})[./-](\d{1,2})[./-](\d{4})")
_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ]00:00(?::00(?:\.0+)?)?)?")
OLDEST = date(1890, 1, 1)


class Problem(NamedTuple):
    """A fault of one row: where, which, and the value to show. Errors block the import, warnings do not."""

    row: int
    column: str
    code: str
    value: str = ""
    level: str = ERROR


class Row(NamedTuple):
    """A person in the file. ``first`` and ``last`` are the first and last day in the household."""

    number: int
    household: str
    fiscal_code: str
    name: str
    birth_date: date | None
    relation: str | None
    street: str
    zip: str
    city: str
    first: date | None
    last: date | None
    death_date: date | None


class Parsed(NamedTuple):
    """What a file says: rows without errors, faults, and headers nobody knows."""

    rows: list[Row]
    problems: list[Problem]
    ignored: list[str]
    count: int


def _plain(text: str) -> str:
    text = text.casefold()
    if text.isascii() and text.isalnum():
        return text
    decomposed = unicodedata.normalize("NFKD", text)
    return "".join(char for char in decomposed if char.isalnum())


def name_key(name: str) -> str:
    """A name for comparison: no accents, case, punctuation or order of the words."""
    return " ".join(sorted(filter(None, (_plain(word) for word in name.replace("'", "").split()))))


def safe_cell(text: str) -> str:
    """A text that a spreadsheet will not take for a formula when it opens a CSV file."""
    return f"'{text}" if text[:1] in ("=", "+", "-", "@", "\t", "\r", "\n") else text


def map_headers(header: Sequence[str]) -> tuple[dict[str, int], list[str]]:
    """Which column holds what.

    :param header: first row of the table
    :return: (field to position, headers nobody knows)
    :raises FileError: ``no_columns``, ``column_twice`` or ``missing_columns`` with the fields' names
    """
    columns, ignored = {}, []
    for position, title in enumerate(header):
        field = _FIELD.get(_plain(str(title)))
        if field is None:
            if str(title).strip():
                ignored.append(str(title).strip()[:40])
        elif field in columns:
            raise FileError("column_twice", field)
        else:
            columns[field] = position
    if not columns:
        raise FileError("no_columns")
    missing = [field for field in REQUIRED if field not in columns]
    if "full_name" not in columns:
        missing += [field for field in ("last_name", "first_name") if field not in columns]
    if missing:
        raise FileError("missing_columns", *missing)
    return columns, ignored


def parse(content: bytes, limits: Limits, as_of: date) -> Parsed:
    """Read a file of the registry.

    :param content: the file, XLSX or text (UTF-8 with or without mark, UTF-16, Windows-1252)
    :param limits: size in bytes and number of rows
    :param as_of: the day the file tells about; nothing in it may be later
    :raises FileError: the file as a whole cannot be read
    """
    table = read_table(content, limits, lambda header: sum(_plain(title) in _FIELD for title in header))
    columns, ignored = map_headers([str(title) for title in table.header])
    reader = _Reader(columns, len(table.header), as_of)
    for number, cells in table.rows:
        reader.add(number, cells)
    if not reader.count:
        raise FileError("empty")
    return Parsed(reader.rows, reader.problems + _twice(reader.rows), ignored, reader.count)


class _Reader:
    """Turns cells into rows and collects the faults."""

    def __init__(self, columns, width, as_of):
        self.columns, self.width, self.as_of = columns, width, as_of
        self.rows, self.problems, self.count = [], [], 0

    def add(self, number, cells):
        """Read one row of cells; blank ones count for nothing."""
        cells = [cell.strip() if isinstance(cell, str) else cell for cell in cells]
        if not any(cell not in ("", None) for cell in cells):
            return
        self.count += 1
        self.number, self.cells, before = number, cells, len(self.problems)
        while len(cells) > self.width and cells[-1] in ("", None):
            cells.pop()
        if len(cells) != self.width:
            self.fault("row", "cells", f"{len(cells)}/{self.width}")
            return
        row = self.row()
        if len(self.problems) == before:
            self.rows.append(row)

    def fault(self, column, code, value=""):
        self.problems.append(Problem(self.number, column, code, str(value)[:40]))

    def text(self, field, required=False):
        position = self.columns.get(field)
        cell = self.cells[position] if position is not None else ""
        if isinstance(cell, Formula) or (isinstance(cell, str) and len(cell) > 1 and safe_cell(cell) != cell):
            self.fault(field, "formula")
            return ""
        if isinstance(cell, float) and cell.is_integer():
            cell = int(cell)
        text = "" if cell is None or cell == "-" else " ".join(str(cell).split())
        if "\x00" in text or "\ufffd" in text:
            self.fault(field, "characters")
        if required and not text:
            self.fault(field, "required")
        return text[:200]

    def day(self, field, required=False):
        position = self.columns.get(field)
        cell = self.cells[position] if position is not None else None
        if isinstance(cell, datetime | date):
            day = cell.date() if isinstance(cell, datetime) else cell
        else:
            text = self.text(field, required)
            if not text:
                return None
            day = _read_day(text)
            if day is None:
                self.fault(field, "date", text)
                return None
        if day < OLDEST:
            self.fault(field, "too_old", day.strftime("%d/%m/%Y"))
        elif day > self.as_of:
            self.fault(field, "future", day.strftime("%d/%m/%Y"))
        return day

    def row(self):
        birth = self.day("birth_date", required=True)
        name = self.text("full_name") or f"{self.text('first_name')} {self.text('last_name')}".strip()
        if not name:
            self.fault("full_name" if "full_name" in self.columns else "last_name", "required")
        row = Row(
            self.number,
            self.text("household", required=True).upper(),
            self.code(birth),
            name,
            birth,
            self.relation(),
            *(self.text(field) for field in ("street", "zip", "city")),
            *(self.day(field) for field in ("first", "last", "death_date")),
        )
        self.check_order(row)
        return row

    def relation(self):
        text = self.text("relation")
        if not text:
            return None
        relation = _RELATION.get(_plain(text))
        if relation is None:
            self.fault("relation", "relation", text)
        return relation

    def code(self, birth):
        text = fiscal_code.normalise(self.text("fiscal_code"))
        if not text:
            return ""
        if not fiscal_code.is_valid(text, provisional=True):
            self.fault("fiscal_code", "fiscal_code", fiscal_code.mask(text))
        elif birth and len(text) == 16:
            try:
                fiscal_code.birth_date(text, birth, stored=birth)
            except ValueError:
                self.fault("birth_date", "contradicts", birth.strftime("%d/%m/%Y"))
        return text

    def check_order(self, row):
        for field in ("first", "last", "death_date"):
            day = getattr(row, field)
            if day and row.birth_date and day < row.birth_date:
                self.fault(field, "before_birth", day.strftime("%d/%m/%Y"))
        if row.first and row.last and row.last < row.first:
            self.fault("last", "before_first", row.last.strftime("%d/%m/%Y"))


def _read_day(text):
    """A date as Italians or machines write it, None when there is no such day."""
    if match := _DATE.fullmatch(text):
        day, month, year = map(int, match.groups())
    elif match := _ISO.fullmatch(text):
        year, month, day = map(int, match.groups())
    else:
        return None
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _twice(rows):
    """Faults of people who are in the file more than once: same code, a variant of it, or same name and birth."""
    problems, codes, bases, names = [], {}, {}, {}
    for row in rows:
        key = (name_key(row.name), row.birth_date)
        base = fiscal_code.base(row.fiscal_code)
        if row.fiscal_code and row.fiscal_code in codes:
            problems.append(Problem(row.number, "fiscal_code", "twice", str(codes[row.fiscal_code].number)))
        elif base and base in bases:
            # Omocodia exists for two people with one code: only the same name makes it one person.
            other = bases[base]
            level = ERROR if name_key(other.name) == key[0] else WARNING
            problems.append(Problem(row.number, "fiscal_code", "variant", str(other.number), level))
        elif key in names:
            other = names[key]
            level = WARNING if row.fiscal_code and other.fiscal_code else ERROR
            problems.append(Problem(row.number, "name", "same_person", str(other.number), level))
        codes.setdefault(row.fiscal_code, row)
        bases.setdefault(base, row)
        names.setdefault(key, row)
    return problems
