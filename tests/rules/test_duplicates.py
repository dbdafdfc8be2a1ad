"""People on file who may be one."""

from datetime import date

from hypothesis import given
from hypothesis import strategies as st
from rules_loader import load

duplicates = load("family_card", "duplicates")
BORN = date(1985, 12, 10)


def someone(number, name="Mario Rossi", birth=BORN, code=""):
    return duplicates.Someone(number, name, birth, code)


def test_reasons():
    """domain.md 3.3: same code, omocodia, same name and birth date."""
    people = [
        someone(3, code="RSSMRA85T10A562S"),
        someone(1, "Rossi M.", code="RSSMRA85T10A562S"),
        someone(2, "Russo Mara", code="RSSMRA85T1LA56NK"),
        someone(4, "ROSSI MARIO"),
        someone(5, "Mario Rossi", date(1990, 1, 1)),
        someone(6, "Mario Rossi", None),
    ]

    assert duplicates.pairs(people) == {(1, 3): "same_code", (1, 2): "variant", (3, 4): "same_name"}


@given(st.lists(st.tuples(st.sampled_from(["Anna", "Bruno"]), st.sampled_from([BORN, None])), max_size=8))
def test_everybody_alike_hangs_together(drawn):
    people = [someone(number, name, birth) for number, (name, birth) in enumerate(drawn)]

    found = duplicates.pairs(people)

    groups = {(p.name, p.birth_date) for p in people if p.birth_date}
    assert len(found) == sum(p.birth_date is not None for p in people) - len(groups)
