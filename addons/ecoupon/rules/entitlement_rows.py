"""The rows of a list of entitled people: from cells to persons, policies and days, every fault named by its row.
A fiscal code becomes a keyed hash here and goes no further (R-000-31)."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import NamedTuple

from . import person, rows
from .rows import Problem
from .table import FileError

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
_FIELD = rows.words(HEADERS)
ACTIONS = {
    "add": "aggiungi aggiunta inserimento add a i",
    "remove": "togli rimuovi rimozione cancella cancellazione elimina revoca remove delete revoke r c",
}
_ACTION = rows.words(ACTIONS)


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
    return rows.known(titles, _FIELD)


def map_header(header: Sequence[str]) -> dict[str, int]:
    """Which column holds what.

    :param header: titles
    :return: field to position
    :raises FileError: ``no_columns``, ``column_twice`` or ``missing_columns``
    """
    columns = rows.columns(header, _FIELD)
    if "fiscal_code" not in columns and "hash" not in columns:
        raise FileError("missing_columns", "fiscal_code")
    missing = [field for field in ("key", "check") if "hash" in columns and field not in columns]
    if missing:
        raise FileError("missing_columns", *missing)
    return columns


def parse(header: Sequence[str], numbered: Iterable[tuple[int, Sequence]], terms: Terms):
    """Read the rows of a list (R-000-31, R-000-32).

    :param header: titles
    :param numbered: number of the row and its cells
    :param terms: what it is read by
    :return: (list of Row, list of Problem); with problems no row counts
    :raises FileError: see :func:`map_header`
    """
    found, problems = rows.read(header, numbered, map_header(header), _Reader, terms)
    return found, sorted(problems + _meetings(found))


class _Reader(rows.RowReader):
    """A person of the list."""

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
        action = _ACTION.get(rows.plain(text)) if text else "add"
        if action is None:
            self.fault("action", text)
        elif action == "remove" and self.terms.full:
            self.fault("remove_in_full")
        return action


def _meetings(found):
    """Faults of persons who are in the list twice for one policy: on the same days, or both added and removed."""
    problems, seen = [], {}
    for row in found:
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
