"""What of a campaign may be published (R-000-14, R-000-29, R-000-30)."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rules_loader import load

campaign = load("ecoupon", "campaign")
discount = load("ecoupon", "discount")

money = st.decimals(min_value="0.01", max_value="500", places=2)


@st.composite
def terms(draw):
    """A fixed amount or a percentage, with or without maximum and minimum."""
    kind = draw(st.sampled_from(["fixed", "percent"]))
    maximum = draw(st.one_of(st.just(Decimal(0)), money)) if kind == "percent" else Decimal(0)
    minimum = draw(st.one_of(st.just(Decimal(0)), money))
    return discount.Terms(
        kind, draw(money), draw(st.decimals(min_value="0.5", max_value="100", places=1)), maximum, minimum
    )


def percent(value, **values):
    return discount.Terms("percent", Decimal(0), Decimal(value), Decimal(0), Decimal(0))._replace(**values)


@given(terms())
def test_nothing_is_better_than_itself(one):
    """R-000-14: the same again is no extra discount."""
    assert not campaign.is_better(one, one)


@given(terms(), terms())
def test_of_two_one_at_most_is_better(one, other):
    """R-000-14: better is an order."""
    assert not (campaign.is_better(one, other) and campaign.is_better(other, one))


@given(terms(), terms(), st.decimals(min_value="0.01", max_value="2000", places=2))
def test_better_is_never_worse(one, other, eligible):
    """R-000-14: whatever somebody buys, but for the cent by which percentages are rounded."""

    def off(which):
        return discount.worth(which, eligible) if eligible >= which.minimum else Decimal(0)

    if campaign.is_better(one, other):
        assert off(one) >= off(other) - Decimal("0.01")


@pytest.mark.parametrize(
    ("extra", "public", "better"),
    [
        (percent(25), percent(10), True),
        (percent(10), percent(10), False),
        (percent(25, maximum=Decimal(5)), percent(10), False),
        (percent(25, minimum=Decimal(20)), percent(10), False),
        (percent(10), percent(10, minimum=Decimal(20)), True),
    ],
)
def test_examples(extra, public, better):
    """R-000-14, C6: more percent, but not with a lower maximum or a higher minimum."""
    assert campaign.is_better(extra, public) is better


def test_goods():
    """R-000-14: no goods means all goods."""
    assert campaign.goods_meet([], [1])
    assert campaign.goods_meet([1, 2], [2])
    assert not campaign.goods_meet([1], [2])


def test_where():
    """R-000-29, R-000-30, C12: one place of the territory or a web shop suffices."""
    assert not campaign.is_usable([("physical", 9)], [1, 2])
    assert not campaign.is_usable([], [1])
    assert campaign.is_usable([("physical", 9), ("physical", 2)], [1, 2])
    assert campaign.is_usable([("online", None)], [1])
    assert campaign.is_usable([("physical", None)], [])
