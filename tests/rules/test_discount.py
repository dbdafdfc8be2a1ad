"""What a coupon takes off a purchase (examples 4.9 that do not need the circuit)."""

from decimal import Decimal as D

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rules_loader import load

rule = load("ecoupon", "discount")

BOOKS, FOOD, TOBACCO = 1, 2, 3
SHOP = FOOD
money = st.integers(1, 10**6).map(lambda cents: D(cents) / 100)
activities = st.sampled_from([None, BOOKS, FOOD, TOBACCO])
goods = st.frozensets(st.sampled_from([BOOKS, FOOD, TOBACCO]), max_size=3)
purchases = st.lists(st.builds(rule.Item, money, activities, st.booleans()), min_size=1, max_size=6)
stackings = st.sampled_from([rule.BEST, rule.SUM, rule.SEQUENCE])
zero = st.just(D("0.00"))
campaigns = st.one_of(
    st.builds(rule.Terms, st.just(rule.FIXED), money, zero, zero, zero, goods),
    st.builds(
        rule.Terms,
        st.just(rule.PERCENT),
        zero,
        st.integers(1, 10000).map(lambda bp: D(bp) / 100),
        st.one_of(zero, money),
        zero,
        goods,
    ),
)


def fixed(amount, **changes):
    return rule.Terms(rule.FIXED, D(amount), D(0), D(0), D(0))._replace(**changes)


def percent(rate, **changes):
    return rule.Terms(rule.PERCENT, D(0), D(rate), D(0), D(0))._replace(**changes)


def discount(terms, *items, others=(), taken=(), stacking=rule.BEST, coupon=1):
    rows = [rule.Item(D(item)) if isinstance(item, str) else rule.Item(D(item[0]), *item[1:]) for item in items]
    return rule.discount(terms, coupon, rows, taken, others, stacking, SHOP)


@pytest.mark.parametrize(
    ("terms", "purchase", "off"),
    [
        pytest.param(fixed("5.00"), "40.00", "5.00", id="C1"),
        pytest.param(percent("15"), "39.90", "5.99", id="C2-half-up"),
        pytest.param(fixed("10.00"), "7.50", "7.50", id="C3-the-rest-is-lost"),
        pytest.param(fixed("5.00"), "30.00", "5.00", id="C4"),
        pytest.param(percent("20", maximum=D("15.00")), "120.00", "15.00", id="C5-maximum"),
        pytest.param(percent("25"), "60.00", "15.00", id="C6-reserved"),
        pytest.param(percent("10"), "60.00", "6.00", id="C6-public"),
        pytest.param(percent("100"), "0.01", "0.01", id="all-of-a-cent"),
    ],
)
def test_worth_of_a_coupon(terms, purchase, off):
    """R-000-07, R-000-08: examples C1 to C6."""
    assert discount(terms, purchase) == rule.Discount(D(off), D(purchase))


def test_only_the_goods_of_the_campaign_count():
    """R-000-13: a percentage is of the eligible lines, the others are paid in full."""
    answer = discount(percent("25", goods=frozenset({BOOKS})), ("40.00", BOOKS), ("20.00", FOOD), "10.00")

    assert answer == rule.Discount(D("10.00"), D("40.00"))


def test_other_goods_are_refused():
    """R-000-13: refused on lines of other categories, and on goods that the shop takes out."""
    books = percent("25", goods=frozenset({BOOKS}))

    assert discount(books, ("20.00", FOOD), "10.00") == rule.Refusal("COUPON_GOODS")
    assert discount(books, ("20.00", BOOKS, False)) == rule.Refusal("COUPON_GOODS")
    assert discount(percent("25"), ("20.00", None, False)) == rule.Refusal("COUPON_GOODS")


def test_the_minimum_is_of_the_goods_of_the_campaign():
    """R-000-13: minimum purchase, included."""
    terms = fixed("5.00", goods=frozenset({BOOKS}), minimum=D("20.00"))

    assert discount(terms, ("19.99", BOOKS), ("50.00", FOOD)) == rule.Refusal("COUPON_MINIMUM", D("20.00"))
    assert discount(terms, ("20.00", BOOKS)).amount == D("5.00")


@pytest.mark.parametrize(
    ("stacking", "off"),
    [pytest.param(rule.SUM, "15.00", id="sum-21.00"), pytest.param(rule.SEQUENCE, "13.50", id="sequence-19.50")],
)
def test_two_coupons_add_up_only_where_the_circuit_says_so(stacking, off):
    """R-000-13: C6, 60.00 with the public 10% before the reserved 25%."""
    answer = discount(percent("25"), "60.00", others=[rule.Other(2, D("6.00"))], taken=(D("6.00"),), stacking=stacking)

    assert answer.amount == D(off)


def test_the_best_coupon_alone_counts():
    """R-000-13: C6, best only: the cashier is told what this one would be worth, where that is more."""
    public, reserved = rule.Other(2, D("6.00")), rule.Other(3, D("15.00"))

    assert discount(percent("25"), "60.00", others=[public], taken=(D("6.00"),)) == rule.Refusal(
        "COUPON_STACK", D("15.00")
    )
    assert discount(percent("10"), "60.00", others=[reserved], taken=(D("15.00"),)) == rule.Refusal("COUPON_STACK")


@pytest.mark.parametrize("stacking", [rule.BEST, rule.SUM, rule.SEQUENCE])
def test_a_coupon_that_stands_alone_joins_no_other(stacking):
    """R-000-13: whichever of the two was first, and the same coupon never twice on a purchase."""
    taken = (D("6.00"),)

    for terms, other in (
        (percent("25", alone=True), rule.Other(2, D("6.00"))),
        (percent("25"), rule.Other(2, D("6.00"), alone=True)),
        (percent("25"), rule.Other(1, D("6.00"))),
    ):
        assert discount(terms, "60.00", others=[other], taken=taken, stacking=stacking) == rule.Refusal("COUPON_STACK")


def test_nothing_is_left_to_take_off():
    """R-000-07: coupons that add up never take off more than the goods."""
    half = discount(fixed("8.00"), "10.00", others=[rule.Other(2, D("6.00"))], taken=(D("6.00"),), stacking=rule.SUM)
    none = discount(fixed("8.00"), "10.00", others=[rule.Other(2, D("10.00"))], taken=(D("10.00"),), stacking=rule.SUM)

    assert half.amount == D("4.00")
    assert none == rule.Refusal("COUPON_NOTHING")
    assert discount(percent("1"), "0.30") == rule.Refusal("COUPON_NOTHING")


@given(campaigns, purchases, stackings)
def test_never_more_than_the_goods(terms, items, stacking):
    """R-000-07, R-000-08: between a cent and the goods of the campaign, whole cents, within the maximum."""
    answer = rule.discount(terms, 1, items, (), (), stacking, SHOP)

    if isinstance(answer, rule.Discount):
        assert D("0.00") < answer.amount <= answer.eligible <= sum(item.amount for item in items)
        assert answer.amount == answer.amount.quantize(D("0.01"))
        assert not terms.maximum or answer.amount <= terms.maximum
    else:
        assert answer.code in ("COUPON_GOODS", "COUPON_NOTHING")


@given(st.lists(campaigns, min_size=1, max_size=5), purchases, st.sampled_from([rule.SUM, rule.SEQUENCE]))
def test_coupons_together_leave_no_line_below_zero(terms, items, stacking):
    """R-000-07, H16: what coupons take off each line is never more than the line."""
    taken, others = [D("0.00")] * len(items), []
    for number, one in enumerate(terms):
        answer = rule.discount(one, number, items, taken, others, stacking, SHOP)
        if isinstance(answer, rule.Discount):
            net = [item._replace(amount=item.amount - off) for item, off in zip(items, taken, strict=True)]
            parts = rule.spread(answer.amount, net, SHOP, one.goods)
            assert sum(parts) == answer.amount
            taken = [a + b for a, b in zip(taken, parts, strict=True)]
            others.append(rule.Other(number, answer.amount))
    assert all(D("0.00") <= off <= item.amount for off, item in zip(taken, items, strict=True))


@given(money, purchases, goods)
def test_a_discount_is_spread_over_its_goods_to_the_cent(amount, items, chosen):
    """H16, R-000-13: in proportion, only on the goods of the campaign."""
    parts = rule.spread(amount, items, SHOP, chosen)
    matching = [rule.matches(item, SHOP, chosen) for item in items]

    assert sum(parts) == min(amount, sum((i.amount for i, on in zip(items, matching, strict=True) if on), D("0.00")))
    assert all(D("0.00") <= off <= item.amount for off, item in zip(parts, items, strict=True))
    assert not any(off for off, on in zip(parts, matching, strict=True) if not on)


def test_returns_lower_the_goods():
    """R-000-13: a returned article is not discounted, and no negative line takes a part."""
    answer = discount(percent("10"), "30.00", "-10.00")

    assert answer == rule.Discount(D("2.00"), D("20.00"))
    assert rule.spread(D("2.00"), [rule.Item(D("30.00")), rule.Item(D("-10.00"))], SHOP, ()) == (D("2.00"), D("0.00"))


def test_vat_of_an_own_coupon_and_of_one_that_another_pays():
    """R-000-20: C10, 40.00 at 22%."""
    own, others = rule.vat_treatment(7, 7), rule.vat_treatment(7, 8)

    assert (own, others) == ("discount", "payment")
    assert rule.vat_base(D("40.00"), D("5.00"), D("22"), own) == (D("28.69"), D("6.31"))
    assert rule.vat_base(D("40.00"), D("5.00"), D("22"), others) == (D("32.79"), D("7.21"))
