"""Applications: when they are accepted, what they must hold, whom they mean."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import NamedTuple

import phonenumbers
from phonenumbers import PhoneNumberType

from . import fiscal_code, periods
from .registry_file import name_key

NOT_SET, NOT_OPEN, CLOSED = "not_set", "not_open", "closed"
_MOBILE = {PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE_OR_MOBILE}


class Filing(NamedTuple):
    """Whether an application is accepted at an instant, and the first quarter it is credited."""

    open: bool
    reason: str | None
    quarter: periods.Quarter | None


def filing(
    filed_at: datetime,
    tz: str,
    opens_on: date | None,
    closes_on: date | None = None,
    windows: tuple[periods.Window, ...] = (),
) -> Filing:
    """What filing at an instant means (R-004-20, R-004-21, R-004-22, A13).

    :param filed_at: UTC, naive or aware
    :param tz: IANA name of the place whose days count
    :param opens_on: first local day, None: applications are not accepted at all
    :param closes_on: last local day, up to its midnight; None: no end
    :param windows: exceptions to "the quarter after the one of filing"
    """
    if opens_on is None:
        return Filing(False, NOT_SET, None)
    quarter = periods.first_quarter(filed_at, tz, opens_on, windows)
    if quarter is None:
        return Filing(False, NOT_OPEN, None)
    if closes_on is not None and periods.local_day(filed_at, tz) > closes_on:
        return Filing(False, CLOSED, None)
    return Filing(True, None, quarter)


def overlapping(windows: Sequence[periods.Window]) -> bool:
    """Whether a day lies in two windows, which would give it two first quarters."""
    ordered = sorted(windows)
    return any(b.first <= a.last for a, b in zip(ordered, ordered[1:], strict=False))


def is_mobile(number: str) -> bool:
    """Whether a number in international form can be a mobile phone (R-004-18).

    :param number: E.164, such as ``+393471234567``
    """
    try:
        return phonenumbers.number_type(phonenumbers.parse(number)) in _MOBILE
    except phonenumbers.NumberParseException:
        return False


class Declared(NamedTuple):
    """A person as declared: name, normalised fiscal code, birth date, role, left the household."""

    name: str
    fiscal_code: str
    birth_date: date | None
    relation: str
    dropped: bool = False


class Known(NamedTuple):
    """A person of the registry."""

    id: int
    name: str
    fiscal_code: str
    birth_date: date | None


def problems(members: Sequence[Declared], today: date) -> list[tuple[str, str]]:
    """What is wrong with the declared household (R-004-15, R-004-16).

    :param members: everybody, the applicant included
    :param today: local day of the declaration
    :return: (code, name of the person) of each problem; codes: no_head, two_heads, no_name, bad_code, no_birth,
        born_later, wrong_birth, twice
    """
    found = []
    present = [member for member in members if not member.dropped]
    heads = [member for member in present if member.relation == "head"]
    if not heads:
        found.append(("no_head", ""))
    elif len(heads) > 1:
        found.append(("two_heads", heads[1].name))
    seen = set()
    for member in members:
        code = member.fiscal_code
        if not member.name.strip():
            found.append(("no_name", ""))
        if code and not fiscal_code.is_valid(code, provisional=True):
            found.append(("bad_code", member.name))
        elif member.birth_date is None:
            found.append(("no_birth", member.name))
        elif member.birth_date > today:
            found.append(("born_later", member.name))
        elif len(code) == 16 and not _agrees(code, member.birth_date):
            found.append(("wrong_birth", member.name))
        key = code or (name_key(member.name), member.birth_date)
        if key in seen:
            found.append(("twice", member.name))
        seen.add(key)
    return found


def _agrees(code: str, birth: date) -> bool:
    try:
        fiscal_code.birth_date(code, birth, stored=birth)
    except ValueError:
        return False
    return True


class Match(NamedTuple):
    """Declared people against a household of the registry: by position, who is known; known but not declared."""

    persons: Mapping[int, int]
    unknown: tuple[int, ...]
    not_declared: tuple[int, ...]


def match(declared: Sequence[Declared], registry: Sequence[Known]) -> Match:
    """Find the declared people in a household of the registry (R-004-10, R-004-16).

    A person is known by fiscal code; without one on either side, by name and birth date, when only one fits.

    :param declared: everybody declared
    :param registry: members of the household on file
    """
    by_code = {person.fiscal_code: person.id for person in registry if person.fiscal_code}
    persons, taken = {}, set()
    for position, member in enumerate(declared):
        found = by_code.get(member.fiscal_code) if member.fiscal_code else None
        if found is not None and found not in taken:
            persons[position] = found
            taken.add(found)
    for position, member in enumerate(declared):
        if position in persons or member.birth_date is None:
            continue
        same = [
            person.id
            for person in registry
            if person.id not in taken
            and not (person.fiscal_code and member.fiscal_code)
            and (name_key(person.name), person.birth_date) == (name_key(member.name), member.birth_date)
        ]
        if len(same) == 1:
            persons[position] = same[0]
            taken.add(same[0])
    return Match(
        persons,
        tuple(position for position in range(len(declared)) if position not in persons),
        tuple(person.id for person in registry if person.id not in taken),
    )
