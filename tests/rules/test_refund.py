"""What must go back to the card when goods are returned (merchant_circuit)."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rules_loader import load

minimum_refund = load("merchant_circuit", "refund").minimum_refund

ZERO = Decimal(0)


def cents(low, high):
    """Amounts of whole cents, EUR."""
    return st.integers(low, high).map(lambda value: Decimal(value).scaleb(-2))


@st.composite
def sales(draw):
    """(paid by the card, whole purchase), both > 0, the card at most all of it."""
    total = draw(st.integers(1, 100_000_000))
    paid = draw(st.integers(1, total))
    return Decimal(paid).scaleb(-2), Decimal(total).scaleb(-2)


@st.composite
def returns(draw):
    """A sale and the growing value of what was brought back of it."""
    paid, total = draw(sales())
    steps = sorted(draw(st.lists(st.integers(0, int(total * 100)), min_size=1, max_size=6)))
    return paid, total, [Decimal(step).scaleb(-2) for step in steps]


@pytest.mark.parametrize(
    ("paid", "total", "returned", "given_back", "expected"),
    [
        ("15.00", "30.00", "30.00", "0", "15.00"),  # everything back
        ("15.00", "30.00", "10.00", "0", "5.00"),  # a third of the goods, a third of the card's part
        ("15.00", "30.00", "20.00", "5.00", "5.00"),  # then another third
        ("15.00", "30.00", "30.00", "10.00", "5.00"),
        ("15.00", "30.00", "30.00", "15.00", "0"),
        ("15.00", "30.01", "10.00", "0", "5.00"),  # 4.9983…: the odd cent goes to the card
        ("0.01", "10.00", "0.01", "0", "0.01"),
        ("50.00", "50.00", "12.34", "0", "12.34"),  # the card paid all
        ("15.00", "30.00", "10.00", "12.00", "0"),  # more went back than had to
        ("15.00", "30.00", "0", "0", "0"),
        ("15.00", "30.00", "45.00", "0", "15.00"),  # never more than the card paid
    ],
)
def test_examples(paid, total, returned, given_back, expected):
    """R-004-57."""
    assert minimum_refund(*map(Decimal, (paid, total, returned, given_back))) == Decimal(expected)


@given(sales())
def test_a_full_return_gives_everything_back(sale):
    """R-004-57: the last cent of the card's part returns to the card."""
    paid, total = sale
    assert minimum_refund(paid, total, total, ZERO) == paid


@given(returns())
def test_more_goods_never_mean_less_money(case):
    """What is due grows with what was returned."""
    paid, total, steps = case
    due = [minimum_refund(paid, total, returned, ZERO) for returned in steps]
    assert due == sorted(due)


@given(sales(), cents(0, 200_000_000), st.data())
def test_never_more_than_is_left_of_the_payment(sale, returned, data):
    """Between nothing and paid - given_back, in whole cents."""
    paid, total = sale
    given_back = data.draw(cents(0, int(paid * 100)))
    due = minimum_refund(paid, total, returned, given_back)
    assert ZERO <= due <= paid - given_back
    assert due == due.quantize(Decimal("0.01"))


@given(returns())
def test_card_money_never_becomes_cash(case):
    """R-004-57: after each of many partial returns, the cash handed out for the goods is at most the
    citizen's own share of these goods, so never more than the citizen paid."""
    paid, total, steps = case
    to_card = ZERO
    for returned in steps:
        to_card += minimum_refund(paid, total, returned, to_card)
        cash = returned - to_card
        assert cash * total <= returned * (total - paid)
        assert cash <= total - paid
    assert to_card <= paid


@given(returns())
def test_many_small_returns_cost_what_one_large_costs(case):
    """Rounding is not collected: the sum only depends on what was returned in the end."""
    paid, total, steps = case
    to_card = ZERO
    for returned in steps:
        to_card += minimum_refund(paid, total, returned, to_card)
    assert to_card == minimum_refund(paid, total, steps[-1], ZERO)


@given(returns(), st.data())
def test_generous_refunds_are_counted(case, data):
    """A shop may give back more to the card than it must; that is taken off what is due later."""
    paid, total, steps = case
    to_card = ZERO
    for returned in steps:
        due = minimum_refund(paid, total, returned, to_card)
        assert due <= paid - to_card
        to_card += data.draw(cents(int(due * 100), int((paid - to_card) * 100)))
    assert minimum_refund(paid, total, steps[-1], to_card) == ZERO
    assert to_card <= paid
