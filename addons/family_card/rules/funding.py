"""Which money pays a credit: funds in their order, requests in order of arrival."""

from collections.abc import Sequence
from decimal import Decimal
from typing import NamedTuple


class Draw(NamedTuple):
    """Part of one amount that one fund pays: the fund's place in the list and EUR above zero."""

    fund: int
    amount: Decimal


def draw(rooms: list[Decimal], amount: Decimal) -> tuple[Draw, ...]:
    """Take an amount out of funds, the first one first, over the boundary when needed (R-001-05, R-001-24).

    :param rooms: EUR left in each fund, in the order in which they are used; lowered by this call
    :param amount: EUR above zero
    :returns: what each fund pays; its total is ``amount``
    :raises ValueError: the funds hold less, and nothing was taken
    """
    if amount <= 0 or amount > sum(rooms):
        raise ValueError("the funds do not cover the amount")
    draws = []
    left = amount
    for place, room in enumerate(rooms):
        part = min(room, left)
        if part > 0:
            rooms[place] -= part
            draws.append(Draw(place, part))
            left -= part
    return tuple(draws)


def served(requests: Sequence[Decimal], room: Decimal) -> int:
    """How many requests are paid in order of arrival (example V5).

    The first that does not fit entirely waits, and so does everybody behind it: nobody overtakes.

    :param requests: EUR asked by each, the first to arrive first
    :param room: EUR there is
    :returns: number of requests paid from the front
    """
    for place, asked in enumerate(requests):
        if asked > room:
            return place
        room -= asked
    return len(requests)
