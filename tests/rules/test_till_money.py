"""Money on the wire: text that becomes a Decimal, or a refusal (merchant_circuit)."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rules_loader import load

till = load("merchant_circuit", "till")

# what JSON can carry, and what a careless client makes of it
anything = (
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=70) | st.lists(st.text(), max_size=2)
)
cents = st.integers(-99_999_999_999, 99_999_999_999)
amounts = cents.map(lambda value: Decimal(value).scaleb(-2))


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("12", "12"),
        ("12.5", "12.5"),
        ("12.50", "12.50"),
        ("0.01", "0.01"),
        ("-3.20", "-3.20"),
        ("007.10", "7.10"),
        ("999999999.99", "999999999.99"),
    ],
)
def test_money_is_read_exactly(text, amount):
    """R-004-75: the wire carries text, the rules get a Decimal."""
    assert till.parse_money(text) == Decimal(amount)


@pytest.mark.parametrize(
    "value",
    [
        "",
        " 1",
        "1 ",
        "1\n",
        "+1",
        "1.",
        ".5",
        "1,50",
        "1.234",
        "1e3",
        "0x10",
        "1_000",
        "--1",
        "NaN",
        "nan",
        "sNaN",
        "Infinity",
        "-inf",
        "1000000000",
        "9" * 400,
        "1." + "0" * 40,
        "١٢.٥٠",  # Arabic-Indic digits: Decimal would take them
        "１２",  # full-width digits
        "1²",
        "−1",  # the typographic minus
        "€ 5",
        "12\x00",
        None,
        True,
        12,
        12.5,
        float("nan"),
        Decimal(12),
        b"12",
        ["12"],
        {"amount": "12"},
    ],
)
def test_what_is_not_an_amount_is_refused(value):
    """Bad input of issue 2: NaN, huge, floats and foreign digits are no amounts."""
    with pytest.raises(ValueError, match="amount"):
        till.parse_money(value)


@given(cents)
def test_every_amount_of_cents_survives_the_wire(value):
    """What the server writes with two decimals, it reads back unchanged."""
    amount = Decimal(value).scaleb(-2)
    read = till.parse_money(f"{amount:.2f}")
    assert isinstance(read, Decimal)
    assert read == amount


@given(anything)
def test_money_is_finite_and_of_two_decimals_or_refused(value):
    """No float, whatever it holds, and nothing that does not fit the database's column."""
    try:
        amount = till.parse_money(value)
    except ValueError:
        return
    assert isinstance(value, str)
    assert value.isascii()
    assert amount.is_finite()
    assert abs(amount) < 10**9
    assert amount == amount.quantize(Decimal("0.01"))


@given(st.floats())
def test_a_float_is_never_money(value):
    """House rule: money is never a float."""
    with pytest.raises(ValueError, match="amount"):
        till.parse_money(value)
