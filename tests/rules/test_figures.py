"""Sums and chart of a merchant's transactions (merchant_circuit)."""

from datetime import date, timedelta
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st
from rules_loader import load

rules = load("merchant_circuit", "figures")
chart = load("merchant_circuit", "chart")

MONEY = st.integers(0, 10**9).map(lambda cents: Decimal(cents).scaleb(-2))
DAYS = st.dates(date(2020, 1, 1), date(2030, 12, 31))


@st.composite
def cells(draw):
    """A cell whose purchase is at least what the card paid of it."""
    amount = draw(MONEY)
    return rules.Cell(
        draw(DAYS),
        draw(st.sampled_from(("payment", "refund"))),
        draw(st.sampled_from(("authorized", "captured", "voided", "expired"))),
        draw(st.integers(1, 1000)),
        amount,
        amount + draw(MONEY),
    )


@given(st.lists(cells()), DAYS)
def test_totals_add_up(many, day):
    """R-004-95: the totals of two parts are the totals of the whole, in every figure."""
    early = rules.between(many, date.min, day)
    late = rules.between(many, day + timedelta(days=1), date.max)
    assert rules.Totals(*(a + b for a, b in zip(early, late, strict=True))) == rules.total(many)


@given(st.lists(cells()))
def test_only_what_is_confirmed_is_reimbursed(many):
    """R-004-96: neither holds nor what was cancelled."""
    captured = [cell for cell in many if cell.state == "captured"]
    sums = rules.total(many)
    assert sums.net == sum((cell.amount if cell.kind == "payment" else -cell.amount) for cell in captured)
    assert sums.own_share >= 0
    assert sums.count == sum(cell.count for cell in many)


@given(st.lists(cells()))
def test_groups_lose_nothing(many):
    """R-004-95: the table by day adds up to the totals."""
    groups = rules.grouped(many, lambda day: day)
    assert list(groups) == sorted(groups)
    assert sum((one.net for one in groups.values()), Decimal(0)) == rules.total(many).net


def test_average_of_nothing_is_nothing():
    """Bad input: no purchases."""
    assert rules.Totals().average == 0
    assert rules.Totals(paid_count=3, paid=Decimal("10.00")).average == Decimal("3.33")


@given(DAYS, st.integers(1, 40))
def test_months_follow_each_other(day, count):
    """R-004-95: up to the month of the day."""
    found = rules.months(day, count)
    assert len(found) == count
    assert found[-1] == day.replace(day=1)
    assert all((b - a).days in (28, 29, 30, 31) for a, b in zip(found, found[1:], strict=False))


@given(st.lists(st.tuples(MONEY, MONEY), min_size=1, max_size=40))
def test_bars_stay_in_the_field_and_on_one_scale(values):
    """R-004-95: nothing is drawn outside, heights are as the amounts, few lines."""
    drawn = chart.draw(values)
    assert 2 <= len(drawn.ticks) <= 8
    assert (drawn.ticks[0].y, drawn.ticks[-1].y) == (0, 100)
    slack = Decimal("0.01")
    for bar in (*drawn.up, *drawn.down):
        assert -slack <= bar.x <= 100 + slack - bar.width
        assert -slack <= bar.y <= 100 + slack - bar.height
    assert all(abs(bar.y + bar.height - drawn.zero) <= slack for bar in drawn.up)
    assert all(bar.y == drawn.zero for bar in drawn.down)
    span = drawn.ticks[0].value - drawn.ticks[-1].value
    for bar in drawn.up:
        assert abs(bar.height * span / 100 - values[bar.index][0]) <= span * slack / 100


def test_nothing_happened_is_an_empty_field():
    """R-004-95: a new shop."""
    drawn = chart.draw([(Decimal(0), Decimal(0))] * 30)
    assert (drawn.up, drawn.down, drawn.zero) == ((), (), 100)
