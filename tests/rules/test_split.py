"""Year into quarters, quarter into accounts (examples 4.1)."""

from decimal import Decimal as D

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rules_loader import load

split = load("family_card", "split")

STANDARD = (50, 40, 10)
cents = st.integers(min_value=0, max_value=10**9).map(lambda value: D(value) / 100)
weights = st.lists(st.decimals(min_value=0, max_value=100, places=2), min_size=1, max_size=8).filter(
    lambda w: sum(w) > 0
)


def amounts(text):
    return tuple(D(part) for part in text.split())


@pytest.mark.parametrize(
    ("annual", "quarters", "first_quarter"),
    [
        pytest.param("450.00", "112.50 112.50 112.50 112.50", "56.25 45.00 11.25", id="K1"),
        pytest.param("1000.00", "250 250 250 250", "125 100 25", id="K2"),
        pytest.param("730.01", "182.51 182.50 182.50 182.50", "91.26 73.00 18.25", id="K3"),
        pytest.param("585.00", "146.25 146.25 146.25 146.25", "73.13 58.50 14.62", id="K6"),
    ],
)
def test_a_year_is_split_into_quarters_and_accounts(annual, quarters, first_quarter):
    """R-004-31, R-004-35."""
    parts = split.quarters(D(annual))

    assert parts == amounts(quarters)
    assert split.shares(parts[0], STANDARD).parts == amounts(first_quarter)


@pytest.mark.parametrize(
    ("quarter", "accounts"),
    [
        pytest.param("182.50", "91.25 73.00 18.25", id="K3-later-quarters"),
        pytest.param("112.57", "56.28 45.03 11.26", id="K4-two-odd-cents-to-the-largest-fractions"),
        pytest.param("100.03", "50.02 40.01 10.00", id="K5"),
        pytest.param("0.01", "0.01 0 0", id="K8-one-cent"),
        pytest.param("0.17", "0.08 0.07 0.02", id="K8"),
        pytest.param("0.00", "0 0 0", id="nothing"),
    ],
)
def test_a_quarter_is_split_into_accounts(quarter, accounts):
    """R-004-35, largest remainder, ties to the first account."""
    assert split.shares(D(quarter), STANDARD).parts == amounts(accounts)


def test_a_single_account_gets_everything():
    """K7, R-004-37."""
    assert split.shares(D("112.50"), (100,)) == ((D("112.50"),), D(0))


def test_floor_reports_the_unassigned_cent():
    """K6 with ``floor`` (A28)."""
    assert split.shares(D("146.25"), STANDARD, "floor") == (amounts("73.12 58.50 14.62"), D("0.01"))


@given(cents)
def test_quarters_sum_to_the_year_and_differ_by_a_cent_at_most(annual):
    """Every cent of a credit lands somewhere; the earlier quarter is never the smaller one."""
    parts = split.quarters(annual)

    assert sum(parts) == annual
    assert max(parts) - min(parts) <= D("0.01")
    assert list(parts) == sorted(parts, reverse=True)


@given(cents, weights, st.sampled_from(["largest_remainder", "floor"]))
def test_shares_sum_to_the_amount(amount, chosen, rounding):
    """Parts plus what is reported as unassigned are the amount, and no part is a cent off its exact share."""
    parts, unassigned = split.shares(amount, chosen, rounding)

    assert sum(parts) + unassigned == amount
    assert 0 <= unassigned < len(chosen) * D("0.01")
    assert rounding == "floor" or unassigned == 0
    for part, weight in zip(parts, chosen, strict=True):
        assert part >= 0
        assert part == part.quantize(D("0.01"))
        assert abs(part - amount * weight / sum(chosen)) < D("0.0100001")


@given(cents, weights)
def test_floor_never_gives_more_than_the_largest_remainder(amount, chosen):
    floor = split.shares(amount, chosen, "floor").parts
    full = split.shares(amount, chosen).parts

    assert all(low <= high for low, high in zip(floor, full, strict=True))


@pytest.mark.parametrize("amount", ["-0.01", "0.001", "NaN", "Infinity"])
def test_what_is_no_amount_is_refused(amount):
    with pytest.raises(ValueError):
        split.quarters(D(amount))


@pytest.mark.parametrize(("chosen", "rounding"), [((0, 0), "floor"), ((-1, 2), "floor"), ((1,), "up")])
def test_what_is_no_split_is_refused(chosen, rounding):
    with pytest.raises(ValueError):
        split.shares(D(1), chosen, rounding)
