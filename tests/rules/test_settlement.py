"""Statements of merchants: months, stamp duty, shares, figures and digests (merchant_settlement)."""

from datetime import date, datetime
from decimal import Decimal
from hashlib import sha256
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rules_loader import load

calendar = load("merchant_settlement", "calendar")
chain = load("merchant_settlement", "chain")
shares = load("merchant_settlement", "shares")
stamp = load("merchant_settlement", "stamp")
statement = load("merchant_settlement", "statement")

ROME = "Europe/Rome"
LAW = statement.Law(Decimal("77.47"), Decimal("2.00"), "merchant")
ZERO = Decimal("0.00")

months = st.dates(date(2000, 1, 1), date(2099, 12, 31)).map(calendar.month_of)


def cents(low, high):
    """Amounts of whole cents, EUR."""
    return st.integers(low, high).map(lambda value: Decimal(value).scaleb(-2))


@pytest.mark.parametrize(("total", "duty"), [("66.25", "0.00"), ("77.47", "0.00"), ("77.48", "2.00")])
def test_stamp_duty_above_the_threshold(total, duty):
    """N1, N2."""
    assert stamp.stamp_duty(Decimal(total), LAW.stamp_threshold, LAW.stamp_amount) == Decimal(duty)


@pytest.mark.parametrize(("bearer", "paid"), [("body", "1236.56"), ("merchant", "1234.56")])
def test_who_bears_the_stamp(bearer, paid):
    """N3."""
    settled = statement.settle(Decimal("1234.56"), ZERO, ZERO, LAW._replace(borne_by=bearer))
    assert (settled.stamp, settled.payable) == (Decimal("2.00"), Decimal(paid))


def test_a_correction():
    """N4."""
    assert statement.settle(Decimal("300.00"), Decimal("-15.00"), ZERO, LAW).total == Decimal("285.00")


def test_below_zero_nothing_is_paid():
    """N6."""
    settled = statement.settle(ZERO, Decimal("-8.00"), ZERO, LAW)
    assert settled == (Decimal("-8.00"), ZERO, ZERO, "carried")
    assert statement.carried_on(settled.total) == Decimal("-8.00")


def test_split_by_shares():
    """N7."""
    assert shares.apportion(Decimal("66.25"), [Decimal(60), Decimal(40)]) == [Decimal("39.75"), Decimal("26.50")]


def test_cents_left_over_go_to_the_first():
    """R-001-05."""
    thirds = [Decimal("33.33"), Decimal("33.33"), Decimal("33.34")]
    assert shares.apportion(Decimal("0.05"), thirds) == [Decimal("0.02"), Decimal("0.02"), Decimal("0.01")]
    assert shares.apportion(Decimal("-0.05"), thirds) == [Decimal("-0.02"), Decimal("-0.02"), Decimal("-0.01")]


def test_shares_that_are_not_the_whole():
    """R-001-05."""
    with pytest.raises(ValueError, match="100"):
        shares.apportion(Decimal("10.00"), [Decimal(60)])


@st.composite
def percentages(draw):
    """Shares above zero that sum to 100.00."""
    cuts = sorted(set(draw(st.lists(st.integers(1, 9999), max_size=6))))
    return [Decimal(high - low).scaleb(-2) for low, high in zip([0, *cuts], [*cuts, 10000], strict=True)]


@given(cents(-10_000_000, 10_000_000), percentages())
def test_parts_sum_to_the_whole_and_are_off_by_less_than_a_cent(total, percents):
    """R-001-05."""
    parts = shares.apportion(total, percents)
    assert sum(parts) == total
    assert all(
        abs(part - total * percent / 100) < Decimal("0.02") for part, percent in zip(parts, percents, strict=True)
    )
    assert all(part == 0 or (part > 0) == (total > 0) for part in parts)


def settle_year(year, bearer, percents):
    """Settle months of (payments, refunds) one after the other and check that no cent is lost on the way."""
    law = LAW._replace(borne_by=bearer)
    carried = paid = stamps = ZERO
    for charges, refunds in year:
        charged, corrected = sum(charges, ZERO), -sum(refunds, ZERO)
        settled = statement.settle(charged, corrected, carried, law)
        assert settled.total == charged + corrected + carried
        assert (settled.state == "carried") == (settled.total <= 0) == (settled.payable == 0)
        assert sum(shares.apportion(settled.total, percents)) == settled.total
        carried = statement.carried_on(settled.total)
        paid += settled.payable
        stamps += settled.stamp if bearer == "body" else ZERO
    everything = sum((sum(charges, ZERO) - sum(refunds, ZERO) for charges, refunds in year), ZERO)
    assert paid - stamps + carried == everything


@given(
    st.lists(
        st.tuples(st.lists(cents(1, 60_000), max_size=8), st.lists(cents(1, 60_000), max_size=8)),
        min_size=1,
        max_size=6,
    ),
    st.sampled_from(["merchant", "body"]),
    percentages(),
)
def test_months_lose_no_cent(year, bearer, percents):
    """R-004-96: over months of payments and corrections, what was charged is what is paid and what is carried on."""
    settle_year(year, bearer, percents)


def test_ten_thousand_random_months():
    """R-004-96: the same over 10,000 months, always the same ones."""
    dice = Random(2024)  # noqa: S311 -- months to be made again, not a secret

    def amounts(most):
        return [Decimal(dice.randint(1, 60_000)).scaleb(-2) for _line in range(dice.randint(0, most))]

    for _year in range(1000):
        cut = dice.randint(1, 9999)
        percents = [Decimal(cut).scaleb(-2), Decimal(10000 - cut).scaleb(-2)]
        settle_year([(amounts(20), amounts(6)) for _month in range(10)], dice.choice(("merchant", "body")), percents)


@given(months)
def test_months_cover_time_without_gaps(month):
    """R-004-96: one month ends when the next begins, and its last day is the day before."""
    following = calendar.plus_months(month, 1)
    assert calendar.bounds(month, ROME)[1] == calendar.bounds(following, ROME)[0]
    assert (following - calendar.last_day(month)).days == 1
    assert calendar.plus_months(following, -1) == month
    assert calendar.pay_from(month, 0) == following


def test_a_month_in_rome():
    """R-004-96: in summer the day begins two hours before midnight UTC."""
    assert calendar.bounds(date(2024, 3, 1), ROME) == (datetime(2024, 2, 29, 23), datetime(2024, 3, 31, 22))
    assert calendar.bounds(date(2024, 12, 1), ROME) == (datetime(2024, 11, 30, 23), datetime(2024, 12, 31, 23))


def test_due_day():
    """N1, R-004-98."""
    assert calendar.due_on(date(2024, 4, 1), 5) == date(2024, 5, 5)
    assert calendar.due_on(date(2024, 12, 1), 5) == date(2025, 1, 5)
    assert calendar.pay_from(date(2024, 4, 1), 10) == date(2024, 5, 11)


LINE = chain.Line(
    "EC/2024/04/0001",
    1,
    "correction",
    7,
    "000123",
    datetime(2024, 4, 3, 8, 15, 0, 5),
    "RSS***01",
    2,
    Decimal("-15"),
    "000100",
    date(2024, 3, 1),
)
STATEMENT = chain.Statement(
    "",
    "EC/2024/04/0001",
    3,
    4,
    date(2024, 4, 1),
    Decimal("80.00"),
    Decimal("-1.00"),
    ZERO,
    Decimal("79.00"),
    Decimal("2.00"),
    "body",
    Decimal("81.00"),
    ((2, Decimal("40.00")), (1, Decimal("39.00"))),
)


def test_what_a_line_says():
    """R-004-96: the very text that is hashed, for whoever checks it with other means."""
    text = "EC/2024/04/0001|1|correction|7|000123|2024-04-03T08:15:00|RSS***01|2|-15.00|000100|2024-03-01"
    assert chain.line_hash(LINE) == sha256(text.encode()).hexdigest()


def test_what_a_carried_line_says():
    """R-004-96: nothing stands where there is nothing."""
    line = chain.Line(
        "E", 1, "carried", False, None, False, None, None, Decimal("-8"), "EC/2024/03/0001", date(2024, 3, 1)
    )
    assert chain.line_hash(line) == sha256(b"E|1|carried||||||-8.00|EC/2024/03/0001|2024-03-01").hexdigest()


def test_what_a_statement_says():
    """R-004-96: sources in order of their fund, whatever the order they come in."""
    lines = chain.lines_digest(["aa", "bb"])
    text = "|EC/2024/04/0001|3|4|2024-04-01|80.00|-1.00|0.00|79.00|2.00|body|81.00|1:39.00,2:40.00|" + lines
    assert lines == sha256(b"aabb").hexdigest()
    assert chain.statement_digest(STATEMENT, lines) == sha256(text.encode()).hexdigest()


@pytest.mark.parametrize("field", chain.Statement._fields)
def test_every_figure_of_a_statement_counts(field):
    """R-004-96: whatever is changed, the digest is another."""
    value = getattr(STATEMENT, field)
    changed = {str: "other", int: 99, date: date(2020, 1, 1), Decimal: Decimal("0.01"), tuple: ()}[type(value)]
    assert chain.statement_digest(STATEMENT._replace(**{field: changed}), "x") != chain.statement_digest(STATEMENT, "x")


@pytest.mark.parametrize("field", chain.Line._fields)
def test_everything_a_line_says_counts(field):
    """R-004-96."""
    value = getattr(LINE, field)
    changed = {str: "other", int: 99, date: date(2020, 1, 1), Decimal: Decimal("0.01"), datetime: datetime(2020, 1, 1)}
    assert chain.line_hash(LINE._replace(**{field: changed[type(value)]})) != chain.line_hash(LINE)
