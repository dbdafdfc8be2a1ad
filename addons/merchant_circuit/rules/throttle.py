"""How long a till has to wait after it has guessed too often. Plain values in, plain values out."""

from datetime import timedelta
from typing import NamedTuple

GUESSES = frozenset(
    {"BAD_IDENTIFIER", "UNKNOWN", "UNKNOWN_OR_PIN", "PIN_LOCKED", "PIN_WAIT", "CODE_EXPIRED", "COUPON_UNKNOWN"}
)
"""Refusals that a script collects which tries fiscal codes, numbers, PINs and coupons. What counts is the code the till is
told, so the throttle tells nothing that the answers have not told before."""
PACE_SECONDS = 10
MAX_DOUBLINGS = 30


class Limits(NamedTuple):
    """Limits of a circuit: guesses that cost nothing at one till and at all tills of a shop within ``window``
    seconds, the first and the longest wait in seconds, and the requests of a shop in ``PACE_SECONDS``; 0: no limit."""

    till: int = 10
    merchant: int = 60
    window: int = 3600
    first: int = 30
    longest: int = 900
    pace: int = 100


class Tries(NamedTuple):
    """What a shop did lately: guesses and the last of them at the till that asks and at the whole shop; since when
    the pace is used up (None: it is not)."""

    till: int = 0
    till_last: object = None
    merchant: int = 0
    merchant_last: object = None
    paced_from: object = None


def is_guess(code, known):
    """Whether a refusal counts as a guess.

    :param str code: what the till is told
    :param bool known: whether a card was found; a genuine one-time code that was used or is too old is no guess
    :return: bool
    """
    return str(code) in GUESSES and not (known and code == "CODE_EXPIRED")


def wait(count, free, limits):
    """Seconds to wait after the last guess: none while guesses are free, then twice as long after each.

    :param int count: guesses in the window
    :param int free: guesses that cost nothing; 0: no limit
    :param Limits limits: first and longest wait
    :return: int, seconds
    """
    if not free or count < free:
        return 0
    return min(limits.first * 2 ** min(count - free, MAX_DOUBLINGS), limits.longest)


def blocked_until(limits, tries, at):
    """From when a till may ask again.

    :param Limits limits: of the shop's circuits
    :param Tries tries: what the shop did lately
    :param datetime at: now, UTC
    :return: datetime in UTC after ``at``, or None when the till may ask now
    """
    ends = [
        last + timedelta(seconds=wait(count, free, limits))
        for count, last, free in (
            (tries.till, tries.till_last, limits.till),
            (tries.merchant, tries.merchant_last, limits.merchant),
        )
        # no wait is none, also for a request that read its clock before the last guess and was answered after it
        if last is not None and wait(count, free, limits)
    ]
    if tries.paced_from is not None:
        ends.append(tries.paced_from + timedelta(seconds=PACE_SECONDS))
    end = max(ends, default=at)
    return end if end > at else None


def loosest(all_limits):
    """The limits of a shop that is in several circuits: of each the one that lets it work.

    :param all_limits: iterable of Limits
    :return: Limits
    """
    rows = list(all_limits) or [Limits()]

    def most(name):
        values = [getattr(row, name) for row in rows]
        return 0 if 0 in values else max(values)

    return Limits(
        till=most("till"),
        merchant=most("merchant"),
        window=min(row.window for row in rows),
        first=min(row.first for row in rows),
        longest=min(row.longest for row in rows),
        pace=most("pace"),
    )
