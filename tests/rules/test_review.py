"""Suspicious patterns: what each rule lists and what it leaves alone (Issue 4)."""

from datetime import datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rules_loader import load

facts = load("circuit_review", "facts")
patterns = load("circuit_review", "patterns")
windows = load("circuit_review", "windows")
AT = datetime(2026, 3, 2, 10)
LIMITS = facts.Parameters()


def payment(number, minutes=0, **changes):
    """A payment of 30.00, half by card, in the morning."""
    values = {
        "merchant": 1,
        "till": "till,1",
        "instrument": "card,1",
        "group": "home,1",
        "total": Decimal(30),
        "amount": Decimal(15),
        "left": Decimal(100),
        "minimum": Decimal(10),
    } | changes
    return facts.Payment(number, AT + timedelta(minutes=minutes), **values)


def kinds(*payments, refunds=(), failures=(), **limits):
    """Kinds of what is found."""
    return [
        finding.kind
        for finding in patterns.find(facts.Facts(payments, tuple(refunds), tuple(failures)), LIMITS._replace(**limits))
    ]


payments_of_a_month = st.lists(
    st.builds(
        lambda minutes, merchant, card, total, left: (minutes, merchant, card, Decimal(total), Decimal(left)),
        st.integers(0, 40000),
        st.integers(1, 6),
        st.integers(1, 5),
        st.integers(10, 60),
        st.sampled_from([0, 0, 50]),
    ),
    max_size=60,
).map(
    lambda rows: tuple(
        payment(
            number,
            minutes,
            merchant=merchant,
            instrument=f"card,{card}",
            group=f"home,{card // 2}",
            total=total,
            left=left,
        )
        for number, (minutes, merchant, card, total, left) in enumerate(rows)
    )
)
tight = facts.Parameters(
    merchants_count=2,
    split_count=2,
    maximum_count=2,
    maximum_share=10,
    household_times=1,
    night_count=2,
    refunds_count=2,
)


@given(payments_of_a_month, st.randoms(use_true_random=False))
def test_the_order_of_the_facts_does_not_matter(payments, random):
    """Issue 4: the same facts give the same findings."""
    mixed = list(payments)
    random.shuffle(mixed)

    assert patterns.find(facts.Facts(payments), tight) == patterns.find(facts.Facts(tuple(mixed)), tight)


@given(payments_of_a_month)
def test_every_finding_is_made_of_its_own_facts(payments):
    """Issue 4: a case names facts that happened, of its shop and card, in its time; nothing twice."""
    known = {row.id: row for row in payments}
    for finding in patterns.find(facts.Facts(payments), tight):
        rows = [known[one] for one in finding.payments]

        assert len(set(finding.payments)) == len(rows) == finding.figures["count"] > 0
        assert finding.merchant is None or {row.merchant for row in rows} == {finding.merchant}
        assert (finding.first, finding.last) == (min(row.at for row in rows), max(row.at for row in rows))
        assert 0 <= finding.score <= 100


@given(payments_of_a_month)
def test_facts_that_were_judged_are_not_found_again(payments):
    """Issue 4: without the facts of its findings a rule finds nothing about the same subject that it found before."""
    for kind, rule in (patterns.BY_INSTRUMENT | patterns.BY_MERCHANT).items():
        first = patterns.find(facts.Facts(payments), tight, {kind: rule})
        judged = {one for finding in first for one in finding.payments}
        rest = tuple(row for row in payments if row.id not in judged)
        again = patterns.find(facts.Facts(rest), tight, {kind: rule})

        assert not judged & {one for finding in again for one in finding.payments}


@given(payments_of_a_month)
def test_shops_do_not_disturb_each_other(payments):
    """Issue 4: a job may look at some shops at a time."""
    whole = patterns.find(facts.Facts(payments), tight, patterns.BY_MERCHANT)
    parts = [
        finding
        for shop in range(1, 7)
        for finding in patterns.find(
            facts.Facts(tuple(row for row in payments if row.merchant == shop)), tight, patterns.BY_MERCHANT
        )
    ]

    assert sorted(whole, key=str) == sorted(parts, key=str)


@given(payments_of_a_month)
def test_switched_off_is_off(payments):
    """Issue 4: each pattern has a switch."""
    off = {name: False for name in facts.Parameters._fields if name.endswith("_on")}

    assert patterns.find(facts.Facts(payments), tight._replace(**off)) == []


@given(st.lists(st.integers(0, 500), max_size=40), st.integers(1, 60), st.integers(2, 5))
def test_clusters_are_the_windows_that_have_enough(minutes, span, wanted):
    """Issue 4: against every pair of rows tried out."""
    rows = [payment(number, at) for number, at in enumerate(sorted(minutes))]
    found = windows.clusters(rows, timedelta(minutes=span), lambda window: len(window) >= wanted)
    inside = {row for cluster in found for row in cluster}

    for start, first in enumerate(rows):
        window = [row for row in rows[start:] if row.at - first.at <= timedelta(minutes=span)]
        if len(window) >= wanted:
            assert set(window) <= inside
    assert sum(len(cluster) for cluster in found) == len(inside)


def test_a_card_at_four_shops_in_a_quarter_of_an_hour_is_listed():
    """Issue 4: many merchants in minutes."""
    burst = [payment(shop, shop * 4, merchant=shop) for shop in range(4)]

    assert kinds(*burst) == ["merchants"]
    assert kinds(*burst[:3]) == []
    assert kinds(*[row._replace(at=AT + timedelta(minutes=20 * row.id)) for row in burst]) == []


def test_three_purchases_just_above_the_minimum_are_one_in_pieces():
    """Issue 4: splitting around the minimum."""
    pieces = [payment(number, number * 10, total=Decimal(11)) for number in range(3)]

    assert kinds(*pieces) == ["split"]
    assert kinds(*[row._replace(total=Decimal(30)) for row in pieces]) == []
    assert kinds(*[row._replace(minimum=None) for row in pieces]) == []


def test_a_shop_that_empties_accounts_is_listed():
    """Issue 4: always the maximum; one in five is usual at the end of a quarter."""
    emptied = [payment(number, number * 1440, left=Decimal(0), instrument=f"card,{number}") for number in range(10)]
    others = [payment(100 + number, number % 10 * 1440 + number) for number in range(40)]

    assert kinds(*emptied) == ["maximum"]
    assert kinds(*emptied, *others, household_on=False) == []


def test_cards_of_a_household_used_together_again_and_again_are_listed():
    """Issue 4: one household's cards at one shop."""

    def times(number):
        return [
            payment(week * 2 + card, week * 7 * 1440 + card * 5, instrument=f"card,{card}")
            for week in range(number)
            for card in range(2)
        ]

    assert kinds(*times(3)) == ["household"]
    assert kinds(*times(2)) == []
    assert kinds(*[row._replace(group=row.instrument) for row in times(3)]) == []


def test_codes_tried_at_a_till_are_listed_unless_it_sells_as_much():
    """Issue 4: PIN failures at one till."""
    tried = [facts.Failure(number, AT + timedelta(minutes=number), 1, "till,1") for number in range(20)]
    sold = [payment(number, number / 2, instrument=f"card,{number}", group=f"home,{number}") for number in range(40)]

    assert kinds(failures=tried) == ["failures"]
    assert kinds(failures=tried[:9]) == []
    assert kinds(*sold, failures=tried, merchants_on=False) == []


@pytest.mark.parametrize(("hour", "listed"), [(23, True), (2, True), (5, True), (6, False), (21, False)])
def test_payments_at_night_are_listed_unless_the_shop_sells_then(hour, listed):
    """Issue 4: payments while shops are closed."""
    nights = tuple(
        payment(day)._replace(at=datetime(2026, 3, 2 + day, hour, 30), instrument=f"card,{day}") for day in range(3)
    )

    assert kinds(*nights) == (["night"] if listed else [])
    assert patterns.find(facts.Facts(nights, open_at_night=frozenset({1})), LIMITS) == []


def test_many_refunds_are_listed():
    """Issue 4: many reversals at one shop."""
    refunds = [facts.Refund(500 + day, AT + timedelta(days=day), 1, f"card,{day}") for day in range(6)]
    sold = [payment(number, number % 10 * 1440 + number) for number in range(40)]

    assert kinds(*sold[:10], refunds=refunds) == ["refunds"]
    assert kinds(*sold, refunds=refunds) == []
