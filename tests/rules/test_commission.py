"""Commission of the operator: half up by redemption, back to zero when everything comes back (B02, C1–C9)."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rules_loader import load

rules = load("ecoupon", "commission")

ZERO = Decimal(0)
THREE = rules.Terms(True, "discount", Decimal(3), ZERO, ZERO, ZERO)
cents = st.decimals(min_value="0.01", max_value="1000", places=2)
terms = st.builds(
    rules.Terms,
    st.booleans(),
    st.sampled_from(["discount", "purchase", "redemption"]),
    st.decimals(min_value=0, max_value=100, places=4),
    st.decimals(min_value=0, max_value=5, places=2),
    st.decimals(min_value=0, max_value=1, places=2),
    st.one_of(st.just(ZERO), st.decimals(min_value=1, max_value=50, places=2)),
)
shares = st.decimals(min_value=0, max_value=100, places=2)


@pytest.mark.parametrize(
    ("discount", "due"),
    [("5.00", "0.15"), ("5.99", "0.18"), ("7.50", "0.23"), ("15.00", "0.45"), ("6.00", "0.18"), ("4.99", "0.15")],
)
def test_examples(discount, due):
    """R-000-24, C1–C7: 3 % of the discount, half up by redemption."""
    assert rules.commission(THREE, Decimal(discount), Decimal(100)) == Decimal(due)


def test_sum_of_many():
    """R-000-24, C7, C8: each by itself: 143 of 4.99 are 21.45, and 25 of 5.00 are 3.75."""
    assert 143 * rules.commission(THREE, Decimal("4.99"), Decimal(40)) == Decimal("21.45")
    assert 25 * rules.commission(THREE, Decimal(5), Decimal(40)) == Decimal("3.75")


@given(terms, cents)
def test_nothing_spent_nothing_due(one, purchase):
    """R-000-23: whatever the minimum says."""
    assert rules.commission(one, ZERO, purchase) == 0


@given(terms, cents, cents)
def test_within_its_limits(one, discount, purchase):
    """R-000-22, B02: off is off; else between minimum and maximum."""
    due = rules.commission(one, discount, purchase)
    if not one.enabled:
        assert due == 0
    else:
        assert due >= one.minimum
        assert not one.maximum or due <= one.maximum
    assert due == due.quantize(Decimal("0.01"))


@given(terms, cents, cents, shares, st.lists(st.decimals(min_value="0.01", max_value="0.99", places=2), max_size=4))
def test_reversals_take_back_exactly(one, discount, purchase, share, parts):
    """R-000-25, C9: in one piece or in many, in the end nothing of the coupon is left."""
    kept = rules.spent(one, discount, purchase, share)
    for part in [*parts, None]:
        back = kept.discount if part is None else rules.half_up(kept.discount * part)
        if back <= 0:
            continue
        kept = rules.Kept(*map(sum, zip(kept, rules.reversal(one, kept, back, share), strict=True)))
        assert min(kept) >= 0
    assert kept == rules.Kept()


@given(cents, shares)
def test_the_sponsor_pays_a_part(discount, share):
    """R-000-20, B04: never more than the discount."""
    assert 0 <= rules.sponsored(discount, share) <= discount
