"""The rows of a list of entitled people: from cells to persons, policies and days, every fault named by its row.
A fiscal code becomes a keyed hash here and goes no further (R-000-31)."""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import NamedTuple

from . import person
from .table import FileError, Formula

#: Titles as people write them, without blanks, accents and punctuation.
HEADERS = {
    "fiscal_code": "codicefiscale cf fiscalcode taxcode",
    "hash": "hash impronta personhash hashcodicefiscale",
    "key": "chiave nomechiave key keyname",
    "check": "controllo valoredicontrollo check checkvalue",
    "policy": "misura codicemisura politica policy policycode measure",
    "date_from": "dal decorrenza datainizio from datefrom since",
    "date_to": "al scadenza datafine to dateto until",
    "action": "azione operazione action",
}
_FIELD = {title: field for field, titles in HEADERS.items() for title in titles.split()}
ACTIONS = {
    "add": "aggiungi aggiunta inserimento add a i",
    "remove": "togli rimuovi rimozione cancella cancellazione elimina revoca remove delete revoke r c",
}
_ACTION = {word: action for action, words in ACTIONS.items() for word in words.split()}
_ITALIAN = re.compile(r"(\d{1,2})[./-](\d{1,2})[./-](\d{4})")
_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ]00:00(?::00(?:\.0+)?)?)?")
YEARS = range(1990, 2201)
SHOWN = 40


class Problem(NamedTuple):
    """A fault: row as people count them, code, and what to show with it."""

    row: int
    code: str
    values: tuple = ()


class Row(NamedTuple):
    """A person of the list. ``remove`` without ``date_to``: at once; with it: at the end of that day."""

    number: int
    key_id: int
    hash: str
    policy_id: int
    date_from: date | None
    date_to: date | None
    action: str


class Key(NamedTuple):
    """A key lists may be hashed with."""

    id: int
    check: str


class Terms(NamedTuple):
    """What a list is read by: keys by name, the server's own (id, secret), policies by code in capitals, the policy
    of rows that name none, and whether it is the whole list (of that policy, where there is one)."""

    keys: Mapping[str, Key]
    own: tuple[int, str]
    policies: Mapping[str, int]
    policy: int | None
    full: bool


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
    if "fiscal_code" not in columns and "hash" not in columns:
        raise FileError("missing_columns", "fiscal_code")
    missing = [field for field in ("key", "check") if "hash" in columns and field not in columns]
    if missing:
        raise FileError("missing_columns", *missing)
    return columns


def parse(header: Sequence[str], rows: Iterable[tuple[int, Sequence]], terms: Terms):
    """Read the rows of a list (R-000-31, R-000-32).

    :param header: titles
    :param rows: number of the row and its cells
    :param terms: what it is read by
    :return: (list of Row, list of Problem); with problems no row counts
    :raises FileError: see :func:`map_header`
    """
    columns, width = map_header(header), len(header)
    found, problems = [], []
    for number, cells in rows:
        if any(cell not in ("", None) for cell in cells[width:]) or len(cells) < width:
            problems.append(Problem(number, "cells", (width,)))
            continue
        reader = _Reader(number, {field: cells[position] for field, position in columns.items()}, terms)
        row = reader.row()
        problems += reader.problems
        if row:
            found.append(row)
    return found, sorted(problems + _meetings(found))


class _Reader:
    """One row."""

    def __init__(self, number, cells, terms):
        self.number, self.cells, self.terms, self.problems = number, cells, terms, []

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
        key_id, digest = self.person()
        action = self.action()
        policy = self.policy()
        first, last = self.day("date_from"), self.day("date_to")
        if action == "add" and not first and not self.problems:
            self.fault("no_first_day")
        if first and last and last < first:
            self.fault("reversed", f"{first:%d/%m/%Y}", f"{last:%d/%m/%Y}")
        if self.problems:
            return None
        return Row(self.number, key_id, digest, policy, first, last, action)

    def person(self):
        code, digest = self.text("fiscal_code"), self.text("hash")
        if code and digest:
            self.fault("code_and_hash")
        elif code:
            if person.is_valid(code):
                key_id, secret = self.terms.own
                return key_id, person.keyed_hash(secret, code)
            self.fault("fiscal_code", person.mask(person.normalise(code)[:16]))
        elif digest:
            return self.hashed(digest)
        elif not self.problems:
            self.fault("no_person")
        return None, None

    def hashed(self, digest):
        value, name = person.read_hash(digest), self.text("key")
        key = self.terms.keys.get(name)
        if value is None:
            self.fault("hash")
        elif not name:
            self.fault("no_key")
        elif key is None:
            self.fault("key", name)
        elif self.text("check").lower() != key.check:
            self.fault("other_key", name, self.text("check") or "-", key.check)
        else:
            return key.id, value
        return None, None

    def policy(self):
        code = self.text("policy")
        if not code:
            if not self.terms.policy:
                self.fault("no_policy")
            return self.terms.policy
        policy = self.terms.policies.get(code.upper())
        if policy is None:
            self.fault("policy", code)
        elif self.terms.full and self.terms.policy and policy != self.terms.policy:
            self.fault("other_policy", code)
        return policy

    def action(self):
        text = self.text("action")
        action = _ACTION.get(_plain(text)) if text else "add"
        if action is None:
            self.fault("action", text)
        elif action == "remove" and self.terms.full:
            self.fault("remove_in_full")
        return action

    def day(self, field):
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


def _meetings(rows):
    """Faults of persons who are in the list twice for one policy: on the same days, or both added and removed."""
    problems, seen = [], {}
    for row in rows:
        others = seen.setdefault((row.key_id, row.hash, row.policy_id), [])
        twice = next((other for other in others if other.action != row.action or _meet(row, other)), None)
        if twice:
            problems.append(Problem(row.number, "twice", (str(twice.number),)))
        others.append(row)
    return problems


def _meet(one, other):
    if one.action == "remove":
        return one.date_from is None or other.date_from is None or one.date_from == other.date_from
    return one.date_from <= (other.date_to or date.max) and other.date_from <= (one.date_to or date.max)


def _plain(text):
    text = str(text).casefold()
    if text.isascii() and text.isalnum():
        return text
    return "".join(char for char in unicodedata.normalize("NFKD", text) if char.isalnum())
