"""What a file of the registry would change."""

import time
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st
from rules_loader import load
from stdnum.it import codicefiscale

plan = load("family_card", "registry_plan")
registry = load("family_card", "registry_file")

AS_OF = date(2024, 4, 3)
BORN = date(1985, 12, 10)


def code(number):
    body = f"RSSMRA85T10A{number:03d}"
    return body + codicefiscale.calc_check_digit(body)


def row(number, household="F1", fiscal_code=None, name=None, birth=BORN, relation="head", **days):
    return registry.Row(
        number,
        household,
        code(number) if fiscal_code is None else fiscal_code,
        name or f"Mario Rossi {number}",
        birth,
        relation,
        "",
        "",
        "",
        days.get("first"),
        days.get("last"),
        days.get("death_date"),
    )


def person(number, household=7, relation="head", **values):
    values = {"first": date(2020, 1, 1), "latest": date(2020, 1, 1), **values}
    values.setdefault("fiscal_code", code(number))
    return plan.Person(
        id=100 + number,
        name=f"Mario Rossi {number}",
        birth_date=BORN,
        household=household,
        relation=relation,
        **values,
    )


KNOWN = [plan.Household(7, "F1"), plan.Household(8, "F2")]


def kinds(result):
    return [(change.kind, change.day) for change in result.changes]


def faults(result):
    return [(p.row, p.code, p.level) for p in result.problems]


def test_an_empty_registry_is_filled():
    result = plan.compare([row(2), row(3, relation="child")], [], [], AS_OF)

    assert kinds(result) == [("move_in", AS_OF)] * 2
    assert result.new_households == ["F1"]
    assert not result.problems


def test_the_same_again_changes_nothing():
    result = plan.compare([row(2)], [person(2)], KNOWN, AS_OF, complete=True)

    assert (result.changes, result.problems, result.unchanged) == ([], [], 1)


def test_a_death_and_a_departure():
    """R-004-51."""
    rows = [row(2, death_date=date(2024, 3, 1)), row(3, relation="child", last=date(2024, 2, 1))]
    result = plan.compare(rows, [person(2), person(3, relation="child")], KNOWN, AS_OF)

    assert kinds(result) == [("death", date(2024, 3, 1)), ("move_out", date(2024, 2, 1))]


def test_a_death_told_twice_or_otherwise():
    dead = person(2, household=None, death_date=date(2024, 3, 1))

    assert plan.compare([row(2, death_date=date(2024, 3, 1))], [dead], KNOWN, AS_OF).unchanged == 1
    assert faults(plan.compare([row(2, death_date=date(2024, 3, 2))], [dead], KNOWN, AS_OF)) == [
        (2, "other_death", "error")
    ]
    assert faults(plan.compare([row(2)], [dead], KNOWN, AS_OF)) == [(2, "is_dead", "error")]


def test_a_move_to_another_household():
    result = plan.compare([row(2, "F2", first=date(2024, 3, 1))], [person(2)], KNOWN, AS_OF)

    assert kinds(result) == [("household_change", date(2024, 3, 1))]
    assert faults(plan.compare([row(2, "F2", first=date(2019, 1, 1))], [person(2)], KNOWN, AS_OF)) == [
        (2, "not_after", "error")
    ]


def test_a_newborn():
    """R-004-52: the child without a first day joined by being born."""
    baby = row(3, birth=date(2024, 3, 20), relation="child", fiscal_code="")
    result = plan.compare([row(2), baby], [person(2)], KNOWN, AS_OF)

    assert kinds(result) == [("birth", date(2024, 3, 20))]


def test_a_child_in_foster_care_arrives():
    """R-004-19: a foster child counts as a child, but is not born into the household."""
    baby = row(3, birth=date(2024, 3, 20), relation="foster", fiscal_code="")
    result = plan.compare([row(2), baby], [person(2)], KNOWN, AS_OF)

    assert kinds(result) == [("move_in", AS_OF)]


def test_who_is_missing_from_a_complete_file_has_left():
    result = plan.compare([row(2)], [person(2), person(3, relation="child")], KNOWN, AS_OF, complete=True)

    assert kinds(result) == [("move_out", AS_OF - timedelta(days=1))]
    assert result.changes[0].person == 103


def test_heads():
    """R-004-15."""
    assert faults(plan.compare([row(2, relation="child")], [], [], AS_OF)) == [(2, "no_head", "error")]
    assert faults(plan.compare([row(2), row(3)], [], [], AS_OF)) == [(3, "two_heads", "error")]
    assert faults(plan.compare([row(3)], [person(2)], KNOWN, AS_OF)) == [(3, "two_heads", "error")]
    heir = [row(2, death_date=date(2024, 3, 1)), row(3, relation="head")]
    assert not plan.compare(heir, [person(2), person(3, relation="child")], KNOWN, AS_OF).problems


def test_a_household_entered_by_hand_gets_its_number():
    result = plan.compare([row(2, "F9")], [person(2)], [plan.Household(7, "")], AS_OF)

    assert result.codes == [(7, "F9")]
    assert (result.changes, result.unchanged) == ([], 1)


def test_people_who_may_be_on_file_already():
    """domain.md 3.3: omocodia; same name and birth date."""
    variant = person(2, fiscal_code="RSSMRA85T1LA56NK")
    same = row(2, fiscal_code="RSSMRA85T10A562S", name=variant.name)
    assert faults(plan.compare([same], [variant], KNOWN, AS_OF)) == [(2, "variant_on_file", "error")]
    other = row(2, "F3", fiscal_code="RSSMRA85T10A562S", name="Mara Russo")
    assert faults(plan.compare([other], [variant], KNOWN, AS_OF)) == [(2, "variant_on_file", "warning")]
    namesake = row(5, "F3", name="Mario Rossi 2")
    assert faults(plan.compare([namesake], [person(2)], KNOWN, AS_OF)) == [(5, "namesake_on_file", "warning")]


def test_the_file_completes_a_missing_fiscal_code():
    result = plan.compare([row(2)], [person(2, fiscal_code="")], KNOWN, AS_OF)

    assert [(pid, filled.number) for pid, filled in result.completed] == [(102, 2)]
    assert result.unchanged == 1


def after(people, result):
    """What is on file once the plan was carried out."""
    known = {p.id: p for p in people}
    households = {7: "F1", 8: "F2"}
    for number, change in enumerate(result.changes):
        key = change.person or 1000 + number
        if change.kind in ("death", "move_out"):
            gone = {"household": None, "relation": None, "first": None, "latest": change.day}
            known[key] = known[key]._replace(
                **gone, death_date=change.day if change.kind == "death" else known[key].death_date
            )
            continue
        household = change.household
        if isinstance(household, str):
            household = hash(household) % 10_000 + 10_000
            households[household] = change.household
        base = known.get(key) or plan.Person(key, change.row.name, change.row.birth_date, change.row.fiscal_code)
        known[key] = base._replace(household=household, relation=change.relation, first=change.day, latest=change.day)
    return list(known.values()), [plan.Household(id_, name) for id_, name in households.items()]


entries = st.tuples(
    st.sampled_from(["F1", "F2", "F3"]),
    st.sampled_from(["head", "child", "spouse"]),
    st.sampled_from([{}, {}, {"last": date(2024, 2, 1)}, {"death_date": date(2024, 3, 1)}]),
)


@given(st.lists(entries, max_size=5), st.booleans())
def test_a_file_without_errors_changes_nothing_the_second_time(drawn, complete):
    """The same file twice: nothing the second time."""
    rows = [row(n, household, relation=relation, **days) for n, (household, relation, days) in enumerate(drawn, 2)]
    people = [person(2), person(3, relation="child"), person(4, 8)]
    first = plan.compare(rows, people, KNOWN, AS_OF, complete)
    if any(problem.level == "error" for problem in first.problems):
        return

    second = plan.compare(rows, *after(people, first), AS_OF, complete)

    assert not second.changes
    assert not second.new_households


def test_a_hundred_thousand_rows_get_an_answer():
    """Issue 3, must be shown 4: parse, validate and compare, with faults among them."""
    lines = ["codice famiglia;codice fiscale;nominativo;data di nascita;parentela"]
    for number in range(100_000):
        relation = "figlio" if number % 3 else "IS"
        lines.append(
            f"F{number // 3};;Person {number};{'31/02/1980' if number % 1000 == 7 else '01/02/1980'};{relation}"
        )
    started = time.monotonic()

    parsed = registry.parse("\n".join(lines).encode(), registry.Limits(50_000_000, 200_000), AS_OF)
    result = plan.compare(parsed.rows, [], [], AS_OF)

    assert (len(parsed.problems), len(result.changes)) == (100, 99_900)
    assert time.monotonic() - started < 60
