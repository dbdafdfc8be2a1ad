"""Who and what it takes before a statement is paid."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rules_loader import load

approval = load("merchant_settlement", "approval")
cents = st.decimals("0.01", "99999.99", places=2)


@pytest.mark.parametrize(("payable", "needed"), [("5000.00", False), ("5000.01", True)])
def test_arrears_check_begins_strictly_above_the_threshold(payable, needed):
    """N5: 5,000.00 needs no check of tax arrears, 5,000.01 does."""
    assert approval.needs_arrears_check(Decimal(payable), Decimal("5000")) is needed


@given(payable=cents)
def test_zero_asks_always_for_a_second_person(payable):
    """A24: with 0 in the terms whoever checked never approves."""
    assert approval.needs_second_person(payable, Decimal(0))


@given(total=cents, stamp=st.sampled_from([Decimal(0), Decimal("2.00")]))
def test_the_parts_of_a_bill_are_what_is_paid(total, stamp):
    """N3: the bill is the reimbursement and the stamp duty the public body bears, to the cent."""
    reimbursed, added = approval.bill_parts(total, total + stamp)

    assert (reimbursed, added) == (total, stamp)


@pytest.mark.parametrize(("total", "payable"), [("0", "0"), ("-8.00", "-8.00"), ("10.00", "9.99")])
def test_nothing_to_pay_makes_no_bill(total, payable):
    """N6: a month below zero is carried, never billed."""
    with pytest.raises(ValueError, match="no bill"):
        approval.bill_parts(Decimal(total), Decimal(payable))
