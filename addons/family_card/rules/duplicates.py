"""Pairs of people on file who may be one."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from . import fiscal_code
from .registry_file import name_key

SAME_CODE = "same_code"
VARIANT = "variant"
SAME_NAME = "same_name"


class Someone(NamedTuple):
    """A person on file; the code is normalised, empty if there is none."""

    id: int
    name: str
    birth_date: date | None
    fiscal_code: str


def pairs(people: Sequence[Someone]) -> dict[tuple[int, int], str]:
    """Pairs with the strongest reason: same code, a variant for omocodia, same name and birth date.

    :return: (lower id, higher id) to reason
    """
    found = {}
    for reason, key in (
        (SAME_CODE, lambda p: p.fiscal_code),
        (VARIANT, lambda p: fiscal_code.base(p.fiscal_code)),
        (SAME_NAME, lambda p: p.birth_date and name_key(p.name) and (name_key(p.name), p.birth_date)),
    ):
        groups = defaultdict(list)
        for person in people:
            if key(person):
                groups[key(person)].append(person.id)
        for ids in groups.values():
            ordered = sorted(ids)
            # Each against the first: a hundred alike are a hundred pairs, not five thousand.
            for other in ordered[1:]:
                found.setdefault((ordered[0], other), reason)
    return found
