"""Text messages (examples 4.6)."""

from decimal import Decimal as D

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rules_loader import load

sms = load("family_card", "sms_text")

PIN = (
    "%(sender)s: %(label)s n. %(number)s attiva. PIN %(pin)s. "
    "Non comunicarlo a nessuno tranne che all'operatore al momento dell'acquisto."
)
CREDIT = "%(label)s %(number)s: accredito %(period)s di EUR %(total)s: %(accounts)s. Spendibile fino al %(until)s."
CHARGE = (
    "%(label)s: spesa EUR %(total)s da %(shop)s il %(when)s, pagati con la card %(amount)s. "
    "Saldo %(account)s EUR %(balance)s. Op. %(reference)s"
)
VOUCHER = "%(sender)s: buono spesa usato EUR %(amount)s da %(shop)s. Credito residuo EUR %(balance)s."
SALE = {
    "label": "Family Card",
    "total": "30,00",
    "shop": "Alimentari Rossi",
    "when": "03/04/2024 10:15",
    "amount": "15,00",
    "account": "COMMERCIO",
    "balance": "41,25",
    "reference": "000456",
}


def test_s1_pin():
    """S1, 154 characters."""
    text = sms.fit(
        PIN,
        {"sender": "Comune di Corleto Perticara", "label": "Family Card", "number": "FC-2024-000123", "pin": "48213"},
        cut=("sender",),
    )

    assert text == (
        "Comune di Corleto Perticara: Family Card n. FC-2024-000123 attiva. PIN 48213. "
        "Non comunicarlo a nessuno tranne che all'operatore al momento dell'acquisto."
    )
    assert sms.length(text) == 154


def test_s2_credit():
    """S2, 156 characters."""
    accounts = [("COMMERCIO", D("56.25")), ("ARTIGIANATO", D("45.00")), ("SOMMINISTRAZIONE", D("11.25"))]
    text = sms.fit(
        CREDIT,
        {
            "label": "Family Card",
            "number": "FC-2024-000123",
            "period": "2 trim. 2024",
            "total": sms.money(D("112.50")),
            "accounts": sms.listing(accounts),
            "until": "31/12/2024",
        },
    )

    assert text == (
        "Family Card FC-2024-000123: accredito 2 trim. 2024 di EUR 112,50: COMMERCIO 56,25, ARTIGIANATO 45,00, "
        "SOMMINISTRAZIONE 11,25. Spendibile fino al 31/12/2024."
    )
    assert sms.length(text) == 156


def test_s3_charge():
    """S3, 133 characters."""
    text = sms.fit(CHARGE, SALE, cut=("shop",))

    assert text == (
        "Family Card: spesa EUR 30,00 da Alimentari Rossi il 03/04/2024 10:15, pagati con la card 15,00. "
        "Saldo COMMERCIO EUR 41,25. Op. 000456"
    )
    assert sms.length(text) == 133


def test_s4_voucher():
    """S4, 87 characters."""
    values = {"sender": "Comune di Lecce", "amount": "23,40", "shop": "Market Sud", "balance": "126,60"}
    text = sms.fit(VOUCHER, values, cut=("shop",))

    assert text == "Comune di Lecce: buono spesa usato EUR 23,40 da Market Sud. Credito residuo EUR 126,60."
    assert sms.length(text) == 87


@pytest.mark.parametrize(
    ("written", "sent"),
    [
        ("è 41,25 €", "è 41,25 EUR"),
        ("l’operazione – “Bar”", 'l\'operazione - "Bar"'),
        ("Caffè Città Perù", "Caffè Città Perù"),
        ("Größe Łódź ñandú", "Größe ?odz ñandu"),
        ("due\n righe\t e tab", "due righe e tab"),
        ("日本 🛒", "?? ?"),
    ],
)
def test_texts_are_brought_into_gsm7(written, sent):
    """One other character would halve the segment."""
    cleaned = sms.clean(written)

    assert sms.is_gsm7(cleaned)
    assert cleaned == sent


def test_a_long_shop_name_is_cut_and_no_amount():
    text = sms.fit(
        CHARGE, {**SALE, "shop": "Premiata Macelleria e Salumeria dei Fratelli Di Giovanni & Figli snc"}, cut=("shop",)
    )

    assert sms.length(text) <= 160
    assert "da Premiata Mac" in text
    for amount in ("30,00", "15,00", "41,25", "Op. 000456"):
        assert amount in text


def test_characters_of_the_extension_table_count_twice():
    assert sms.length("[Bar]") == 7


def test_what_cannot_be_cut_takes_a_second_segment():
    accounts = sms.listing([(f"CONTO{i}", D("1000.00")) for i in range(12)])

    text = sms.fit("%(label)s: %(accounts)s", {"label": "Family Card", "accounts": accounts}, cut=("label",))

    assert sms.segments(text) == 2
    assert text.count("1000,00") == 12


@pytest.mark.parametrize(("amount", "text"), [("0", "0,00"), ("41.25", "41,25"), ("1234567.8", "1234567,80")])
def test_money(amount, text):
    assert sms.money(D(amount)) == text
    assert sms.money(D(amount), ".") == text.replace(",", ".")


@given(st.text(max_size=300), st.text(max_size=60))
def test_any_name_gives_one_gsm7_segment_with_all_amounts(shop, label):
    """Names never break a message."""
    text = sms.fit(CHARGE, {**SALE, "shop": shop, "label": label}, cut=("shop", "label"))

    assert sms.is_gsm7(text)
    assert sms.segments(text) == 1
    assert "\n" not in text
    assert "pagati con la card 15,00. Saldo COMMERCIO EUR 41,25. Op. 000456" in text


@given(st.text(max_size=500))
def test_cleaning_twice_changes_nothing(text):
    once = sms.clean(text)
    assert sms.clean(once) == once


@pytest.mark.parametrize(
    ("label", "inside"),
    [("Buono spesa", "buono spesa"), ("Family Card", "Family Card"), ("BUONO", "BUONO"), ("", "")],
)
def test_a_label_within_a_sentence(label, inside):
    """S4: "Comune di Lecce: buono spesa usato …"; a name of its own keeps its capitals."""
    assert sms.in_sentence(label) == inside
