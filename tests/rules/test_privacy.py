"""What is told of people without naming them."""

from datetime import date
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st
from rules_loader import load

privacy = load("family_card_privacy", "privacy")

ZERO = Decimal(0)


def cell(beneficiary, credited="10.00", period="Q1", account="COMMERCIO"):
    return privacy.Cell("P", period, account, beneficiary, Decimal(credited), ZERO, ZERO, Decimal(credited))


def test_a_code_is_the_same_within_its_scope_only():
    """R-004-101."""
    code = privacy.pseudonym("secret", "2024", 7)

    assert code == privacy.pseudonym("secret", "2024", 7)
    assert len({code, privacy.pseudonym("secret", "2025", 7), privacy.pseudonym("other", "2024", 7)}) == 3
    assert len(code) == 8
    assert code.isalnum()


def test_small_groups_are_silent():
    """R-004-101: two households in an account could be recognised."""
    [group] = privacy.grouped([cell(1), cell(2)], 3)

    assert group == privacy.Group("P", "Q1", "COMMERCIO", None, None, None, None, None)


def test_a_household_with_two_lots_is_one():
    """R-004-101."""
    [group] = privacy.grouped([cell(1), cell(1), cell(2)], 2)

    assert (group.beneficiaries, group.credited) == (2, Decimal("30.00"))


def test_one_silent_row_takes_a_second_along():
    """R-004-101: otherwise it is the total less the others."""
    cells = [cell(1, account="A")]
    cells += [cell(number, account="B") for number in range(5)] + [cell(number, account="C") for number in range(9)]

    groups = privacy.grouped(cells, 3)

    assert [group.beneficiaries for group in groups] == [None, None, 9]


def test_kept_until():
    """R-004-100."""
    assert privacy.kept_until(date(2024, 4, 3), 10) == date(2034, 4, 3)
    assert privacy.kept_until(date(2024, 2, 29), 1) == date(2025, 3, 1)
    assert privacy.only_year(date(1985, 12, 10)) == date(1985, 1, 1)
    assert privacy.only_year(None) is None


cells = st.builds(
    cell,
    st.integers(1, 6),
    st.decimals(0, 1000, places=2).map(str),
    st.sampled_from(["Q1", "Q2"]),
    st.sampled_from(["A", "B", "C"]),
)


@given(st.lists(cells, max_size=30), st.integers(1, 5))
def test_what_is_told_is_true_and_never_of_few(drawn, least):
    """R-004-101: no row of few, no single silent row, told amounts are the sums."""
    groups = privacy.grouped(drawn, least)

    assert len(groups) == len({(c.period, c.account) for c in drawn})
    for group in groups:
        mine = [c for c in drawn if (c.period, c.account) == (group.period, group.account)]
        if group.beneficiaries is not None:
            assert group.beneficiaries >= least
            assert group.credited == sum((c.credited for c in mine), ZERO)
    for period in {group.period for group in groups}:
        rows = [group for group in groups if group.period == period]
        silent = [group for group in rows if group.beneficiaries is None]
        assert len(silent) != 1 or len(rows) == 1
