"""What the treasurer's file says, row by row."""

from datetime import date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rules_loader import load

payment_file = load("merchant_settlement", "payment_file")
sepa_text = load("merchant_settlement", "sepa_text")
rule = load("merchant_settlement", "cents")

TITLES = ["Riferimento", "Mandato", "Pagato il", "Esito", "Motivo", "Importo"]
cents = st.integers(0, 10**9).map(lambda number: Decimal(number) / 100)


def parse(*rows, titles=TITLES):
    return payment_file.parse(titles, list(enumerate(rows, 2)))


@given(cents)
def test_amounts_are_read_as_they_are_written(sum_):
    italian = f"{sum_:,.2f}".translate(str.maketrans(",.", ".,"))

    for cell in (sum_, f"{sum_:.2f}", f"{sum_:.2f}".replace(".", ","), f"{sum_:,.2f}", italian, f"€ {italian}"):
        assert payment_file.amount(cell) == sum_


@pytest.mark.parametrize("cell", ["1.234", "1,234", "1.23.4", "12,345.6.7", "", "-5", "=1+1", "abc", True, 1.005])
def test_unclear_amounts_are_refused(cell):
    with pytest.raises(ValueError, match=r".*"):
        payment_file.amount(cell)


@given(st.dates(date(2000, 1, 1)))
def test_days_are_read_as_they_are_written(day):
    cells = (day, datetime(day.year, day.month, day.day, 3), str(day), f"{day:%d/%m/%Y}", f"{day:%d-%m-%Y}")

    assert {payment_file.day(cell) for cell in cells} == {day}


def test_a_row_is_a_payment_order_a_payment_or_a_return():
    entries, faults = parse(
        ["a", 12.0, None, "", "", ""],
        ["b", "13", "20/05/2024", "", "", 66.25],
        ["c", "", date(2024, 5, 21), "Stornato", "conto  estinto", "1.234,50"],
    )

    assert not faults
    assert [tuple(entry) for entry in entries] == [
        (2, "a", "mandate", None, "12", "", None),
        (3, "b", "paid", date(2024, 5, 20), "13", "", Decimal("66.25")),
        (4, "c", "returned", date(2024, 5, 21), "", "conto estinto", Decimal("1234.50")),
    ]


def test_rows_without_news_are_left_alone():
    entries, faults = parse(["a", "", "", "", "", "66,25"], ["", None, None, None, None, "66,25"], [])

    assert (entries, faults) == ([], [])


@pytest.mark.parametrize(
    ("row", "code"),
    [
        (["", "1", "", "", "", ""], "no_reference"),
        (["a", "1", "32/05/2024", "", "", ""], "day"),
        (["a", "1", "", "pagato", "", ""], "no_day"),
        (["a", "1", "", "boh", "", ""], "outcome"),
        (["a", "1", "20/05/2024", "reso", "", ""], "no_reason"),
        (["a", "1", "", "", "", "1.234"], "amount"),
    ],
)
def test_faults_name_row_and_reason(row, code):
    entries, faults = parse(row)

    assert not entries
    assert [(fault.row, fault.code) for fault in faults] == [(2, code)]


def test_a_payment_is_named_once():
    entries, faults = parse(["a", "1", "", "", "", ""], ["a", "2", "", "", "", ""])

    assert [entry.row for entry in entries] == [2]
    assert [tuple(fault) for fault in faults] == [(3, "twice", "a (2)")]


def test_formulas_are_refused():
    class Formula(str):
        __slots__ = ()

    assert parse(["a", Formula("=A1"), "", "", "", ""])[1][0].code == "formula"


def test_columns_must_say_something():
    assert parse(titles=["Mandato"])[1][0].code == "no_reference_column"
    assert parse(titles=["Reference", "IBAN"])[1][0].code == "no_news_column"
    assert payment_file.known(["RIFERIMENTO", "N. mandato", "Data pagamento", "Colour", None]) == 3


@given(st.text(max_size=300), st.integers(1, 140))
def test_texts_for_banks_hold_only_what_banks_take(text, size):
    plain = sepa_text.plain(text, size)

    assert len(plain) <= size
    assert set(plain) <= set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789/-?:().,'+ ")
    assert "//" not in plain
    assert plain == plain.strip(" /")
    assert sepa_text.plain(plain, size) == plain


def test_accents_become_letters():
    assert sepa_text.plain("Però & Figli – “Groß”", 70) == "Pero Figli - Gross"


@given(st.integers(0, 10**9), st.integers(0, 10**9))
def test_binary_fractions_leave_no_trace(first, second):
    assert rule.cents(first / 100 + second / 100) == Decimal(first + second) / 100
    assert rule.cents(None) == 0
