"""A household into its yearly amount (examples 4.1, Q1–Q4; B1, B2)."""

from datetime import date
from decimal import Decimal as D
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rules_loader import load

split = load("family_card", "split")
quotient = load("family_card", "quotient")
presets = load("family_card", "quotient_presets")

AT = date(2023, 12, 31)
ADULT = quotient.Member(date(1980, 5, 1))
BABY = quotient.Member(date(2021, 6, 1), "child")
NAMELESS = quotient.Member(None, name="Anna")
EXACT = presets.lecce_2021()


def home(*members, band=None):
    return quotient.Household(members, band)


def annual(table, household, at=AT):
    return quotient.compute(table, household, at).annual


def rule(effect, value, who=None, **more):
    return quotient.Rule("r", effect, D(value), who or quotient.Who(), **more)


def flat(*rules, **more):
    """100.00 for any household, and these rules."""
    return quotient.Table(scale={1: D(100)}, further=D(0), rules=rules, **more)


def replay(lines):
    """What the explanation says, line after line."""
    total = D(0)
    for line in lines:
        total = total + line.amount if line.factor is None else total * line.factor
        assert total == line.running
    return total


def test_one_person_in_corleto():
    """Q1, R-004-19: 450.00 a year, 112.50 a quarter."""
    amount = annual(presets.corleto_demo(), home(ADULT))

    assert amount == D("450.00")
    assert split.quarters(amount)[0] == D("112.50")


@pytest.mark.parametrize(
    ("members", "expected"),
    [
        pytest.param([ADULT] * 3 + [BABY], "350.00", id="4-people-one-aged-2"),
        pytest.param([ADULT] * 7, "300.00", id="7-people-nobody-under-3"),
        pytest.param([ADULT], "100.00", id="1-person"),
        pytest.param([ADULT] * 2 + [BABY] * 2, "350.00", id="two-under-3-count-once"),
    ],
)
def test_lecce_vouchers(members, expected):
    """Q2, R-004-19: the vouchers of 2021."""
    assert annual(EXACT, home(*members)) == D(expected)


@pytest.mark.parametrize(
    ("size", "expected"),
    [(1, "450.00"), (2, "706.50"), (3, "918.00"), (4, "1107.00"), (5, "1282.50"), (6, "1440.00")],
)
def test_isee_scale(size, expected):
    """Q3: DPCM 159/2013, 0.35 for each member after the fifth."""
    result = quotient.compute(presets.isee_scale(), home(*[ADULT] * size), AT)

    assert result.annual == D(expected) == replay(result.lines)


@pytest.mark.parametrize(("children", "factor"), [(2, "2.46"), (3, "3.05"), (4, "3.55"), (5, "4.05")])
def test_isee_scale_with_children(children, factor):
    """Three children add 0.2, four 0.35, five or more 0.5."""
    members = [ADULT, ADULT] + [BABY] * children

    assert annual(presets.isee_scale(D(100)), home(*members)) == 100 * D(factor)


def test_an_invented_table_with_its_breakdown():
    """Q4, R-004-19: 450 + 270 + 120 in three lines, then 105.00 / 84.00 / 21.00 a quarter."""
    disabled = ADULT._replace(disability="severe")
    result = quotient.compute(presets.corleto_demo(), home(ADULT, ADULT, ADULT, disabled), AT)

    assert result.annual == D("840.00")
    assert [(line.kind, line.count, line.amount) for line in result.lines] == [
        ("scale", 1, 450),
        ("further", 3, 270),
        ("per_head", 1, 120),
    ]
    quarter = split.quarters(result.annual)[0]
    assert split.shares(quarter, (50, 40, 10)).parts == (D("105.00"), D("84.00"), D("21.00"))


def test_births_and_departures_recompute_the_value():
    """B1, B2, R-004-52: 450 becomes 585 with a baby born on 15/05/2024, and 450 again."""
    born = quotient.Member(date(2024, 5, 15), "child")
    table = presets.corleto_demo()

    assert annual(table, home(ADULT, born), date(2024, 6, 30)) == D("585.00")
    assert annual(table, home(ADULT), date(2024, 9, 30)) == D("450.00")


def test_coming_of_age_is_seen_by_date():
    """R-004-54: the same household, the day before the 18th birthday and on it."""
    minor = quotient.Member(date(2006, 3, 10), "child")
    table = flat(rule("per_head", 50, quotient.Who(age_to=17)))

    assert annual(table, home(ADULT, minor), date(2024, 3, 9)) == 150
    assert annual(table, home(ADULT, minor), date(2024, 3, 10)) == 100


CONDITIONS = [
    pytest.param(quotient.Who(age_from=43, age_to=43), {}, ADULT, BABY, id="age"),
    pytest.param(quotient.Who(age_to=1, age_on=date(2022, 12, 31)), {}, BABY, ADULT, id="age-on-a-day"),
    pytest.param(quotient.Who(relations=frozenset({"child"})), {}, BABY, ADULT, id="relation"),
    pytest.param(quotient.Who(student=True), {}, ADULT._replace(student=True), ADULT, id="student"),
    pytest.param(quotient.Who(pregnant=True), {}, ADULT._replace(pregnant=True), ADULT, id="pregnant"),
    pytest.param(quotient.Who(born_from=date(2021, 1, 1), born_to=date(2021, 12, 31)), {}, BABY, ADULT, id="new-born"),
    pytest.param(
        quotient.Who(grade_from="medium", grade_to="medium"),
        {},
        ADULT._replace(disability="medium"),
        ADULT._replace(disability="severe"),
        id="exactly-medium",
    ),
]


@pytest.mark.parametrize(("who", "more", "hit", "miss"), CONDITIONS)
def test_conditions_on_members(who, more, hit, miss):
    """R-004-19: age, relation, disability, student, pregnancy, new-born."""
    table = flat(rule("amount", 10, who, **more))

    assert annual(table, home(hit)) == 110
    assert annual(table, home(miss)) == 100


def test_at_least_three_under_twenty_six():
    """Condition of Crema and Bologna."""
    table = flat(rule("amount", 10, quotient.Who(age_to=25), count_from=3))

    assert annual(table, home(ADULT, BABY, BABY)) == 100
    assert annual(table, home(ADULT, BABY, BABY, BABY)) == 110


@pytest.mark.parametrize(
    ("household", "expected"),
    [
        (home(ADULT._replace(relation="head"), BABY), 110),
        (home(ADULT._replace(relation="head"), ADULT._replace(relation="spouse"), BABY), 100),
        (home(ADULT._replace(relation="head"), quotient.Member(date(2000, 1, 1), "child")), 100),
    ],
)
def test_single_parent(household, expected):
    """Minor children, and no spouse or partner."""
    assert annual(flat(rule("amount", 10, single_parent=True)), household) == expected


def test_income_is_asked_for_only_by_a_rule_on_income():
    """R-004-28: a table without income works without; a rule on a band needs it."""
    table = flat(rule("multiplier", "0.5", band_from=3))

    assert annual(presets.corleto_demo(), home(ADULT)) == 450
    assert annual(table, home(ADULT, band=2)) == 100
    assert annual(table, home(ADULT, band=3)) == 50
    assert quotient.compute(table, home(ADULT), AT).problems == (("no_income_band", "r"),)


@pytest.mark.parametrize(
    ("table", "household", "code", "subject"),
    [
        pytest.param(EXACT, home(), "no_members", "", id="nobody"),
        pytest.param(EXACT, home(ADULT, NAMELESS), "no_birth_date", "Anna", id="birth-date"),
        pytest.param(EXACT, home(ADULT._replace(birth=date(2024, 1, 1), name="Leo")), "born_later", "Leo", id="later"),
        pytest.param(EXACT._replace(further=None), home(*[ADULT] * 6), "no_scale", "6", id="too-many"),
        pytest.param(quotient.Table({1: D(1), 3: D(2)}, further=D(1)), home(ADULT, ADULT), "no_scale", "2", id="gap"),
        pytest.param(quotient.Table({}), home(ADULT), "no_scale", "1", id="empty-scale"),
        pytest.param(flat(rule("fixed", 1), rule("fixed", 2)), home(ADULT), "two_fixed", "r, r", id="two-fixed"),
        pytest.param(
            flat(rule("amount", 1, single_parent=True)),
            home(ADULT, NAMELESS._replace(relation="child")),
            "no_birth_date",
            "Anna",
            id="single-parent",
        ),
    ],
)
def test_what_cannot_be_computed_is_a_problem_never_zero(table, household, code, subject):
    """Style: no formula fails silently."""
    assert quotient.compute(table, household, AT) == (None, (), ((code, subject),))


def test_a_birth_date_nobody_asks_for_may_be_missing():
    """Only a rule on ages needs it, and only of those whom the rule may count."""
    table = flat(rule("amount", 10, quotient.Who(age_to=2, relations=frozenset({"child"}))))

    assert annual(table, home(NAMELESS, BABY)) == 110
    assert annual(presets.isee_scale(), home(NAMELESS)) == 450


def test_a_fixed_amount_replaces_everything_else():
    """Viggiano 2019: 700 for a household of four."""
    table = flat(rule("fixed", 700, count_from=4, count_to=4), rule("amount", 5))
    result = quotient.compute(table, home(*[ADULT] * 4), AT)

    assert result.annual == 700
    assert [line.kind for line in result.lines] == ["fixed"]


@pytest.mark.parametrize(("step", "expected"), [("cent", "33.34"), ("euro", "33.00"), ("five", "35.00")])
def test_rounding(step, expected):
    """Half up, on a line of its own."""
    table = quotient.Table({1: D("33.335")}, rounding=step)
    result = quotient.compute(table, home(ADULT), AT)

    assert result.annual == D(expected)
    assert result.lines[-1].kind == "rounding"


@pytest.mark.parametrize(("limits", "expected"), [({"minimum": D(120)}, 120), ({"maximum": D(80)}, 80)])
def test_limits(limits, expected):
    """Minimum and maximum say so on a line."""
    result = quotient.compute(flat(**limits), home(ADULT), AT)

    assert result.annual == expected == replay(result.lines)


@pytest.mark.parametrize(
    "table",
    [
        quotient.Table({0: D(1)}),
        quotient.Table({1: D(-1)}),
        quotient.Table({1: D(1)}, further=D(-1)),
        quotient.Table({1: D(1)}, kind="formula"),
        quotient.Table({1: D(1)}, rounding="up"),
        quotient.Table({1: D(1)}, minimum=D(2), maximum=D(1)),
        quotient.Table({1: D(1)}, maximum=D("0.001")),
        flat(rule("eval", 1)),
        flat(rule("coefficient", 1)),
        flat(rule("multiplier", -1)),
        flat(rule("amount", 1, quotient.Who(grade_from="high"))),
        flat(rule("per_head", 1, max_heads=0)),
    ],
)
def test_a_wrong_table_is_refused(table):
    with pytest.raises(ValueError):
        quotient.compute(table, home(ADULT), AT)


members = st.builds(
    quotient.Member,
    birth=st.dates(date(1930, 1, 1), AT),
    relation=st.sampled_from(["head", "spouse", "child", "foster", "parent", "relative", "other"]),
    disability=st.sampled_from(quotient.GRADES),
    student=st.booleans(),
    pregnant=st.booleans(),
    name=st.just(""),
)
households = st.builds(
    quotient.Household, st.lists(members, min_size=1, max_size=8).map(tuple), st.integers(min_value=1, max_value=5)
)
ages = st.none() | st.integers(min_value=0, max_value=90)
whos = st.builds(
    quotient.Who,
    age_from=ages,
    age_to=ages,
    relations=st.none() | st.just(quotient.CHILDREN),
    age_on=st.none(),
    grade_from=st.none() | st.sampled_from(quotient.GRADES),
    grade_to=st.none(),
    student=st.booleans(),
    pregnant=st.booleans(),
    born_from=st.none(),
    born_to=st.none(),
)
values = st.decimals(min_value=0, max_value=500, places=2)


def rules_with(effects):
    return st.builds(
        quotient.Rule,
        name=st.text(max_size=3),
        effect=st.sampled_from(effects),
        value=values,
        who=whos,
        count_from=st.integers(min_value=0, max_value=3),
        count_to=st.none(),
        max_heads=st.none() | st.integers(min_value=1, max_value=4),
        single_parent=st.booleans(),
        band_from=st.none() | st.integers(min_value=1, max_value=5),
        band_to=st.none(),
    )


def tables_with(effects):
    return st.builds(
        quotient.Table,
        scale=st.dictionaries(st.integers(min_value=1, max_value=5), values, max_size=3).map(lambda s: {1: D(1), **s}),
        kind=st.just("factor"),
        base=values,
        further=st.none() | values,
        rules=st.lists(rules_with(effects), max_size=4).map(tuple),
        rounding=st.sampled_from(sorted(quotient.STEPS)),
        minimum=values,
        maximum=st.none() | values.map(lambda value: value + 500),
    )


@given(tables_with(quotient.EFFECTS), households)
def test_an_amount_or_a_reason_and_lines_that_add_up(table, household):
    """R-004-19: the explanation leads to the amount, the limits hold, and nothing is left unsaid."""
    result = quotient.compute(table, household, AT)

    assert (result.annual is None) == bool(result.problems)
    if result.annual is None:
        assert not result.lines
        return
    assert replay(result.lines) == result.annual == result.annual.quantize(D("0.01"))
    assert result.annual >= table.minimum
    assert table.maximum is None or result.annual <= table.maximum
    limited = {"minimum", "maximum"} & {line.kind for line in result.lines}
    assert limited or result.annual % quotient.STEPS[table.rounding] == 0


@given(tables_with(quotient.EFFECTS), households, st.randoms())
def test_neither_the_order_of_rules_nor_of_members_matters(table, household, random):
    rules, people = list(table.rules), list(household.members)
    random.shuffle(rules)
    random.shuffle(people)

    shuffled = annual(table._replace(rules=tuple(rules)), household._replace(members=tuple(people)))

    assert shuffled == annual(table, household)


@given(tables_with(("amount", "per_head", "coefficient", "coefficient_per_head")), households, values)
def test_a_further_increment_never_lowers_the_amount(table, household, value):
    before = annual(table, household)

    for effect in ("amount", "per_head", "coefficient"):
        after = annual(table._replace(rules=(*table.rules, rule(effect, value))), household)
        assert (before is None) == (after is None)
        assert before is None or after >= before


@given(st.lists(members, min_size=1, max_size=8), st.integers(min_value=1, max_value=8))
def test_heads_are_paid_up_to_the_maximum(people, most):
    table = flat(rule("per_head", 10, max_heads=most))

    assert annual(table, home(*people)) == 100 + 10 * min(len(people), most)


def test_all_orders_of_a_small_household_give_the_same_lines():
    disabled = ADULT._replace(disability="medium")
    results = {quotient.compute(presets.corleto_demo(), home(*p), AT) for p in permutations((ADULT, BABY, disabled))}

    assert len(results) == 1
