"""Who is exempt from the split for age (R-004-36)."""

from collections.abc import Sequence
from datetime import date
from fractions import Fraction
from typing import NamedTuple

DAY_AFTER_BIRTHDAY = "day_after_birthday"
COMPLETED_YEARS = "completed_years"
OVER = "gt"
AT_LEAST = "ge"


class AgeRule(NamedTuple):
    """Limits of the programme: ages in years, ``op`` gt or ge, ``rule`` for "over 70"."""

    single_age: int = 70
    average_age: int = 68
    op: str = OVER
    rule: str = DAY_AFTER_BIRTHDAY


def birthday(birth: date, age: int) -> date:
    """The day a person turns ``age``; who is born on 29 February turns on the 28th (art. 2963 c.c.)."""
    try:
        return birth.replace(year=birth.year + age)
    except ValueError:
        return birth.replace(year=birth.year + age, day=28)


def age_on(birth: date, day: date) -> int:
    """Completed years on a day.

    :raises ValueError: born after that day
    """
    if birth > day:
        raise ValueError("born after the reference day")
    years = day.year - birth.year
    return years if birthday(birth, years) <= day else years - 1


def _passes(value: Fraction | int, limit: int, op: str) -> bool:
    if op not in (OVER, AT_LEAST):
        raise ValueError("unknown comparison")
    return value > limit if op == OVER else value >= limit


def is_over(birth: date, day: date, limits: AgeRule) -> bool:
    """Whether one person has passed the single age (A02, A03).

    ``day_after_birthday`` counts from the day after the birthday (Consiglio di
    Stato, Ad. Plen. 21/2011); ``completed_years`` compares whole years.

    :raises ValueError: unknown rule or comparison, or born after ``day``
    """
    if limits.rule == COMPLETED_YEARS:
        return _passes(age_on(birth, day), limits.single_age, limits.op)
    if limits.rule != DAY_AFTER_BIRTHDAY:
        raise ValueError("unknown age rule")
    days_past = day.toordinal() - birthday(birth, limits.single_age).toordinal()
    return _passes(days_past, 0, limits.op)


def is_senior(births: Sequence[date], day: date, limits: AgeRule) -> bool:
    """Whether a household is exempt from the split on a day (R-004-36, G1–G6).

    One person: over the single age. Several: the average of completed years,
    not rounded, over the average age.

    :param births: birth dates of all members on that day
    :raises ValueError: no members, unknown rule, or somebody born after ``day``
    """
    if not births:
        raise ValueError("a household without members has no age")
    if len(births) == 1:
        return is_over(births[0], day, limits)
    average = Fraction(sum(age_on(birth, day) for birth in births), len(births))
    return _passes(average, limits.average_age, limits.op)
