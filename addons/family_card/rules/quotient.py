"""From a household to its yearly amount by a dated table of rules, with the reason of every euro (R-004-19).

``annual = clamp(round((base × (scale + Σ coefficients)) × Π multipliers + Σ amounts), minimum, maximum)``;
a rule that fixes the amount replaces everything before the rounding. Rules are data: nothing is evaluated as code.
"""

from collections.abc import Sequence
from datetime import date
from decimal import ROUND_HALF_UP, Decimal, localcontext
from typing import NamedTuple

from . import senior

GRADES = ("none", "medium", "severe", "not_self_sufficient")
FACTOR = "factor"
AMOUNT = "amount"
# effects of a rule
PER_HEAD = "per_head"
COEFFICIENT = "coefficient"
COEFFICIENT_PER_HEAD = "coefficient_per_head"
MULTIPLIER = "multiplier"
FIXED = "fixed"
EFFECTS = (AMOUNT, PER_HEAD, COEFFICIENT, COEFFICIENT_PER_HEAD, MULTIPLIER, FIXED)
STEPS = {"cent": Decimal("0.01"), "euro": Decimal(1), "five": Decimal(5)}
CHILDREN = frozenset({"child", "foster"})
# enough for any product of a table's factors: only the rounding step rounds
PRECISION = 100


class Member(NamedTuple):
    """A person of a household on the day of the evaluation; ``birth`` is None when it is not known."""

    birth: date | None
    relation: str = "other"
    disability: str = "none"
    student: bool = False
    pregnant: bool = False
    name: str = ""


class Household(NamedTuple):
    """Who lives together; ``income_band`` counts from 1, the lowest, and is None when nobody told (R-004-28)."""

    members: tuple[Member, ...]
    income_band: int | None = None


class Who(NamedTuple):
    """Which members a rule counts: all that is given must hold.

    Ages are completed years, both ends included, on ``age_on`` or on the day of the evaluation; somebody born
    after ``age_on`` counts as 0 years old. ``grade_from`` and ``grade_to`` are disability grades, both included.
    ``born_from`` and ``born_to`` find the new-born of a period.
    """

    age_from: int | None = None
    age_to: int | None = None
    age_on: date | None = None
    relations: frozenset[str] | None = None
    grade_from: str | None = None
    grade_to: str | None = None
    student: bool = False
    pregnant: bool = False
    born_from: date | None = None
    born_to: date | None = None


class Rule(NamedTuple):
    """Condition and effect.

    The condition holds with ``count_from`` to ``count_to`` counted members (None: any number above), a single
    parent when asked for, and an income band in the range when one is given. ``value`` is EUR, a factor or a
    coefficient according to ``effect``; per-head effects count ``max_heads`` at most.
    """

    name: str
    effect: str
    value: Decimal
    who: Who = Who()
    count_from: int = 1
    count_to: int | None = None
    max_heads: int | None = None
    single_parent: bool = False
    band_from: int | None = None
    band_to: int | None = None


class Table(NamedTuple):
    """One version of a programme's quotient.

    ``scale`` maps members to a factor of ``base`` or to an amount in EUR; ``further`` is added for each member
    beyond the longest row, None when larger households are not foreseen. ``minimum`` and ``maximum`` are EUR a year.
    """

    scale: dict[int, Decimal]
    kind: str = AMOUNT
    base: Decimal = Decimal(0)
    further: Decimal | None = None
    rules: tuple[Rule, ...] = ()
    rounding: str = "cent"
    minimum: Decimal = Decimal(0)
    maximum: Decimal | None = None


class Line(NamedTuple):
    """One step of the computation: either EUR ``amount`` is added or the running total is multiplied by ``factor``.

    ``kind`` is base, scale, further, fixed, rounding, minimum, maximum or the effect of the rule called ``label``.
    ``count`` members at ``value`` each; ``running`` is the EUR total after the step.
    """

    kind: str
    label: str
    count: int
    value: Decimal
    amount: Decimal | None
    factor: Decimal | None
    running: Decimal


class Problem(NamedTuple):
    """Why a household cannot be computed: ``code`` is no_members, no_birth_date, born_later, no_scale, no_income_band
    or two_fixed; ``subject`` is the person or the rule it is about."""

    code: str
    subject: str = ""


class Result(NamedTuple):
    """EUR a year with its lines, or None with the problems: what cannot be computed is never 0."""

    annual: Decimal | None
    lines: tuple[Line, ...]
    problems: tuple[Problem, ...]


class _UnknownError(Exception):
    def __init__(self, *problems):
        super().__init__()
        self.problems = problems


def compute(table: Table, household: Household, at: date) -> Result:
    """Compute the yearly amount of a household (R-004-19, R-004-28, Q1–Q4).

    :param at: day of the evaluation: the members are those of that day and ages are measured on it
    :raises ValueError: the table itself is wrong
    """
    check_table(table)
    problems = _problems(household, at)
    hits = []
    for rule in table.rules:
        try:
            heads = _heads(rule, household, at)
        except _UnknownError as unknown:
            problems += unknown.problems
        else:
            if heads is not None:
                hits.append((rule, heads))
    fixed = [rule for rule, _heads in hits if rule.effect == FIXED]
    if len({rule.value for rule in fixed}) > 1:
        problems.append(Problem("two_fixed", ", ".join(rule.name for rule in fixed)))
    if household.members and not fixed and _step(table, len(household.members)) is None:
        problems.append(Problem("no_scale", str(len(household.members))))
    if problems:
        return Result(None, (), tuple(dict.fromkeys(problems)))
    with localcontext() as context:
        context.prec = PRECISION
        sheet = _Sheet()
        if fixed:
            sheet.add(FIXED, fixed[0].name, 1, fixed[0].value)
        else:
            _apply(table, len(household.members), hits, sheet)
        _finish(table, sheet)
        return Result(sheet.running, tuple(sheet.lines), ())


def check_table(table: Table) -> None:
    """Refuse a table that could not mean anything.

    :raises ValueError: unknown words, an empty scale, amounts that are negative or have fractions of a cent
        where money is meant, coefficients on a scale of amounts, or a minimum above the maximum
    """
    if table.kind not in (FACTOR, AMOUNT) or table.rounding not in STEPS:
        raise ValueError("unknown scale or rounding")
    if any(size < 1 or value < 0 for size, value in table.scale.items()) or (table.further or 0) < 0:
        raise ValueError("the scale has a row for no members, or a negative value")
    limits = [table.base, table.minimum] + ([] if table.maximum is None else [table.maximum])
    if any(limit < 0 or limit % STEPS["cent"] for limit in limits):
        raise ValueError("base, minimum and maximum are zero or positive, in whole cents")
    if table.maximum is not None and table.maximum < table.minimum:
        raise ValueError("the minimum is above the maximum")
    for rule in table.rules:
        _check_rule(rule, table.kind)


def _check_rule(rule, kind):
    grades = (rule.who.grade_from, rule.who.grade_to)
    if rule.effect not in EFFECTS or any(grade not in (None, *GRADES) for grade in grades):
        raise ValueError("unknown effect or disability grade")
    if rule.effect in (COEFFICIENT, COEFFICIENT_PER_HEAD) and kind != FACTOR:
        raise ValueError("a coefficient needs a scale of factors")
    if rule.effect in (MULTIPLIER, FIXED) and rule.value < 0:
        raise ValueError("a multiplier or a fixed amount is not negative")
    if rule.count_from < 0 or (rule.max_heads is not None and rule.max_heads < 1):
        raise ValueError("a rule counts zero or more members, and pays at least one")


def single_parent(household: Household, at: date) -> bool:
    """Whether the head lives with minor children and without a spouse or partner.

    :raises LookupError: the birth date of a child is missing and no other child is a minor
    """
    if any(member.relation == "spouse" for member in household.members):
        return False
    children = [member for member in household.members if member.relation in CHILDREN]
    if any(child.birth and senior.age_on(child.birth, at) < 18 for child in children if not _later(child, at)):
        return True
    unknown = [child.name for child in children if not child.birth]
    if unknown:
        raise LookupError(unknown[0])
    return False


def _problems(household: Household, at: date) -> list[Problem]:
    if not household.members:
        return [Problem("no_members")]
    return [Problem("born_later", member.name) for member in household.members if _later(member, at)]


def _later(member: Member, at: date) -> bool:
    return member.birth is not None and member.birth > at


def _heads(rule: Rule, household: Household, at: date) -> int | None:
    """How many members a rule counts, None when its condition does not hold.

    :raises _UnknownError: a fact is missing without which it cannot be told
    """
    if rule.band_from is not None or rule.band_to is not None:
        band = household.income_band
        if band is None:
            raise _UnknownError(Problem("no_income_band", rule.name))
        if not _within(band, rule.band_from, rule.band_to):
            return None
    if rule.single_parent:
        try:
            if not single_parent(household, at):
                return None
        except LookupError as missing:
            raise _UnknownError(Problem("no_birth_date", str(missing.args[0]))) from None
    candidates = [member for member in household.members if _matches(rule.who, member) and not _later(member, at)]
    dated = rule.who.age_from is not None or rule.who.age_to is not None or rule.who.born_from or rule.who.born_to
    if dated:
        unknown = [Problem("no_birth_date", member.name) for member in candidates if not member.birth]
        if unknown:
            raise _UnknownError(*unknown)
        candidates = [member for member in candidates if _born(rule.who, member.birth, at)]
    return len(candidates) if _within(len(candidates), rule.count_from, rule.count_to) else None


def _matches(who: Who, member: Member) -> bool:
    """All of a predicate that needs no birth date."""
    grade = GRADES.index(member.disability)
    return (
        (who.relations is None or member.relation in who.relations)
        and (who.grade_from is None or grade >= GRADES.index(who.grade_from))
        and (who.grade_to is None or grade <= GRADES.index(who.grade_to))
        and (member.student or not who.student)
        and (member.pregnant or not who.pregnant)
    )


def _born(who: Who, birth: date, at: date) -> bool:
    """What a predicate says about age and birth."""
    day = who.age_on or at
    age = 0 if birth > day else senior.age_on(birth, day)
    return _within(age, who.age_from, who.age_to) and _within(birth, who.born_from, who.born_to)


def _within(value, low, high) -> bool:
    return (low is None or value >= low) and (high is None or value <= high)


def _step(table: Table, size: int) -> tuple[int, Decimal] | None:
    """The row for a number of members and how many are beyond it."""
    if size in table.scale:
        return 0, table.scale[size]
    longest = max(table.scale, default=0)
    if not longest or size < longest or table.further is None:
        return None
    return size - longest, table.scale[longest]


class _Sheet:
    """The lines so far and their running total."""

    def __init__(self):
        self.lines = []
        self.running = Decimal(0)

    def add(self, kind, label, count, value, amount=None):
        amount = count * value if amount is None else amount
        self.running += amount
        self.lines.append(Line(kind, label, count, value, amount, None, self.running))

    def times(self, kind, label, count, value):
        self.running *= value
        self.lines.append(Line(kind, label, count, value, None, value, self.running))


def _apply(table: Table, size: int, hits: Sequence[tuple[Rule, int]], sheet: _Sheet) -> None:
    """Scale, coefficients, multipliers and amounts, in this order whatever the order of the rules."""
    beyond, value = _step(table, size)
    if table.kind == FACTOR:
        sheet.add("base", "", 1, table.base)
        sheet.times("scale", "", size - beyond, value)
        unit = table.base
    else:
        sheet.add("scale", "", size - beyond, value, value)
        unit = Decimal(1)
    if beyond and table.further:
        sheet.add("further", "", beyond, table.further, beyond * table.further * unit)
    for effects in ((COEFFICIENT, COEFFICIENT_PER_HEAD), (MULTIPLIER,), (AMOUNT, PER_HEAD)):
        for rule, heads in hits:
            if rule.effect in effects:
                _apply_rule(rule, heads, unit, sheet)


def _apply_rule(rule: Rule, heads: int, unit: Decimal, sheet: _Sheet) -> None:
    if rule.effect == MULTIPLIER:
        sheet.times(rule.effect, rule.name, heads, rule.value)
        return
    times = 1
    if rule.effect in (PER_HEAD, COEFFICIENT_PER_HEAD):
        times = heads if rule.max_heads is None else min(heads, rule.max_heads)
    if times:
        per = unit if rule.effect in (COEFFICIENT, COEFFICIENT_PER_HEAD) else Decimal(1)
        sheet.add(rule.effect, rule.name, times, rule.value, times * rule.value * per)


def _finish(table: Table, sheet: _Sheet) -> None:
    """Round half up, then keep within the limits; a step that changes nothing leaves no line."""
    step = STEPS[table.rounding]
    rounded = (sheet.running / step).quantize(Decimal(1), rounding=ROUND_HALF_UP) * step
    if rounded != sheet.running:
        sheet.add("rounding", "", 1, step, rounded - sheet.running)
    if sheet.running < table.minimum:
        sheet.add("minimum", "", 1, table.minimum, table.minimum - sheet.running)
    if table.maximum is not None and sheet.running > table.maximum:
        sheet.add("maximum", "", 1, table.maximum, table.maximum - sheet.running)
    sheet.running = sheet.running.quantize(STEPS["cent"])
