from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st
from rules_loader import load

invoice = load("ecoupon_settlement", "invoice")

CENTS = st.integers(-500, 500).filter(bool).map(lambda cents: Decimal(cents) / 100)
PARTS = st.lists(
    st.builds(
        invoice.Part,
        redemption=st.just(0),
        kind=st.sampled_from(invoice.ORDER),
        debtor=st.integers(1, 3),
        campaign=st.integers(1, 3),
        amount=CENTS,
        origin=st.sampled_from([None, None, 7, 8]),
    ),
    max_size=30,
).map(lambda parts: [part._replace(redemption=number) for number, part in enumerate(parts, 1)])


def noted(document):
    return [(number, line.kind) for line in document.lines for number in line.redemptions] + list(document.empty)


@given(PARTS)
def test_every_part_is_in_exactly_one_document_of_its_debtor(parts):
    """R-000-24"""
    documents = invoice.documents(parts)

    found = sorted((number, kind, document.debtor) for document in documents for number, kind in noted(document))
    assert found == sorted((part.redemption, part.kind, part.debtor) for part in parts)


@given(PARTS)
def test_documents_add_up_to_the_parts(parts):
    """R-000-20, R-000-25"""
    documents = invoice.documents(parts)

    total = sum((-document.total if document.refund else document.total for document in documents), Decimal())
    assert total == sum((part.amount for part in parts), Decimal())


@given(PARTS)
def test_no_document_is_below_zero(parts):
    """R-000-25"""
    for document in invoice.documents(parts):
        assert document.total >= 0
        assert all(line.amount for line in document.lines)


@given(PARTS)
def test_the_commission_of_a_document_is_one_line(parts):
    """R-000-24: its VAT is of the sum."""
    for document in invoice.documents(parts):
        assert sum(line.kind == invoice.COMMISSION for line in document.lines) <= 1


def test_143_coupons_make_one_line_of_their_rounded_commissions():
    """R-000-24 (C7)"""
    parts = [invoice.Part(number, invoice.COMMISSION, 1, 1, Decimal("0.15"), None) for number in range(1, 144)]

    [document] = invoice.documents(parts)

    assert [(line.amount, line.count) for line in document.lines] == [(Decimal("21.45"), 143)]


def test_what_was_reversed_before_it_was_invoiced_is_noted_without_a_line():
    """R-000-25"""
    spent = invoice.Part(1, invoice.VALUE, 1, 1, Decimal("5.00"), None)
    parts = [spent, spent._replace(redemption=2, amount=Decimal("-5.00"))]

    [document] = invoice.documents(parts)

    assert (document.lines, document.empty) == ((), ((1, "value"), (2, "value")))


def test_stamp_duty_is_due_above_the_threshold():
    """R-000-24"""
    law = Decimal("77.47"), Decimal("2.00")

    assert invoice.stamp(Decimal("77.47"), *law) == 0
    assert invoice.stamp(Decimal("77.48"), *law) == Decimal("2.00")


def test_a_sponsor_s_share_of_own_coupons_is_a_document_of_its_own():
    """R-000-20 (B04): the issuer is credited 4.00 and pays 0.15 with its VAT, the other way round when the coupon is
    reversed: netted, 0.55 less 0.50 and 22 % of it would be an invoice below zero."""
    own = invoice.Part(1, invoice.OWN, 1, 1, Decimal("-4.00"), None)
    commission = invoice.Part(1, invoice.COMMISSION, 1, 1, Decimal("0.15"), None)

    spent = invoice.documents([own, commission])
    reversed_ = invoice.documents(
        [part._replace(redemption=2, amount=-part.amount, origin=9) for part in (own, commission)]
    )

    assert [(one.refund, one.total) for one in spent] == [(False, Decimal("0.15")), (True, Decimal("4.00"))]
    assert [(one.refund, one.total) for one in reversed_] == [(True, Decimal("0.15")), (False, Decimal("4.00"))]
